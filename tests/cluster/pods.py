"""Pods for the Pod Security oracle: every field that a control reads, inside and outside, valid for the API server."""

import copy

from hypothesis import strategies as st

RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
CAPABILITIES = ("NET_BIND_SERVICE", "CHOWN", "KILL", "SYS_CHROOT", "AUDIT_WRITE", "NET_RAW", "NET_ADMIN", "SYS_TIME",
                "ALL", "CAP_CHOWN", "MKNOD", "SETFCAP", "chown")  # fmt: skip
SYSCTLS = (
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
    "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem", "net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat", "kernel.msgmax",
    "net.core.somaxconn", "fs.mqueue.msg_max", "vm.swappiness",
)  # fmt: skip
HOSTS = ("10.0.0.1", "localhost", "127.0.0.1", "elsewhere.example", "")
SELINUX_TYPES = (
    "container_t",
    "container_init_t",
    "container_kvm_t",
    "container_engine_t",
    "unconfined_t",
    "spc_t",
    "",
)
PROFILES = (
    {"type": "RuntimeDefault"}, {"type": "Localhost", "localhostProfile": "it.json"}, {"type": "Unconfined"},
)  # fmt: skip
VOLUMES = {
    "configMap": {"name": "it"},
    "secret": {"secretName": "it"},
    "emptyDir": {},
    "downwardAPI": {"items": []},
    "projected": {"sources": []},
    "csi": {"driver": "it.example"},
    "ephemeral": {
        "volumeClaimTemplate": {
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": "1Gi"}},
            }
        }
    },
    "persistentVolumeClaim": {"claimName": "it"},
    "image": {"reference": "it:1"},
    "hostPath": {"path": "/it"},
    "gcePersistentDisk": {"pdName": "it"},
    "awsElasticBlockStore": {"volumeID": "it"},
    "gitRepo": {"repository": "it"},
    "nfs": {"server": "it", "path": "/it"},
    "iscsi": {"targetPortal": "1.2.3.4:3260", "iqn": "iqn.2001-04.com.example:it", "lun": 0},
    "glusterfs": {"endpoints": "it", "path": "it"},
    "rbd": {"monitors": ["it"], "image": "it"},
    "flexVolume": {"driver": "it/it"},
    "cinder": {"volumeID": "it"},
    "cephfs": {"monitors": ["it"]},
    "flocker": {"datasetName": "it"},
    "fc": {"targetWWNs": ["it"], "lun": 0},
    "azureFile": {"secretName": "it", "shareName": "it"},
    "vsphereVolume": {"volumePath": "it"},
    "quobyte": {"registry": "it:1", "volume": "it"},
    "azureDisk": {"diskName": "it", "diskURI": "/subscriptions/it", "kind": "Managed"},
    "photonPersistentDisk": {"pdID": "it"},
    "portworxVolume": {"volumeID": "it"},
    "scaleIO": {"gateway": "it", "system": "it", "secretRef": {"name": "it"}, "volumeName": "it"},
    "storageos": {"volumeName": "it", "volumeNamespace": "it"},
    None: None,
}
"""Each source that a volume can have, and none."""

WINDOWS_MUST_NOT = ("appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "privileged", "procMount",
                    "allowPrivilegeEscalation", "runAsUser", "sysctls")  # fmt: skip

ACTIONS = ("httpGet", "tcpSocket")
HOOKS = ("livenessProbe", "readinessProbe", "startupProbe", "postStart", "preStop")


def _context(spec, value, key):
    """Sets `key` of a securityContext; None takes it away."""
    context = spec.setdefault("securityContext", {})
    if value is None:
        context.pop(key, None)
    else:
        context[key] = copy.deepcopy(value)


def _of_pod(draw, pod, key, values):
    _context(pod["spec"], draw(st.sampled_from((None, *values))), key)


def _of_container(draw, pod, key, values):
    _context(draw(st.sampled_from(_containers(pod))), draw(st.sampled_from((None, *values))), key)


def _of_either(key, values):
    def change(draw, pod):
        (_of_pod if draw(st.booleans()) else _of_container)(draw, pod, key, values)

    return change


def _of_one(key, values):
    return lambda draw, pod: _of_container(draw, pod, key, values)


def _of_spec(key, values):
    def change(draw, pod):
        pod["spec"][key] = draw(st.sampled_from(values))

    return change


def _containers(pod):
    return [*pod["spec"].get("initContainers", ()), *pod["spec"]["containers"]]


