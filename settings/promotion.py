"""What stacks may differ in, what goes from one to the next, and when nothing may: the key `promotion` of a stack.

Stacks come of one program and one catalogue. What they differ in beside the keys that are said to belong to an
environment is drift, which `./aks compare` tells and `./aks promote --check` fails for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from settings.constraint import Text
from settings.section import Section

EVERY: Final = "*"
"""A step that stands for every entry of a map that users name."""

Path = tuple[str | int, ...]

_MOMENT_RULE: Final = (
    "must be a moment with its zone, in quotes, for example '2026-12-18T16:00:00+01:00'"
)


def moment(text: str) -> datetime:
    """A moment in UTC; raise `ValueError` for one that the calendar does not have, or that names no zone."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("no zone")
    return found.astimezone(UTC)


def _real(text: str) -> str:
    try:
        moment(text)
    except (ValueError, OverflowError):
        raise PydanticCustomError("rule", "{rule}", {"rule": _MOMENT_RULE}) from None
    return text


Moment = Annotated[
    str,
    Text(
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$",
        _MOMENT_RULE,
    ),
    AfterValidator(_real),
]
"""https://www.rfc-editor.org/rfc/rfc3339#section-5.6"""

_PATTERN: Final = r'^[A-Za-z][A-Za-z0-9]*(\.[^.\[\]"]+|\["[^"]+"\])*$'
_STEP: Final = re.compile(r'\["(?P<quoted>[^"]+)"\]|\.?(?P<name>[^.\[\]"]+)')

KeyPattern = Annotated[
    str,
    Text(
        _PATTERN,
        "must be a key path of the settings, '*' for every entry of a map, for example 'workloads.*.replicas'",
        512,
    ),
]


class FrozenWindow(Section):
    """A time in which nothing is promoted into the stack."""

    from_: Moment = Field(alias="from")
    """First moment of it, with its zone."""

    until: Moment
    """First moment after it."""

    reason: str = Field(min_length=10)
    """Why; whoever is refused reads it."""

    def holds(self, at: datetime) -> bool:
        """Whether the moment `at` is in it."""
        return moment(self.from_) <= at < moment(self.until)


class Promotion(Section):
    """How this stack is kept apart from the one before it, and what comes from there."""

    promotable: list[KeyPattern] = []
    """Keys that `./aks promote` copies into this stack beside tag and digest of images, for example
    `workloads.*.config.env.*`."""

    environment_specific: list[KeyPattern] = []
    """Keys that belong to this environment, so that another value in another stack is meant; what is below them, too.
    Names, sizes, counts, hosts, addresses, quotas and the like belong to each without being named here."""

    frozen: list[FrozenWindow] = []
    """Times in which nothing is promoted into this stack."""


@dataclass(frozen=True)
class Declared:
    """Keys that differ between stacks on purpose."""

    pattern: str
    why: str


IMAGES: Final = ("images.*.tag", "images.*.digest")
"""What every promotion copies."""

ENVIRONMENT_SPECIFIC: Final = (
    *(
        Declared(it, "who the environment is")
        for it in ("environment", "target", "resourceGroup", "tags", "kubeconfig")
    ),
    *(Declared(it, "protection against deletion") for it in ("protect", "cluster.lock", "backup")),
    *(
        Declared(it, "the cluster's own name, tier and windows")
        for it in (
            "cluster.profile",
            "cluster.name",
            "cluster.dnsPrefix",
            "cluster.nodeResourceGroup",
            "cluster.tier",
            "cluster.maintenance",
            "cluster.runs",
        )
    ),
    *(
        Declared(it, "sizes and counts of nodes")
        for it in (
            "cluster.bootstrapPool.count",
            "cluster.bootstrapPool.vmSize",
            "cluster.bootstrapPool.zones",
            "cluster.bootstrapPool.osDiskSizeGb",
            "cluster.bootstrapPool.osDiskType",
            "nodePools.*.vmSize",
            "nodePools.*.min",
            "nodePools.*.max",
            "nodePools.*.zones",
            "nodePools.*.osDiskSizeGb",
            "nodePools.*.osDiskType",
            "nodePools.*.capacity",
        )
    ),
    *(
        Declared(it, "addresses and the way out")
        for it in (
            "cluster.apiServer.authorizedIpRanges",
            "network.addressSpace",
            "network.subnets",
            "network.peered",
            "network.podCidr",
            "network.serviceCidr",
            "network.dnsServiceIp",
            "network.outboundType",
            "network.natGateway",
            "network.loadBalancer",
            "externals.*.cidrs",
        )
    ),
    *(
        Declared(it, "what stands for the environment in Azure")
        for it in ("cluster.registry", "keyVaults.*.id", "azureIdentities", "pipelines")
    ),
    *(Declared(it, "bounds of a tenant") for it in ("namespaces.*.quota", "namespaces.*.limits")),
    *(
        Declared(it, "hosts and the size of the way in")
        for it in ("ingress.hosts", "ingress.tls", "ingress.replicas", "ingress.resources")
    ),
    *(Declared(it, "versions, which promotion copies") for it in ("images",)),
    *(
        Declared(it, "sizes and counts of pods")
        for it in (
            "workloads.*.replicas",
            "workloads.*.availability",
            "workloads.*.autoscale",
            "workloads.*.resources",
            "workloads.*.containers.*.resources",
        )
    ),
)
"""What belongs to each environment in every estate; a stack adds its own in `promotion.environmentSpecific`."""


@lru_cache(maxsize=4096)
def steps(pattern: str) -> tuple[str, ...]:
    """`workloads.*.config.files["app.properties"]` as steps; raise `ValueError` for what is no pattern."""
    if not re.fullmatch(_PATTERN, pattern):
        raise ValueError("must be a key path of the settings, for example 'workloads.*.replicas'")
    return tuple(it["quoted"] or it["name"] for it in _STEP.finditer(pattern))


def covers(pattern: str, path: Sequence[str | int]) -> bool:
    """Whether `pattern` is about the key at `path`, or about a section that it is part of."""
    wanted = steps(pattern)
    return len(wanted) <= len(path) and all(
        step in (EVERY, str(at)) for step, at in zip(wanted, path, strict=False)
    )


def leads_below(pattern: str, path: Sequence[str | int]) -> bool:
    """Whether `pattern` is about a key that is part of the section at `path`."""
    wanted = steps(pattern)
    return len(wanted) > len(path) and all(
        step in (EVERY, str(at)) for step, at in zip(wanted, path, strict=False)
    )
