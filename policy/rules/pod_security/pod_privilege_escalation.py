"""No process gains more rights than its parent."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import is_windows


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    allowed = dig(it.spec, "securityContext", "allowPrivilegeEscalation")
    if allowed is not False and not is_windows(it.pod):
        yield "securityContext.allowPrivilegeEscalation", "may gain more rights than it starts with"


RULE = Rule(
    id="pod-privilege-escalation",
    title="No process gains more rights than its parent",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    check=_check,
    why="A setuid program in the image makes a user root again.",
    remedy="set securityContext.allowPrivilegeEscalation to false",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
)
