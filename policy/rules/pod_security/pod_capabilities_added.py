"""No capability but NET_BIND_SERVICE is added."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, items
from policy.rule import Parameter, Parameters, Rule, Violation


def _check(it: Container, parameters: Parameters) -> Iterator[Violation]:
    for path, name in items(it.spec, "securityContext", "capabilities", "add"):
        if name not in parameters["allowed"]:
            yield path, "adds a capability beyond those allowed"


RULE = Rule(
    id="pod-capabilities-added",
    title="No capability but NET_BIND_SERVICE is added",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    parameters={
        "allowed": Parameter(
            default=["NET_BIND_SERVICE"], docs="capabilities that a container may add"
        )
    },
    check=_check,
    why="Capabilities such as NET_RAW, SYS_ADMIN or SYS_PTRACE are parts of root.",
    remedy="remove it from capabilities.add",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
)
