"""No container is privileged."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.spec, "securityContext", "privileged") is True:
        yield "securityContext.privileged", "runs privileged"


RULE = Rule(
    id="privileged-container",
    title="No container is privileged",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    check=_check,
    why="A privileged container has every device and capability of its node, and so every pod that runs there.",
    remedy="leave privileged out, and add the one capability that is needed",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
)
