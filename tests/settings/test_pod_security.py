"""Each control of Pod Security: what it refuses, what it lets pass, and from which minor on."""

import copy

import pytest

from settings.pod_security import (
    CONTROLS,
    LEVELS,
    NEWEST,
    REMEDIES,
    active,
    least_level,
    level_of,
    violations,
)

SECURE = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
SYSCTL = "net.ipv4.tcp_rmem"
APPARMOR = "container.apparmor.security.beta.kubernetes.io/web"
SECCOMP = "container.seccomp.security.alpha.kubernetes.io/web"


def pod(*, container=None, fields=None, security=None, annotations=None, **spec):
    """Metadata and spec of a restricted pod with more in its container, its securityContexts or its spec."""
    web = {
        "name": "web",
        "securityContext": {**copy.deepcopy(SECURE), **(container or {})},
        **(fields or {}),
    }
    more = {"securityContext": security} if security else {}
    return {"annotations": annotations or {}}, {"containers": [web], **more, **spec}


def without(key):
    _, spec = pod()
    del spec["containers"][0]["securityContext"][key]
    return {}, spec


def found(given, level="restricted", minor=35):
    return [(it.control, it.path) for it in violations(*given, level, minor)]


def context(key):
    return f"spec.containers[0].securityContext.{key}"


WINDOWS = {"windowsOptions": {"hostProcess": True}}
HOST = {"httpGet": {"host": "10.0.0.1", "port": 80}}
PORT = {"ports": [{"containerPort": 80, "hostPort": 80}]}
BASELINE = [
    (
        "appArmorProfile",
        pod(container={"appArmorProfile": {"type": "Unconfined"}}),
        context("appArmorProfile.type"),
    ),
    (
        "appArmorProfile",
        pod(security={"appArmorProfile": {"type": "Unconfined"}}),
        "spec.securityContext.appArmorProfile.type",
    ),
    (
        "appArmorProfile",
        pod(annotations={APPARMOR: "unconfined"}),
        f'metadata.annotations["{APPARMOR}"]',
    ),
    (
        "capabilities_baseline",
        pod(container={"capabilities": {"add": ["KILL", "NET_RAW"]}}),
        context("capabilities.add[1]"),
    ),
    ("hostNamespaces", pod(hostNetwork=True), "spec.hostNetwork"),
    ("hostNamespaces", pod(hostPID=True), "spec.hostPID"),
    ("hostNamespaces", pod(hostIPC=True), "spec.hostIPC"),
    (
        "hostPathVolumes",
        pod(volumes=[{"name": "a", "emptyDir": {}}, {"name": "v", "hostPath": {}}]),
        "spec.volumes[1].hostPath",
    ),
    ("hostPorts", pod(fields=PORT), "spec.containers[0].ports[0].hostPort"),
    (
        "hostProbesAndHostLifecycle",
        pod(fields={"livenessProbe": HOST}),
        "spec.containers[0].livenessProbe.httpGet.host",
    ),
    (
        "hostProbesAndHostLifecycle",
        pod(fields={"lifecycle": {"preStop": HOST}}),
        "spec.containers[0].lifecycle.preStop.httpGet.host",
    ),
    ("privileged", pod(container={"privileged": True}), context("privileged")),
    ("procMount", pod(container={"procMount": "Unmasked"}), context("procMount")),
    (
        "seLinuxOptions",
        pod(container={"seLinuxOptions": {"type": "spc_t"}}),
        context("seLinuxOptions.type"),
    ),
    (
        "seLinuxOptions",
        pod(security={"seLinuxOptions": {"user": "u"}}),
        "spec.securityContext.seLinuxOptions.user",
    ),
    (
        "seccompProfile_baseline",
        pod(container={"seccompProfile": {"type": "Unconfined"}}),
        context("seccompProfile.type"),
    ),
    (
        "sysctls",
        pod(security={"sysctls": [{"name": SYSCTL}, {"name": "kernel.msgmax"}]}),
        "spec.securityContext.sysctls[1].name",
    ),
    ("windowsHostProcess", pod(container=WINDOWS), context("windowsOptions.hostProcess")),
]
RESTRICTED = [
    (
        "allowPrivilegeEscalation",
        without("allowPrivilegeEscalation"),
        context("allowPrivilegeEscalation"),
    ),
    ("capabilities_restricted", without("capabilities"), context("capabilities.drop")),
    (
        "capabilities_restricted",
        pod(container={"capabilities": {"drop": ["ALL"], "add": ["CHOWN"]}}),
        context("capabilities.add[0]"),
    ),
    (
        "procMount_restricted",
        pod(container={"procMount": "Unmasked"}, hostUsers=False),
        context("procMount"),
    ),
    ("restrictedVolumes", pod(volumes=[{"name": "v", "nfs": {}}]), "spec.volumes[0].nfs"),
    ("runAsNonRoot", without("runAsNonRoot"), context("runAsNonRoot")),
    ("runAsNonRoot", pod(security={"runAsNonRoot": False}), "spec.securityContext.runAsNonRoot"),
    ("runAsUser", pod(container={"runAsUser": 0}), context("runAsUser")),
    ("runAsUser", pod(security={"runAsUser": 0}), "spec.securityContext.runAsUser"),
    ("seccompProfile_restricted", without("seccompProfile"), context("seccompProfile.type")),
]


