"""The level of every namespace, as the API server enforces it: each restricted workload with one control broken."""

import copy
import re
from collections import Counter

import pytest

from manifests import tenant
from settings.pod_security import CONTROLS, violations
from tests.cluster.control_plane.client import ApiError
from tests.cluster.estate import apply
from tests.cluster.refusals import said
from tests.manifests import samples

CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")


def pod(change):
    return lambda spec: spec.update(change)


def host_path(spec):
    spec.setdefault("volumes", []).append({"name": "host", "hostPath": {"path": "/"}})


def pod_context(change):
    return lambda spec: spec["securityContext"].update(change)


def container(change):
    return lambda spec: spec["containers"][0]["securityContext"].update(change)


def host_network(spec):
    spec["hostNetwork"] = True
    spec["securityContext"].pop("sysctls", None)  # a sysctl of the network would be the host's


def unmasked(spec):
    spec["hostUsers"] = False  # else it is invalid before it is forbidden
    spec["containers"][0]["securityContext"]["procMount"] = "Unmasked"


def no_seccomp(spec):
    for at in (spec, *spec["containers"]):
        at["securityContext"].pop("seccompProfile", None)


def as_root_allowed(spec):
    for at in (spec, *spec["containers"]):
        at["securityContext"].pop("runAsNonRoot", None)


def host_port(spec):
    spec["containers"][0]["ports"] = [{"containerPort": 8080, "hostPort": 8080}]


BROKEN = {
    "privileged": (container({"privileged": True, "allowPrivilegeEscalation": True}), "privileged"),
    "hostNetwork": (host_network, "host namespaces"),
    "hostPID": (pod({"hostPID": True}), "host namespaces"),
    "hostIPC": (pod({"hostIPC": True}), "host namespaces"),
    "hostPath": (host_path, "hostPath|restricted volume types"),
    "hostPort": (host_port, "hostPort"),
    "runAsNonRoot": (as_root_allowed, "runAsNonRoot"),
    "runAsUser": (container({"runAsUser": 0}), "runAsUser=0"),
    "allowPrivilegeEscalation": (
        container({"allowPrivilegeEscalation": True}),
        "allowPrivilegeEscalation",
    ),
    "capability added": (
        container({"capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN"]}}),
        "capabilities",
    ),
    "capabilities kept": (container({"capabilities": {}}), "unrestricted capabilities"),
    "seccomp missing": (no_seccomp, "seccompProfile"),
    "seccomp off": (
        container({"seccompProfile": {"type": "Unconfined"}}),
        "seccompProfile|[sS]eccomp",
    ),
    "AppArmor off": (container({"appArmorProfile": {"type": "Unconfined"}}), "AppArmor|appArmor"),
    "SELinux type": (container({"seLinuxOptions": {"type": "unconfined_t"}}), "seLinux"),
    "procMount": (unmasked, "procMount"),
    "sysctl": (
        pod_context({"sysctls": [{"name": "kernel.msgmax", "value": "65536"}]}),
        "sysctl",
    ),
}


def levels_of(estate):
    """The level of each tenant, as rendered."""
    labels = {
        it["metadata"]["name"]: it["metadata"]["labels"] for it in estate.of_kind("Namespace")
    }
    return {
        name: labels[name][f"{tenant.POD_SECURITY}/enforce"] for name in estate.settings.namespaces
    }


def restricted(estate):
    """Name, namespace and pod spec of every workload in a namespace that enforces restricted."""
    levels = levels_of(estate)
    for it in estate.of_kind(*CONTROLLERS):
        namespace = it["metadata"]["namespace"]
        if levels[namespace] == "restricted":
            spec = it["spec"]["jobTemplate"]["spec"] if it["kind"] == "CronJob" else it["spec"]
            template = copy.deepcopy(spec["template"])
            claims = spec.get("volumeClaimTemplates", ())
            template["spec"].setdefault("volumes", []).extend(
                {"name": claim["metadata"]["name"], "emptyDir": {}} for claim in claims
            )
            yield it["metadata"]["name"], namespace, template


