"""The folder /proc is masked as usual."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.spec, "securityContext", "procMount") not in (None, "Default"):
        yield "securityContext.procMount", "unmasks /proc"


RULE = Rule(
    id="pod-proc-mount",
    title="The folder /proc is masked as usual",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    check=_check,
    why="Unmasked, /proc shows and changes what belongs to the node.",
    remedy="remove procMount",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
)
