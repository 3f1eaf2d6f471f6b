"""The kubelet is told to refuse root."""

from collections.abc import Iterator
from typing import Any

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, pods
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import has_own_users, of_containers


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    if has_own_users(it):
        return
    own = dig(it.spec, "securityContext", "runAsNonRoot")
    if own not in (None, True):
        yield "securityContext.runAsNonRoot", "lets containers run as root"

    def look(container: Any) -> Iterator[Violation]:
        value = dig(container, "securityContext", "runAsNonRoot")
        if value is None and own is None:
            yield (
                "securityContext.runAsNonRoot",
                "does not refuse root: neither it nor its pod says so",
            )
        elif value not in (None, True):
            yield "securityContext.runAsNonRoot", "does not refuse root"

    yield from of_containers(it, look)


RULE = Rule(
    id="pod-run-as-non-root",
    title="The kubelet is told to refuse root",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    check=_check,
    why="Root in a container is root for the kernel: each hole in the runtime is then a hole in the node.",
    remedy="set securityContext.runAsNonRoot to true for the pod",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
)