def create(estate, namespace, template, *, name="probe"):
    """What the server would make of a pod; nothing is stored."""
    body = copy.deepcopy(template)
    body["metadata"] = {"name": name, "labels": body["metadata"].get("labels", {})}
    body["spec"].setdefault("restartPolicy", "Always")
    path = f"/api/v1/namespaces/{namespace}/pods?dryRun=All"
    return estate.api.request("POST", path, {"apiVersion": "v1", "kind": "Pod", **body})


def refusal(estate, namespace, template):
    try:
        create(estate, namespace, template)
    except ApiError as error:
        if error.code != 403:
            raise
        return error.message
    return ""


def ours(estate, namespace, template):
    """Reasons of the controls that our own analysis names, as the server words and orders them."""
    level = levels_of(estate)[namespace]
    minor = int(estate.settings.cluster.kubernetes_version.partition(".")[2])
    reasons = {it.id: it.reason for it in CONTROLS}
    found = violations(template.get("metadata"), template["spec"], level, minor)
    return list(dict.fromkeys(reasons[it.control] for it in found))


def disagreement(estate, namespace, template):
    """Our reasons and the server's words, where the two do not say the same."""
    text = refusal(estate, namespace, template)
    theirs = [reason for reason, _ in said(text, template["spec"])]
    own = ours(estate, namespace, template)
    return None if own == theirs else (own, text)


def test_our_analysis_says_of_every_workload_and_every_broken_control_what_the_server_says(estate):
    found, count = [], 0
    for name, namespace, template in restricted(estate):
        for control, breaks in ((None, None), *((key, it[0]) for key, it in BROKEN.items())):
            broken = copy.deepcopy(template)
            if breaks:
                breaks(broken["spec"])
            found.append((name, control, disagreement(estate, namespace, broken)))
            count += 1

    assert [it for it in found if it[2]] == []
    assert count >= 8 * len(BROKEN)


def test_every_restricted_workload_passes_as_it_is(estate):
    found = {name: refusal(estate, space, it) for name, space, it in restricted(estate)}

    assert len(found) >= 8
    assert {name: it for name, it in found.items() if it} == {}


@pytest.mark.parametrize("control", BROKEN)
def test_a_workload_that_breaks_one_control_is_refused_for_that(estate, control):
    breaks, words = BROKEN[control]
    for name, namespace, template in restricted(estate):
        broken = copy.deepcopy(template)
        breaks(broken["spec"])
        said = refusal(estate, namespace, broken)
        assert "violates PodSecurity" in said, (name, said or "accepted")
        assert any(word in said for word in words.split("|")), (name, said)


BEYOND = {"restricted": "seccomp missing", "baseline": "hostPath"}
"""A control that the level has and the next one has not."""

WITHIN = {"baseline": "seccomp missing", "privileged": "privileged"}
"""A control that the level lacks and the one before has."""


def probe(estate, control=None):
    """A restricted pod with one control broken, that any namespace could run."""
    template = next(restricted(estate))[2]
    del template["spec"]["serviceAccountName"]
    if control:
        BROKEN[control][0](template["spec"])
    return template


def off_level(estate, namespace, level):
    """What `namespace` refuses or accepts unlike `level`."""
    found = []
    for control, refused in ((BEYOND.get(level), True), (WITHIN.get(level), False)):
        if control or not refused:
            said = refusal(estate, namespace, probe(estate, control))
            if said and "violates PodSecurity" not in said:
                found.append(said)
            elif bool(said) is not refused:
                found.append(f"{control}: {said or 'accepted'}")
    return found


def test_each_namespace_enforces_its_level_and_no_other(estate):
    for name, level in levels_of(estate).items():
        assert off_level(estate, name, level) == [], name