def _capabilities(draw, pod):
    names = st.lists(st.sampled_from(CAPABILITIES), max_size=3)
    given = {"add": draw(names), "drop": draw(st.sampled_from((["ALL"], ["ALL"], ["KILL"], [])))}
    for key in ("add", "drop"):
        if draw(st.integers(0, 4)) == 0:
            given.pop(key)
    _context(draw(st.sampled_from(_containers(pod))), draw(st.sampled_from((given, {}))), "capabilities")  # fmt: skip


def _selinux(draw, pod):
    words = {"type": SELINUX_TYPES, "user": ("it_u", ""), "role": ("it_r", ""), "level": ("s0",)}
    keys = draw(st.lists(st.sampled_from(("type", "type", *words)), max_size=3))
    given = {key: draw(st.sampled_from(words[key])) for key in keys}
    at = draw(st.sampled_from((pod["spec"], *_containers(pod))))
    _context(at, given, "seLinuxOptions")


def _sysctls(draw, pod):
    names = draw(st.lists(st.sampled_from(SYSCTLS), min_size=1, max_size=3, unique=True))
    _context(pod["spec"], [{"name": it, "value": "1"} for it in names], "sysctls")


def _volumes(draw, pod):
    sources = draw(st.lists(st.sampled_from([*VOLUMES]), min_size=1, max_size=3))
    pod["spec"]["volumes"] = [
        {"name": f"v-{index}", **({it: copy.deepcopy(VOLUMES[it])} if it else {})}
        for index, it in enumerate(sources)
    ]


def _ports(draw, pod):
    containers = _containers(pod)
    at = draw(st.integers(0, len(containers) - 1))
    port = {"containerPort": 8000 + at, "hostPort": draw(st.sampled_from((0, 8000 + at)))}
    containers[at]["ports"] = [port, {"containerPort": 8100 + at, "protocol": "UDP"}]


def _hosts(draw, pod):
    running = [
        it for it in _containers(pod) if it["name"][0] == "c" or it.get("restartPolicy") == "Always"
    ]
    at, hook = draw(st.sampled_from(running)), draw(st.sampled_from(HOOKS))
    action = {"port": 80, "host": draw(st.sampled_from(HOSTS))}
    if draw(st.integers(0, 3)) == 0:
        del action["host"]
    handler = {draw(st.sampled_from(ACTIONS)): action}
    if hook.endswith("Probe"):
        at[hook] = handler
    else:
        at.setdefault("lifecycle", {})[hook] = handler


def _apparmor_annotation(draw, pod):
    at = draw(st.sampled_from(_containers(pod)))
    value = draw(st.sampled_from(("runtime/default", "localhost/it", "unconfined")))
    key = f"container.apparmor.security.beta.kubernetes.io/{at['name']}"
    pod["metadata"].setdefault("annotations", {})[key] = value


def _seccomp_annotation(draw, pod):
    names = (
        "pod",
        *(f"container/{it['name']}" for it in _containers(pod)),
        "container/nobody",
    )
    kind, _, name = draw(st.sampled_from(names)).partition("/")
    key = "seccomp.security.alpha.kubernetes.io/pod"
    if kind == "container":
        key = f"container.seccomp.security.alpha.kubernetes.io/{name}"
    values = ("runtime/default", "docker/default", "localhost/it", "unconfined")
    pod["metadata"].setdefault("annotations", {})[key] = draw(st.sampled_from(values))


def _windows(draw, pod):
    for it in (pod["spec"], *_containers(pod)):
        for key in WINDOWS_MUST_NOT:
            it.get("securityContext", {}).pop(key, None)
    pod["spec"]["os"] = {"name": "windows"}
    _host_process(draw, pod)


def _host_process(draw, pod):
    """All containers run on the node or none does, for nothing else is valid."""
    where = draw(st.sampled_from(("pod", "containers", "off", "nowhere")))
    if where == "off":
        _context(pod["spec"], {"hostProcess": False}, "windowsOptions")
    elif where != "nowhere":
        pod["spec"]["hostNetwork"] = True
        for it in (pod["spec"],) if where == "pod" else _containers(pod):
            _context(it, {"hostProcess": True}, "windowsOptions")