@pytest.mark.parametrize(("control", "given", "path"), BASELINE)
def test_baseline_refuses_and_names_the_control_and_the_place(control, given, path):
    assert found(given, "baseline") == [(control, path)]


@pytest.mark.parametrize(("control", "given", "path"), RESTRICTED)
def test_restricted_alone_refuses_and_names_the_control_and_the_place(control, given, path):
    assert (control, path) in found(given)
    assert found(given, "baseline") == []


def test_every_control_has_a_sentence_here_and_a_remedy():
    told = {control for control, *_ in (*BASELINE, *RESTRICTED)}

    assert told == {it.id for it in CONTROLS} == {*REMEDIES}
    assert all(REMEDIES.values())


@pytest.mark.parametrize("level", LEVELS)
def test_a_pod_with_everything_restricted_wants_passes_every_level(level):
    assert all(not found(pod(), level, minor) for minor in range(NEWEST + 1))


@pytest.mark.parametrize("given", [given for _, given, _ in (*BASELINE, *RESTRICTED)])
def test_privileged_refuses_nothing(given):
    assert found(given, "privileged") == []


@pytest.mark.parametrize(
    "given",
    [
        pod(security={key: SECURE[key] for key in ("runAsNonRoot", "seccompProfile")}),
        pod(container={"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}}),
        pod(container={"runAsUser": 1000, "procMount": "Default", "privileged": False}),
        pod(container={"seLinuxOptions": {"type": "container_t", "level": "s0:c1"}}),
        pod(container={"appArmorProfile": {"type": "Localhost", "localhostProfile": "a"}}),
        pod(fields={"livenessProbe": {"httpGet": {"host": "", "port": 80}}}),
        pod(fields={"ports": [{"containerPort": 80, "hostPort": 0}]}),
        pod(volumes=[{"name": "v"}, {"name": "i", "image": {"reference": "i"}}]),
        pod(annotations={APPARMOR: "localhost/a", SECCOMP: "unconfined"}),
        pod(hostNetwork=False, hostPID=False, hostUsers=True),
    ],
)
def test_what_restricted_allows_passes(given):
    assert found(given) == []


@pytest.mark.parametrize(
    ("given", "control", "level", "minor"),
    [
        (pod(fields={"livenessProbe": HOST}), "hostProbesAndHostLifecycle", "baseline", 34),
        (without("allowPrivilegeEscalation"), "allowPrivilegeEscalation", "restricted", 8),
        (without("seccompProfile"), "seccompProfile_restricted", "restricted", 19),
        (without("capabilities"), "capabilities_restricted", "restricted", 22),
        (pod(container={"runAsUser": 0}), "runAsUser", "restricted", 23),
    ],
)
def test_a_control_begins_with_its_minor(given, control, level, minor):
    assert control in dict(found(given, level, minor))
    assert control not in dict(found(given, level, minor - 1))


@pytest.mark.parametrize(
    ("given", "level", "minor"),
    [
        (pod(security={"sysctls": [{"name": "net.ipv4.ip_local_reserved_ports"}]}), "baseline", 27),
        (pod(security={"sysctls": [{"name": "net.ipv4.tcp_keepalive_time"}]}), "baseline", 29),
        (pod(security={"sysctls": [{"name": SYSCTL}]}), "baseline", 32),
        (pod(security={"sysctls": [{"name": "net.ipv4.tcp_notsent_lowat"}]}), "baseline", 37),
        (pod(container={"seLinuxOptions": {"type": "container_engine_t"}}), "baseline", 31),
        (pod(container={"procMount": "Unmasked"}, hostUsers=False), "baseline", 35),
        (pod(container={"runAsUser": 0, "runAsNonRoot": False}, hostUsers=False), "restricted", 35),
        (pod(annotations={SECCOMP: "unconfined"}), "baseline", 19),
        (({}, {"os": {"name": "windows"}, "securityContext": {"runAsNonRoot": True},
               "containers": [{"name": "web"}]}), "restricted", 25),
    ],
)  # fmt: skip
def test_a_rule_is_relaxed_from_its_minor_on(given, level, minor):
    assert found(given, level, minor) == []
    assert found(given, level, minor - 1)


@pytest.mark.parametrize("key", ["initContainers", "ephemeralContainers"])
def test_init_and_ephemeral_containers_count(key):
    metadata, spec = pod()
    spec[key] = [{"name": "other", "securityContext": {**SECURE, "privileged": True}}]

    assert found((metadata, spec)) == [("privileged", f"spec.{key}[0].securityContext.privileged")]


def test_on_the_network_of_the_host_every_container_port_is_one_of_the_host():
    given = pod(hostNetwork=True, fields={"ports": [{"containerPort": 8080}]})

    assert ("hostPorts", "spec.containers[0].ports[0].containerPort") in found(given)


def test_a_container_that_says_false_is_named_before_those_that_say_nothing():
    metadata, spec = pod(container={"runAsNonRoot": False})
    spec["containers"].append({"name": "other", "securityContext": {**SECURE, "runAsNonRoot": None}})  # fmt: skip

    assert found((metadata, spec)) == [("runAsNonRoot", context("runAsNonRoot"))]


def test_messages_are_those_of_the_api_server():
    [it] = violations(*without("runAsNonRoot"), "restricted", 35)

    assert it.message == 'pod or container "web" must set securityContext.runAsNonRoot=true'
    assert it.who == "web"


def test_restricted_replaces_the_weaker_controls_of_baseline():
    ids = {minor: [it.id for it in active("restricted", minor)] for minor in (18, 21, 35)}

    assert "seccompProfile_baseline" in ids[18]
    assert "capabilities_baseline" in ids[21]
    replaced = {"capabilities_baseline", "hostPathVolumes", "procMount", "seccompProfile_baseline"}
    assert not replaced & {*ids[35]}


def test_a_version_that_is_not_out_yet_is_taken_for_the_newest():
    given = pod(security={"sysctls": [{"name": "net.ipv4.tcp_notsent_lowat"}]})

    assert found(given, "baseline", NEWEST + 10) == found(given, "baseline", None) == []


@pytest.mark.parametrize(
    ("given", "level"),
    [
        (pod(), "restricted"),
        (without("runAsNonRoot"), "baseline"),
        (pod(hostPID=True), "privileged"),
    ],
)
def test_the_level_of_a_pod_is_the_strictest_that_allows_it(given, level):
    assert level_of(*given, 35) == level


def test_the_least_level_of_a_namespace_allows_all_its_pods_and_no_more():
    assert least_level([]) == "restricted"
    assert least_level([pod(), without("runAsNonRoot")], 35) == "baseline"
    assert least_level(iter([pod(hostPID=True), pod()]), 35) == "privileged"


def test_the_least_level_depends_on_the_version():
    given = [pod(fields={"livenessProbe": HOST})]

    assert (least_level(given, 33), least_level(given, 34)) == ("restricted", "privileged")


ODD = [None, True, 0, 1, "", "text", [], {}, [None], [[]], [{}], {"type": {}}, {"name": []}, ["a"],
       {"$unknown": True}]  # fmt: skip
KEYS = (
    "securityContext", "containers", "initContainers", "volumes", "os", "hostNetwork", "hostUsers",
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_whatever_stands_in_a_pod_is_judged_without_an_error(odd):
    for level in LEVELS:
        violations(odd, odd, level)
        for key in KEYS:
            violations({"annotations": odd}, {**pod()[1], key: odd}, level)
        for key in ("sysctls", "seLinuxOptions", "seccompProfile", "appArmorProfile", "windowsOptions"):  # fmt: skip
            violations(*pod(security={key: odd}), level)
        for key in (*SECURE, "procMount", "runAsUser", "privileged"):
            violations(*pod(container={key: odd}), level)
        for key in ("name", "ports", "livenessProbe", "lifecycle", "securityContext"):
            violations(*pod(fields={key: odd}), level)
        violations(*pod(security={"sysctls": [{"name": odd}]}), level)
        violations(*pod(annotations={APPARMOR: odd, SECCOMP: odd}), level, 18)


def test_a_value_that_only_a_deployment_tells_does_not_pass_for_a_safe_one():
    unknown = {"$unknown": True}

    assert found(pod(container={"privileged": unknown}))
    assert found(pod(container={"runAsNonRoot": unknown}))
    assert found(pod(hostPID=unknown))


def test_a_message_stays_on_one_line():
    given = pod(container={"procMount": "a\nb\x1b[31m" + "x" * 999})

    [it] = violations(*given, "baseline", 35)
    assert it.message.isprintable()
    assert len(it.message) < 400
