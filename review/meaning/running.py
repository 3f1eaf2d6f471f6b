"""What runs by a plan, as far as restarts hang on it: controllers, what they read, what holds them, their nodes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from review.analyses.pods import RELEASE, release_key
from review.marks import names
from review.meaning.config_references import Config, Name, configs
from review.meaning.controllers import Controller, Key, controllers
from review.meaning.counts import Count, counts
from review.meaning.disruption import Budget, budgets
from review.meaning.node_moves import Nodes, nodes_of
from review.plan import Plan

IN_PLACE: Final = (
    "HorizontalPodAutoscaler",
    "PodDisruptionBudget",
    "SecretProviderClass",
    "Service",
    "ServiceAccount",
)
"""Objects beside a controller whose change people often take for a restart."""


@dataclass(frozen=True)
class Side:
    """What one plan says of its pods."""

    controllers: Mapping[Key, Controller]
    counts: Mapping[Key, Count]
    configs: Mapping[Name, Config]
    beside: Mapping[Name, tuple[str, Mapping[str, Any]]]
    """URN and manifest of the objects of `IN_PLACE`."""

    budgets: tuple[Budget, ...]
    nodes: Mapping[str, Nodes]
    releases: Mapping[tuple[str, str], tuple[str, Mapping[str, Any]]]
    """URN and inputs of charts, by namespace and release."""


def of_plan(plan: Plan) -> Side:
    """Controllers and what they read, scale by, are held by and run on."""
    found = controllers(plan)
    beside, charts = {}, {}
    for row in plan.resources:
        kind = row.inputs.get("kind")
        if kind in IN_PLACE and row.type.startswith("kubernetes:"):
            beside[(str(kind), *names(row))] = (row.urn, row.inputs)
        elif row.type == RELEASE:
            charts[release_key(row)] = (row.urn, row.inputs)
    return Side(
        found,
        counts(plan, found),
        configs(plan),
        dict(sorted(beside.items())),
        budgets(plan),
        nodes_of(plan),
        dict(sorted(charts.items())),
    )
