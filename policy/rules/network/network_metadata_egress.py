"""The metadata service stays out of reach."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy.objects import Object, items, listed
from policy.rule import Parameters, Rule, Subjects, Violation
from policy.rules._peers import covers, opens, rules_of
from policy.rules._turns import over

_METADATA: Final = "169.254.169.254/32"


def _ways_out(it: Object) -> Subjects:
    yield from rules_of(it, "egress")


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    if not opens(it, 80):
        return
    if not listed(it, "to"):
        yield "", "leads everywhere, to the metadata service of the node, too"

    def look(peer: Any) -> Iterator[Violation]:
        if covers(peer, _METADATA):
            yield "ipBlock", "leads to the metadata service of the node"

    yield from over(items(it, "to"), look)


RULE = Rule(
    id="network-metadata-egress",
    title="The metadata service stays out of reach",
    area="network",
    severity="mandatory",
    kinds=("NetworkPolicy",),
    each=_ways_out,
    check=_check,
    why="At 169.254.169.254 a pod gets tokens of its node's identity.",
    remedy="add 169.254.169.254/32 to except, or name peers in to",
    source="https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service",
)
