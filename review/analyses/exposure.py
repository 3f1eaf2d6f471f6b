"""What is open to everyone: load balancers with a public address that let in all sources."""

from collections.abc import Iterator, Mapping
from typing import Any

from manifests.service import INTERNAL
from review.analyses.pods import kubernetes_objects, meta
from review.findings import Finding
from review.plan import Plan


def exposure_findings(plan: Plan) -> Iterator[Finding]:
    """One for each Service of type LoadBalancer that takes requests from everywhere; advisory: it was asked for.

    On a cluster that this program does not build nobody here can tell what its load balancers reach, which is said.
    """
    azure = "clusterName" in plan.outputs
    for _, manifest in kubernetes_objects(plan, "Service"):
        metadata, spec = meta(manifest), manifest["spec"]
        if spec.get("type") != "LoadBalancer" or spec.get("loadBalancerSourceRanges"):
            continue
        if azure and _is_internal(metadata):
            continue
        where = (
            "from the whole Internet"
            if azure
            else "from wherever this cluster's load balancers reach"
        )
        numbers = ", ".join(str(it["port"]) for it in spec.get("ports", ()))
        yield Finding(
            rule="load-balancer-open",
            severity="advisory",
            resource=f"Service {metadata['namespace']}/{metadata['name']}",
            message=f"takes requests {where} on {numbers}; add 'service.allowedSources'"
            + (", or remove 'internal: false'" if azure else ""),
        )


def _is_internal(metadata: Mapping[str, Any]) -> bool:
    return bool(metadata.get("annotations", {}).get(INTERNAL) == "true")
