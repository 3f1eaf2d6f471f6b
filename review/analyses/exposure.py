"""What is open to everyone: load balancers with a public address that let in all sources."""

from collections.abc import Iterator, Mapping
from typing import Any

from manifests.service import INTERNAL
from review.analyses.pods import kubernetes_objects, meta
from review.findings import Finding
from review.marks import is_mark, known, known_list, names
from review.plan import Plan


def exposure_findings(plan: Plan) -> Iterator[Finding]:
    """One for each Service of type LoadBalancer that takes requests from everywhere; advisory: it was asked for.

    On a cluster that this program does not build nobody here can tell what its load balancers reach, which is said.
    """
    azure = "clusterName" in plan.outputs
    for row, manifest in kubernetes_objects(plan, "Service"):
        metadata, spec = meta(manifest), known(manifest.get("spec"))
        title = f"Service {'/'.join(names(row))}"
        if open_ := _open(manifest, metadata, spec, azure=azure):
            yield Finding(
                rule="load-balancer-unknown",
                severity="advisory",
                resource=title,
                message=f"whether it takes requests from everywhere cannot be told: {open_} must be known",
                path=open_,
                verdict="unknown",
            )
            continue
        if spec.get("type") != "LoadBalancer" or spec.get("loadBalancerSourceRanges"):
            continue
        if azure and _is_internal(metadata):
            continue
        where = (
            "from the whole Internet"
            if azure
            else "from wherever this cluster's load balancers reach"
        )
        listed = known_list(spec.get("ports"))
        numbers = ", ".join(f"{it['port']}" for it in listed if isinstance(it.get("port"), int))
        yield Finding(
            rule="load-balancer-open",
            severity="advisory",
            resource=title,
            message=f"takes requests {where} on {numbers or 'ports that must be known'}; add 'service.allowedSources'"
            + (", or remove 'internal: false'" if azure else ""),
        )


def _is_internal(metadata: Mapping[str, Any]) -> bool:
    return bool(known(metadata.get("annotations")).get(INTERNAL) == "true")


def _open(
    manifest: Mapping[str, Any],
    metadata: Mapping[str, Any],
    spec: Mapping[str, Any],
    *,
    azure: bool,
) -> str:
    """Path of what must be known to say whether it lets everybody in; empty where the plan tells."""
    if is_mark(manifest.get("spec")):
        return "spec"
    if is_mark(kind := spec.get("type")):
        return "spec.type"
    if kind != "LoadBalancer":
        return ""
    annotations = metadata.get("annotations")
    places = [("spec.loadBalancerSourceRanges", spec.get("loadBalancerSourceRanges"))]
    if azure:
        places += [
            ("metadata", manifest.get("metadata")),
            ("metadata.annotations", annotations),
            (f"metadata.annotations.{INTERNAL}", known(annotations).get(INTERNAL)),
        ]
    return next((path for path, it in places if is_mark(it)), "")
