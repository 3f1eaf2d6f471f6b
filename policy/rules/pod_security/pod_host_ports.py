"""No container takes a port of the node."""

from collections.abc import Iterator
from typing import Any

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, dig, items
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import over


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    on_host = it.field != "ephemeralContainers" and dig(it.pod.spec, "hostNetwork") is True

    def look(port: Any) -> Iterator[Violation]:
        if dig(port, "hostPort") not in (None, 0):
            yield "hostPort", "takes this port of the node"
        elif on_host and dig(port, "containerPort") is not None:
            yield "containerPort", "takes this port of the node, whose network the pod has"

    yield from over(items(it.spec, "ports"), look)


RULE = Rule(
    id="pod-host-ports",
    title="No container takes a port of the node",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    check=_check,
    why="A host port evades NetworkPolicies of some data planes and lets one pod of a kind run on a node.",
    remedy="remove hostPort and put a Service before the pod",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
)