CHANGES = (
    _of_spec("hostNetwork", (True, False)),
    _of_spec("hostPID", (True, False)),
    _of_spec("hostIPC", (True, False)),
    _of_spec("hostUsers", (True, False, False)),
    _of_spec("os", ({"name": "linux"},)),
    _of_one("privileged", (True, True, False)),
    _of_one("allowPrivilegeEscalation", (True, False)),
    _of_one("procMount", ("Default", "Unmasked", "Unmasked")),
    _of_either("runAsNonRoot", (True, False)),
    _of_either("runAsUser", (0, 0, 1000)),
    _of_either("seccompProfile", PROFILES),
    _of_either("appArmorProfile", PROFILES),
    _capabilities, _capabilities, _selinux, _selinux, _sysctls, _sysctls, _volumes, _volumes, _ports, _ports,
    _hosts, _hosts, _apparmor_annotation, _seccomp_annotation, _windows, _host_process,
)  # fmt: skip


@st.composite
def pods(draw):
    """A pod as restricted wants it or bare, with up to six things changed."""
    secure, init, count = (
        draw(st.integers(0, 3)) > 0,
        draw(st.integers(0, 2)),
        draw(st.integers(1, 2)),
    )
    pod = made(secure, draw(st.booleans()), init, count)
    for change in draw(st.lists(st.sampled_from(CHANGES), max_size=6)):
        change(draw, pod)
    mend(pod)
    return pod


def made(secure=True, in_pod=True, init=0, count=1):
    """A pod as restricted wants it, said of the pod where it can be, or a bare one."""
    shared = ("runAsNonRoot", "seccompProfile") if in_pod else ()
    own = {key: it for key, it in RESTRICTED.items() if key not in shared}
    spec = {"automountServiceAccountToken": False}
    if secure and in_pod:
        spec["securityContext"] = {key: copy.deepcopy(RESTRICTED[key]) for key in shared}
    for key, number in (("initContainers", init), ("containers", count)):
        if number:
            spec[key] = [{"name": f"{key[0]}-{index}", "image": "it"} for index in range(number)]
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "it"}, "spec": spec}
    if init == 2:
        spec["initContainers"][0]["restartPolicy"] = "Always"
    for it in _containers(pod) if secure else ():
        it["securityContext"] = copy.deepcopy(own)
    return pod


def mend(pod):
    """Takes back what the API server would refuse before it looks at a level."""
    spec, containers = pod["spec"], _containers(pod)
    system = spec.get("os", {}).get("name")
    if _on_node(pod):
        spec["hostNetwork"] = True
    if system == "linux":
        _strip(pod, "windowsOptions")
    if system == "windows":
        _strip(pod, *WINDOWS_MUST_NOT)
        for key in ("hostPID", "hostIPC", "hostUsers"):
            spec.pop(key, None)
    for own in (it.get("securityContext", {}) for it in containers):
        if own.get("procMount") == "Unmasked":
            spec["hostUsers"] = False
        if own.get("privileged") and own.get("allowPrivilegeEscalation") is False:
            own["allowPrivilegeEscalation"] = True
    if spec.get("hostUsers") is False:
        for key in ("hostNetwork", "hostPID", "hostIPC"):
            spec.pop(key, None)
        _strip(pod, "windowsOptions")
    _mend_sysctls(spec)
    _mend_annotations(pod)


def _on_node(pod):
    return any(
        it.get("securityContext", {}).get("windowsOptions", {}).get("hostProcess")
        for it in (pod["spec"], *_containers(pod))
    )


def _strip(pod, *keys):
    for it in (pod["spec"], *_containers(pod)):
        for key in keys:
            it.get("securityContext", {}).pop(key, None)


def _mend_sysctls(spec):
    of_host = ("net.",) if spec.get("hostNetwork") else ()
    of_host += ("kernel.shm", "kernel.msg", "fs.mqueue") if spec.get("hostIPC") else ()
    context = spec.get("securityContext", {})
    if "sysctls" in context:
        context["sysctls"] = [it for it in context["sysctls"] if not it["name"].startswith(of_host)]


def _mend_annotations(pod):
    """A field and its old annotation have to say the same, so the field wins."""
    annotations = pod["metadata"].get("annotations", {})
    for it in _containers(pod):
        own = it.get("securityContext", {})
        for field, key in (
            ("appArmorProfile", "container.apparmor.security.beta.kubernetes.io/"),
            ("seccompProfile", "container.seccomp.security.alpha.kubernetes.io/"),
        ):
            if own.get(field):
                annotations.pop(f"{key}{it['name']}", None)
    if pod["spec"].get("securityContext", {}).get("seccompProfile"):
        annotations.pop("seccomp.security.alpha.kubernetes.io/pod", None)


def singles():
    """Restricted pods with one thing changed, and bare ones, each with minors around those at which it matters."""
    yield from _words()
    yield from _exempt()
    yield from _profiles()
    yield from _of_the_node()


