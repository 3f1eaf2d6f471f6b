"""A public load balancer says who may come."""

from collections.abc import Iterator
from typing import Final

from policy.objects import Object, dig, listed
from policy.rule import Parameter, Parameters, Rule, Violation

_INTERNAL: Final = "service.beta.kubernetes.io/azure-load-balancer-internal"
_ALLOWED: Final = (
    "service.beta.kubernetes.io/azure-allowed-ip-ranges",
    "service.beta.kubernetes.io/azure-allowed-service-tags",
)
_EVERYWHERE: Final = ("0.0.0.0/0", "::/0")
_EVERYBODY: Final = (*_EVERYWHERE, "Internet")
"""In an annotation, ranges and service tags with commas between."""


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "spec", "type") != "LoadBalancer":
        return
    if (
        f"{it.namespace}/{it.name}" in parameters["entrances"]
        or it.annotations.get(_INTERNAL) == "true"
    ):
        return
    ranges = listed(it.manifest, "spec", "loadBalancerSourceRanges")
    if any(wide in ranges for wide in _EVERYWHERE):
        yield "spec.loadBalancerSourceRanges", "lets everybody in"
        return
    for key in _ALLOWED:
        if any(
            part.strip() in _EVERYBODY for part in str(it.annotations.get(key) or "").split(",")
        ):
            yield f'metadata.annotations["{key}"]', "lets everybody in"
            return
    if not ranges and not any(it.annotations.get(key) for key in _ALLOWED):
        yield (
            "spec.loadBalancerSourceRanges",
            "has a public address, and says nothing of who may come",
        )


RULE = Rule(
    id="service-load-balancer-open",
    title="A public load balancer says who may come",
    area="exposure",
    severity="mandatory",
    kinds=("Service",),
    parameters={
        "entrances": Parameter(
            default=[],
            docs="Services that everybody may reach, as namespace/name: those of ingress controllers",
        )
    },
    check=_check,
    why="Everybody on the Internet reaches the pods.",
    remedy="set loadBalancerSourceRanges, or the annotation of an internal load balancer",
    source="https://learn.microsoft.com/azure/aks/load-balancer-standard",
)
