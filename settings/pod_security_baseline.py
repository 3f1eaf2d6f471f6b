"""What the level baseline objects to: rules of its controls, one function each, for any pod.

As `k8s.io/pod-security-admission` has them (its folder `policy`, v0.37.0), with what the API server fills in before it
asks: host ports of pods on the host's network, volumes without a source.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from settings.pod_fields import Breach, Pod, is_one_of, mapping, mappings, text, texts

APPARMOR_ANNOTATION: Final = "container.apparmor.security.beta.kubernetes.io/"
SECCOMP_ANNOTATION: Final = "container.seccomp.security.alpha.kubernetes.io/"
SECCOMP_POD_ANNOTATION: Final = "seccomp.security.alpha.kubernetes.io/pod"

PROFILES: Final = frozenset({"RuntimeDefault", "Localhost"})
"""Of AppArmor and of seccomp."""

CAPABILITIES: Final = frozenset(
    {
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    }
)
"""What container runtimes give anyway, without NET_RAW."""

SYSCTLS: Final = (
    (
        0,
        frozenset(
            {
                "kernel.shm_rmid_forced",
                "net.ipv4.ip_local_port_range",
                "net.ipv4.ip_unprivileged_port_start",
                "net.ipv4.ping_group_range",
                "net.ipv4.tcp_syncookies",
            }
        ),
    ),
    (27, frozenset({"net.ipv4.ip_local_reserved_ports"})),
    (
        29,
        frozenset(
            {
                "net.ipv4.tcp_fin_timeout",
                "net.ipv4.tcp_keepalive_intvl",
                "net.ipv4.tcp_keepalive_probes",
                "net.ipv4.tcp_keepalive_time",
            }
        ),
    ),
    (32, frozenset({"net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"})),
    (37, frozenset({"net.ipv4.tcp_notsent_lowat", "net.ipv4.tcp_slow_start_after_idle"})),
)
"""Those that a pod may set, each with the minor that adds it."""

SELINUX_TYPES: Final = frozenset({"", "container_t", "container_init_t", "container_kvm_t"})

_PROBES: Final = (
    ("livenessProbe",),
    ("readinessProbe",),
    ("startupProbe",),
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
)


def app_armor(pod: Pod) -> Iterator[Breach]:
    """Profiles in fields and, as before 1.30, in annotations."""
    for path, who, title, value in pod.settings("appArmorProfile"):
        kind = mapping(value).get("type")
        if not is_one_of(kind, PROFILES):
            yield _type(path, who, title, "AppArmor profile type", kind)
    for key, value in pod.annotations.items():
        if str(key).startswith(APPARMOR_ANNOTATION) and not (
            value in ("", "runtime/default") or str(value).startswith("localhost/")
        ):
            who = str(key).removeprefix(APPARMOR_ANNOTATION)
            yield _annotation(key, who, value, "AppArmor profile type")


def capabilities(pod: Pod) -> Iterator[Breach]:
    """Capabilities beyond what runtimes give anyway."""
    yield from added_capabilities(pod, CAPABILITIES)


def added_capabilities(pod: Pod, allowed: frozenset[str]) -> Iterator[Breach]:
    """Capabilities that containers add and are not among `allowed`."""
    for it in pod.containers:
        for index, name in enumerate(texts(mapping(it.security.get("capabilities")).get("add"))):
            if name not in allowed:
                key = "securityContext.capabilities.add"
                yield it.breach(f"{key}[{index}]", f'must not include "{name}" in {key}')


def host_namespaces(pod: Pod) -> Iterator[Breach]:
    """Network, processes and memory of the node."""
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.spec.get(key) not in (None, False):
            yield Breach(f"spec.{key}", "", f"pod must not set {key}=true")


def host_path_volumes(pod: Pod) -> Iterator[Breach]:
    """Folders of the node."""
    for path, name, fields in pod.volumes:
        if fields.get("hostPath") is not None:
            yield Breach(f"{path}.hostPath", name, f'volume "{name}" must not be a hostPath volume')


def host_ports(pod: Pod) -> Iterator[Breach]:
    """Ports of the node; on its network the API server makes every container port one."""
    on_host = pod.spec.get("hostNetwork") is True
    for it in pod.containers:
        takes_all = on_host and not it.path.startswith("spec.ephemeralContainers")
        for index, port in mappings(it.fields.get("ports")):
            key = "hostPort"
            if not port.get(key) and takes_all:
                key = "containerPort"
            if port.get(key) not in (None, 0):
                yield it.breach(f"ports[{index}].{key}", f"uses hostPort {text(port[key])}")


def probe_hosts(pod: Pod) -> Iterator[Breach]:
    """Probes and hooks that ask another host than the pod."""
    for it in pod.containers:
        for keys in _PROBES:
            handler: Any = it.fields
            for key in keys:
                handler = mapping(handler).get(key)
            for action in ("httpGet", "tcpSocket"):
                host = mapping(mapping(handler).get(action)).get("host")
                if host not in (None, ""):
                    key = f"{'.'.join(keys)}.{action}.host"
                    yield it.breach(key, f'uses probe or lifecycle host "{text(host)}"')


def privileged(pod: Pod) -> Iterator[Breach]:
    """Containers that are root on the node."""
    for it in pod.containers:
        if it.security.get("privileged") not in (None, False):
            key = "securityContext.privileged"
            yield it.breach(key, f"must not set {key}=true")


def proc_mount(pod: Pod) -> Iterator[Breach]:
    """An unmasked /proc."""
    for it in pod.containers:
        value = it.security.get("procMount")
        if value not in (None, "Default"):
            key = "securityContext.procMount"
            yield it.breach(key, f'must not set {key} to "{text(value)}"')


def selinux(allowed: frozenset[str]) -> Callable[[Pod], Iterator[Breach]]:
    """A rule against other types than `allowed`, and against any user or role."""

    def rule(pod: Pod) -> Iterator[Breach]:
        for path, who, title, value in pod.settings("seLinuxOptions"):
            options = mapping(value)
            words = f"{title} set forbidden securityContext.seLinuxOptions"
            kind = options.get("type")
            if kind is not None and not is_one_of(kind, allowed):
                yield Breach(f"{path}.type", who, f'{words}: type "{text(kind)}"')
            for key in ("user", "role"):
                if options.get(key) not in (None, ""):
                    yield Breach(f"{path}.{key}", who, f"{words}: {key} may not be set")

    return rule


def seccomp_annotations(pod: Pod) -> Iterator[Breach]:
    """Profiles as they were written before 1.19; annotations of containers that are not there do not count."""
    keys = {SECCOMP_POD_ANNOTATION: ""}
    keys |= {f"{SECCOMP_ANNOTATION}{it.name}": it.name for it in pod.containers}
    for key, who in keys.items():
        value = pod.annotations.get(key)
        if value is not None and not (
            value in ("runtime/default", "docker/default") or str(value).startswith("localhost/")
        ):
            yield _annotation(key, who, value, "seccomp profile")


def seccomp(pod: Pod) -> Iterator[Breach]:
    """Profiles that are given and are off or unknown."""
    for path, who, title, value in pod.settings("seccompProfile"):
        kind = mapping(value).get("type")
        if not is_one_of(kind, PROFILES):
            yield _type(path, who, title, "securityContext.seccompProfile.type", kind)


def sysctls(minor: int) -> Callable[[Pod], Iterator[Breach]]:
    """A rule against what the kernel does not keep apart for each pod, as of `minor`."""
    allowed = frozenset(name for since, names in SYSCTLS if since <= minor for name in names)

    def rule(pod: Pod) -> Iterator[Breach]:
        for index, it in mappings(pod.security.get("sysctls")):
            name = it.get("name")
            if not is_one_of(name, allowed):
                yield Breach(
                    f"spec.securityContext.sysctls[{index}].name",
                    "",
                    f"pod must not set sysctl {text(name)}",
                )

    return rule


def host_process(pod: Pod) -> Iterator[Breach]:
    """Windows containers that run on the node itself."""
    for path, who, title, value in pod.settings("windowsOptions"):
        if mapping(value).get("hostProcess") not in (None, False):
            words = f"{title} must not set securityContext.windowsOptions.hostProcess=true"
            yield Breach(f"{path}.hostProcess", who, words)


def _type(path: str, who: str, title: str, what: str, value: Any) -> Breach:
    return Breach(f"{path}.type", who, f'{title} must not set {what} to "{text(value)}"')


def _annotation(key: object, who: str, value: Any, what: str) -> Breach:
    words = f'annotation must not set {what} to "{text(value)}"'
    return Breach(f'metadata.annotations["{text(key)}"]', who, words)
