"""What the level restricted adds to baseline, or says in its place: rules of its controls, one function each.

As `k8s.io/pod-security-admission` has them (its folder `policy`, v0.37.0).
"""

from collections.abc import Iterator
from typing import Final

from settings.pod_fields import Breach, Pod, is_one_of, mapping, texts
from settings.pod_security_baseline import PROFILES, added_capabilities, seccomp

VOLUMES: Final = (
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "gitRepo",
    "nfs",
    "iscsi",
    "glusterfs",
    "rbd",
    "flexVolume",
    "cinder",
    "cephfs",
    "flocker",
    "fc",
    "azureFile",
    "vsphereVolume",
    "quobyte",
    "azureDisk",
    "photonPersistentDisk",
    "portworxVolume",
    "scaleIO",
    "storageos",
)
"""Sources of volumes that the cluster does not hand out; one without any source becomes an emptyDir."""

GIVEN_BACK: Final = frozenset({"NET_BIND_SERVICE"})
"""The one capability that a container may add after it dropped all."""


def privilege_escalation(pod: Pod) -> Iterator[Breach]:
    """Containers that do not forbid it."""
    for it in pod.containers:
        if it.security.get("allowPrivilegeEscalation") is not False:
            key = "securityContext.allowPrivilegeEscalation"
            yield it.breach(key, f"must set {key}=false")


def capabilities(pod: Pod) -> Iterator[Breach]:
    """Containers that do not drop all capabilities, or take back too many."""
    for it in pod.containers:
        if "ALL" not in texts(mapping(it.security.get("capabilities")).get("drop")):
            key = "securityContext.capabilities.drop"
            yield it.breach(key, f'must set {key}=["ALL"]')
    yield from added_capabilities(pod, GIVEN_BACK)


def volume_types(pod: Pod) -> Iterator[Breach]:
    """Volumes that reach beyond what the cluster hands out."""
    for path, name, fields in pod.volumes:
        for key in VOLUMES:
            if fields.get(key) is not None:
                words = f'volume "{name}" uses restricted volume type "{key}"'
                yield Breach(f"{path}.{key}", name, words)


def run_as_non_root(pod: Pod) -> Iterator[Breach]:
    """Whoever says false, else every container for which nobody says true."""
    refused = [it for it in pod.settings("runAsNonRoot") if it[3] is not True]
    for path, who, title, _ in refused:
        yield Breach(path, who, f"{title} must not set securityContext.runAsNonRoot=false")
    if not (refused or pod.security.get("runAsNonRoot") is True):
        yield from _unsaid(pod, "runAsNonRoot", "", "=true")


def run_as_user(pod: Pod) -> Iterator[Breach]:
    """Root by number."""
    for path, who, title, value in pod.settings("runAsUser"):
        if value == 0:
            yield Breach(path, who, f"{title} must not set runAsUser=0")


def seccomp_profile(pod: Pod) -> Iterator[Breach]:
    """Profiles that are off, else every container that has none of its own or of its pod."""
    refused = [*seccomp(pod)]
    yield from refused
    own = mapping(pod.security.get("seccompProfile")).get("type")
    if not (refused or is_one_of(own, PROFILES)):
        yield from _unsaid(pod, "seccompProfile", ".type", ' to "RuntimeDefault" or "Localhost"')


def _unsaid(pod: Pod, key: str, inside: str, wanted: str) -> Iterator[Breach]:
    """Every container that says nothing of `key`, where its pod does not either."""
    for it in pod.containers:
        if it.security.get(key) is None:
            path = f"securityContext.{key}{inside}"
            words = f"pod or {it.title} must set {path}{wanted}"
            yield Breach(f"{it.path}.{path}", it.name, words)
