"""What bounds a namespace: its quota, and what one container or disk claim of it may ask for."""

from typing import Annotated

from settings.constraint import Number, Text
from settings.container import Amounts
from settings.section import Section
from settings.values import Count, DnsSubdomain, MemoryQuantity, Positive

Note = Annotated[
    str, Text(r"^[^\x00-\x1f\x7f]+$", "must be one line of text, for example 'team-shop'", 200)
]

Ratio = Annotated[int, Number("must be a whole number from 1 to 1000, for example 4", 1, 1000)]
"""Of a limit to its request."""

CountedResource = Annotated[
    str,
    Text(
        r"^[a-z]+(\.[a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$",
        "must be a resource in the plural, with its group if it has one, for example 'configmaps' or "
        "'deployments.apps'",
        253,
    ),
]


class PriorityQuota(Section):
    """Most that the pods of one priority class may take together, within the namespace's quota."""

    requests: Amounts = Amounts()
    """Sum of their requests."""

    limits: Amounts = Amounts()
    """Sum of their limits."""

    pods: Positive | None = None
    """How many of them at once, finished ones not counted."""


class StorageQuota(Section):
    """Most that the disk claims of a namespace may ask for together."""

    total: MemoryQuantity | None = None
    """Sum over all classes."""

    classes: dict[DnsSubdomain, MemoryQuantity] = {}
    """Sum by StorageClass, for example `{managed-csi-premium: 100Gi}`; a class that is not named is not bounded."""


class Quota(Section):
    """Most that all pods of a namespace may take together, a rollout's extra pods included."""

    requests: Amounts
    """Sum of requests."""

    limits: Amounts
    """Sum of limits."""

    pods: Positive
    """Pods at once, finished ones not counted."""

    persistent_volume_claims: Count = 0
    """Disk claims."""

    load_balancers: Count = 0
    """Services of type LoadBalancer: each is a public address unless it is internal."""

    node_ports: Count = 0
    """Ports opened on every node."""

    counts: dict[CountedResource, Count] = {}
    """Most objects of a kind, for example `{configmaps: 50, deployments.apps: 20}`. What is in every namespace counts
    (one ConfigMap, one ServiceAccount), and so does what `configHistory` keeps."""

    storage: StorageQuota = StorageQuota()
    """Disk space."""

    priorities: dict[DnsSubdomain, PriorityQuota] = {}
    """Bounds of the pods of one priority class each, a ResourceQuota of its own; keys are names in
    `priorityClasses`."""


class Ratios(Section):
    """How many times its request a limit may be."""

    cpu: Ratio | None = None
    """Of CPU. Every container needs both then, or defaults for them."""

    memory: Ratio | None = None
    """Of memory: what a node runs out of when many containers use their limit."""


class ClaimLimits(Section):
    """Sizes that one disk claim may have."""

    min: MemoryQuantity | None = None
    """Smallest."""

    max: MemoryQuantity | None = None
    """Largest."""


class Limits(Section):
    """What a container gets that states nothing, and the most one may ask for (a LimitRange)."""

    default_request: Amounts = Amounts(cpu="50m", memory="64Mi")
    """Requests of a container that states none."""

    default: Amounts = Amounts(cpu="250m", memory="256Mi")
    """Limits of a container that states none."""

    min: Amounts = Amounts()
    """Least one container must ask for."""

    max: Amounts = Amounts()
    """Most one container may have."""

    max_limit_request_ratio: Ratios = Ratios()
    """How far a limit may be above its request: what nobody asked for, many may take at once."""

    persistent_volume_claim: ClaimLimits = ClaimLimits()
    """Sizes of one disk claim."""