def _words():
    for name in SYSCTLS:
        yield _changed(pod={"sysctls": [{"name": name, "value": "1"}]}), (26, 27, 28, 29, 31, 32)
    for name in CAPABILITIES:
        add = {"drop": ["ALL"], "add": [name]}
        yield _changed(container={"capabilities": add}), (21, 22, 35)
    for name, fields in VOLUMES.items():
        volume = {"name": "v-0", **({name: fields} if name else {})}
        yield _changed(spec={"volumes": [volume]}), (24, 35)
    for kind in SELINUX_TYPES:
        yield _changed(container={"seLinuxOptions": {"type": kind}}), (30, 31)
    for key in ("user", "role"):
        yield _changed(pod={"seLinuxOptions": {key: "it"}}), (35,)
    for action in ACTIONS:
        for hook in HOOKS:
            handler = {action: {"port": 80, "host": "10.0.0.1"}}
            field = {hook: handler} if hook.endswith("Probe") else {"lifecycle": {hook: handler}}
            yield _changed(fields=field), (33, 34)


def _exempt():
    for system in ("linux", "windows"):
        bare = made(secure=False)
        bare["spec"]["os"] = {"name": system}
        yield bare, (0, 7, 8, 18, 19, 21, 22, 24, 25, 35)
    root = {"runAsUser": 0}
    for spec in ({}, {"hostUsers": False}, {"hostUsers": True}):
        for change in (root, {"runAsNonRoot": False}, {"runAsNonRoot": None}):
            yield _changed(spec=spec, pod=change), (22, 23, 34, 35)
            yield _changed(spec=spec, container=change), (22, 23, 34, 35)
    yield _changed(spec={"hostUsers": False}, container={"procMount": "Unmasked"}), (34, 35)


def _profiles():
    for profile in PROFILES:
        yield _changed(container={"seccompProfile": profile}), (18, 19, 35)
        yield _changed(pod={"appArmorProfile": profile}), (18, 35)
    for name in ("container.apparmor.security.beta.kubernetes.io/c-0",
                 "container.seccomp.security.alpha.kubernetes.io/c-0",
                 "seccomp.security.alpha.kubernetes.io/pod"):  # fmt: skip
        pod = _changed(pod={"seccompProfile": None})
        pod["metadata"]["annotations"] = {name: "unconfined"}
        yield pod, (18, 19, 35)


def _of_the_node():
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        yield _changed(spec={key: True}), (35,)
    process = {"windowsOptions": {"hostProcess": True}}
    yield _changed(spec={"hostNetwork": True}, container=process), (35,)
    yield _changed(spec={"hostNetwork": True}, pod=process), (35,)
    yield _changed(fields={"ports": [{"containerPort": 80, "hostPort": 80}]}), (35,)
    risen = {"privileged": True, "allowPrivilegeEscalation": True}
    yield _changed(container=risen), (35,)
    yield (
        _changed(
            spec={"initContainers": [{"name": "i-0", "image": "it", "securityContext": risen}]}
        ),
        (35,),
    )


def _changed(spec=None, pod=None, container=None, fields=None):
    it = made()
    for at, more in ((it["spec"], spec), (it["spec"]["containers"][0], fields)):
        at.update(copy.deepcopy(more or {}))
    for at, more in ((it["spec"], pod), (it["spec"]["containers"][0], container)):
        for key, value in (more or {}).items():
            _context(at, value, key)
    return it


@st.composite
def ephemeral_containers(draw):
    """One or two, in every state of the controls that they can break."""
    holder = {"metadata": {}, "spec": {"containers": []}}
    for index in range(draw(st.integers(1, 2))):
        own = {"securityContext": copy.deepcopy(RESTRICTED)} if draw(st.booleans()) else {}
        holder["spec"]["containers"].append({"name": f"e-{index}", "image": "it", **own})
    changes = (
        _of_one("privileged", (True, False)),
        _of_one("allowPrivilegeEscalation", (True, False)),
        _of_one("runAsNonRoot", (True, False)),
        _of_one("runAsUser", (0, 1000)),
        _of_one("seccompProfile", PROFILES),
        _of_one("appArmorProfile", PROFILES),
        _capabilities,
        _selinux,
    )
    holder["spec"]["securityContext"] = {}
    for change in draw(st.lists(st.sampled_from(changes), max_size=4)):
        change(draw, holder)
    if holder["spec"]["securityContext"]:
        holder["spec"]["containers"][0]["securityContext"] = holder["spec"]["securityContext"]
    mend(holder)
    return holder["spec"]["containers"]
