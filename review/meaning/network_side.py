"""The connections of one plan, by its network policies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from review.analyses.reachability.network import NAME_LABEL
from review.analyses.reachability.policies import Policy
from review.analyses.reachability.ports import Ports
from review.meaning import closure, deciding, ends, seen
from review.meaning.closure import Outside, Row
from review.meaning.ends import End
from review.meaning.reading import Undetermined
from review.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Side:
    """The connections of one plan, each workload by its number in `ends`."""

    ends: tuple[End, ...]
    rows: tuple[Row, ...]
    outward: tuple[Outside, ...]
    inward: tuple[Outside, ...]
    named: tuple[tuple[str, str, str, Ports], ...]
    """Title, `egress` or `ingress`, name and ports of outside ends without an address, such as hosts by name."""

    policies: tuple[Policy, ...]
    namespaces: Mapping[str, dict[str, str]]
    undetermined: tuple[Undetermined, ...]
    refused: tuple[tuple[str, str], ...]
    silent: tuple[str, ...]
    azure: bool
    """Whether the program makes resources in Azure."""

    def space(self, namespace: str) -> dict[str, str]:
        """The labels of a namespace, its name among them."""
        return {**self.namespaces.get(namespace, {}), NAME_LABEL: namespace}

    def doubts(self, policies: Iterable[Policy], about: Iterable[End]) -> str:
        """What must be known before anything is certain that hangs on `policies`, and on others that may be of `about`.

        A policy of which nothing is known may select any pod of its namespace. Empty: it is certain.
        """
        if not self.undetermined:
            return ""
        urns = {*map(ends.policy_urn, policies), *(it.urn for it in about)}
        homes = {"", *(it.key.namespace for it in about)}
        known = {*map(ends.policy_urn, self.policies), *(it.urn for it in self.ends)}
        return next(
            (
                f"{it.path} of {it.resource}"
                for it in sorted(self.undetermined, key=lambda it: (it.resource, it.path))
                if it.urn in urns or (it.urn not in known and it.namespace in homes)
            ),
            "",
        )

    @cached_property
    def homes(self) -> dict[str, int]:
        """How many workloads each namespace has."""
        found: dict[str, int] = {}
        for it in self.ends:
            found[it.key.namespace] = found.get(it.key.namespace, 0) + 1
        return found


def of_plan(plan: Plan) -> Side:
    """The connections of `plan`."""
    plan = seen.network(plan)
    known = ends.known(plan)
    network = known.network
    named = []
    for at, end in enumerate(known.ends):
        for direction in deciding.DIRECTIONS:
            for of in {network.isolating(unit, direction) for unit in network.units_of[at]}:
                named += [
                    (end.title, direction, name, opened)
                    for name, opened in network.named(direction, of).items()
                ]
    return Side(
        ends=known.ends,
        rows=closure.rows(network),
        outward=closure.outside(network, "egress"),
        inward=closure.outside(network, "ingress"),
        named=tuple(sorted(set(named))),
        policies=tuple(network.policies),
        namespaces=known.namespaces,
        undetermined=known.undetermined,
        refused=known.refused,
        silent=known.silent,
        azure=any(it.type.startswith("azure-native:") for it in plan.resources),
    )
