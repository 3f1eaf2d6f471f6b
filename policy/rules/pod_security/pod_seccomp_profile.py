"""Every container has a seccomp profile."""

from collections.abc import Iterator
from typing import Any, Final

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, pods
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import is_windows, of_containers

_PROFILES: Final = ("RuntimeDefault", "Localhost")
_TYPE: Final = "securityContext.seccompProfile.type"


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    own = dig(it.spec, "securityContext", "seccompProfile", "type")
    if own is not None and own not in _PROFILES:
        yield _TYPE, "is no profile that bounds system calls"
    elif own is None and dig(it.spec, "securityContext", "seccompProfile") is not None:
        yield _TYPE, "names no profile"

    def look(container: Any) -> Iterator[Violation]:
        value = dig(container, "securityContext", "seccompProfile", "type")
        if value is None:
            if own is None and not is_windows(it):
                yield _TYPE, "has no seccomp profile, nor has its pod"
        elif value not in _PROFILES:
            yield _TYPE, "is no profile that bounds system calls"

    yield from of_containers(it, look)


RULE = Rule(
    id="pod-seccomp-profile",
    title="Every container has a seccomp profile",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    check=_check,
    why="Without it all system calls of the kernel can be tried.",
    remedy="set securityContext.seccompProfile.type to RuntimeDefault for the pod",
    source="https://kubernetes.io/docs/tutorials/security/seccomp/",
)
