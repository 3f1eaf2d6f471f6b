"""The root file system is read-only."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import is_windows


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    read_only = dig(it.spec, "securityContext", "readOnlyRootFilesystem")
    if it.field != "ephemeralContainers" and read_only is not True and not is_windows(it.pod):
        yield "securityContext.readOnlyRootFilesystem", "may write to its root file system"


RULE = Rule(
    id="pod-read-only-root",
    title="The root file system is read-only",
    area="pod-security",
    severity="advisory",
    kinds=WORKLOADS,
    each=containers,
    check=_check,
    why="What breaks in cannot write programs or change the image's own.",
    remedy="set securityContext.readOnlyRootFilesystem to true and mount an emptyDir where the program writes",
    source="https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
)
