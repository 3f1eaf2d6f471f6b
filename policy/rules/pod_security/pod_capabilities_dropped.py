"""Every container drops all capabilities."""

from collections.abc import Iterator
from typing import Final

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, listed
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import is_windows

_PATH: Final = "securityContext.capabilities.drop"


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    dropped = listed(it.spec, "securityContext", "capabilities", "drop")
    if "ALL" in dropped or is_windows(it.pod):
        return
    if any(str(name).upper() == "ALL" for name in dropped):
        yield _PATH, "is not written ALL, which is what Pod Security looks for"
    else:
        yield _PATH, "keeps the capabilities that a runtime gives"


RULE = Rule(
    id="pod-capabilities-dropped",
    title="Every container drops all capabilities",
    area="pod-security",
    severity="advisory",
    kinds=WORKLOADS,
    each=containers,
    check=_check,
    why="What a runtime gives by default is more than a program needs, NET_RAW for spoofing among it.",
    remedy="set securityContext.capabilities.drop to [ALL]",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
)