@pytest.fixture
def of_level(prod, namespace):
    """Applies a tenant as settings make it, some modes as they do not, and waits until pods have an account."""
    made = []

    def of_level(level, **modes):
        reason = {} if level == "restricted" else {"podSecurityReason": "nothing else runs here"}
        tenants = {namespace: {"quota": samples.QUOTA, "podSecurity": level, **reason}}
        settings = samples.stack(namespaces=tenants)
        for part in tenant.parts(settings, namespace, samples.values(settings)):
            if part.role == "namespace":
                part.manifest["metadata"]["labels"] |= {
                    f"{tenant.POD_SECURITY}/{mode}": other for mode, other in modes.items()
                }
            made.append(part.manifest)
            apply(prod.api, part.manifest)
        account = f"/api/v1/namespaces/{namespace}/serviceaccounts/default"
        prod.plane.wait_for("the default service account", lambda: prod.api.get(account))
        return namespace

    yield of_level
    prod.api.request("DELETE", prod.api.path(made[0]))


@pytest.mark.parametrize(
    ("level", "enforced", "noticed"),
    [
        ("restricted", "baseline", "seccomp missing: accepted"),
        ("baseline", "privileged", "hostPath: accepted"),
        ("privileged", "restricted", "privileged: .* violates PodSecurity"),
    ],
)
def test_a_namespace_that_enforces_another_level_is_noticed(
    prod, of_level, level, enforced, noticed
):
    [found] = off_level(prod, of_level(level, enforce=enforced), level)

    assert re.match(noticed, found)


def evaluations(api, mode):
    """How many pods and pod templates one mode of pod security objected to, by level, so far."""
    found = Counter()
    for line in api.get("/metrics").splitlines():
        if line.startswith("pod_security_evaluations_total{"):
            labels = dict(re.findall(r'(\w+)="([^"]*)"', line))
            if (labels["mode"], labels["decision"]) == (mode, "deny"):
                found[labels["policy_level"]] += float(line.rpartition(" ")[2])
    return found


def answers(estate, namespace, control=None):
    """The levels by which a pod with one control broken is refused, its Deployment warned of and audited."""
    template = probe(estate, control)
    enforced = re.findall(r'PodSecurity "(\w+):', refusal(estate, namespace, template))
    template["metadata"] = {"labels": {"app": "probe"}}
    template["spec"]["restartPolicy"] = "Always"
    body = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "probe"},
        "spec": {"selector": {"matchLabels": {"app": "probe"}}, "template": template},
    }
    before = evaluations(estate.api, "audit")
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments?dryRun=All"
    estate.api.request("POST", path, body)
    warned = re.findall(r'would violate PodSecurity \\?"(\w+):', " ".join(estate.api.warnings))
    return enforced, warned, [*(evaluations(estate.api, "audit") - before)]


BASELINE = {
    None: ([], [], []),
    "seccomp missing": ([], [], ["restricted"]),
    "hostPath": (["baseline"], ["baseline"], ["restricted"]),
    "privileged": (["baseline"], ["baseline"], ["restricted"]),
}


def test_a_baseline_namespace_accepts_refuses_warns_and_audits_as_its_settings_say(prod, of_level):
    namespace = of_level("baseline")

    assert {it: answers(prod, namespace, it) for it in BASELINE} == BASELINE


@pytest.mark.parametrize(
    ("mode", "other", "noticed"),
    [
        ("enforce", "restricted", {"seccomp missing", "hostPath", "privileged"}),
        ("warn", "privileged", {"hostPath", "privileged"}),
        ("audit", "baseline", {"seccomp missing", "hostPath", "privileged"}),
    ],
)
def test_a_mode_at_another_level_is_noticed(prod, of_level, mode, other, noticed):
    namespace = of_level("baseline", **{mode: other})

    found = {it: answers(prod, namespace, it) for it in BASELINE}

    assert {it for it in BASELINE if found[it] != BASELINE[it]} == noticed


def test_the_ingress_namespace_refuses_a_privileged_pod(prod):
    space = prod.settings.ingress.namespace

    assert "violates PodSecurity" in refusal(prod, space, probe(prod, "privileged"))
