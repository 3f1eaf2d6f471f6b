"""Where pods may run: business pods on system nodes are what this platform exists to prevent."""

from collections.abc import Iterator

from review.analyses.pods import kubernetes_objects, meta, pods_of, pool_label
from review.findings import Finding
from review.plan import Plan

LEVEL = "pod-security.kubernetes.io/enforce"


def placement_findings(plan: Plan) -> Iterator[Finding]:
    """Pods that may land on a system pool, bound to one that does not exist, or bound to none where pools exist."""
    pools = {pool_label(it): it for it in plan.outputs.get("nodePools", ())}
    bound = any(it.pool for it in pods_of(plan))
    for it in pods_of(plan):
        if it.pool and it.pool not in pools:
            yield _mandatory(
                "pool-unknown",
                it.title,
                f"no pool is named {it.pool}: its pods would stay Pending; "
                f"name one of {', '.join(pools) or 'none'}",
            )
        elif it.pool and pools[it.pool]["mode"] == "System":
            yield _mandatory(
                "pool-system", it.title, f"{it.pool} is a system pool; name a worker pool"
            )
        elif it.on_system and not it.per_node:
            yield _mandatory(
                "pool-system",
                it.title,
                "tolerates the taint of system pools; remove the toleration",
            )
        elif bound and it.pool is None and not it.per_node:
            yield _mandatory(
                "pool-missing",
                it.title,
                "is bound to no pool and may land anywhere; name a worker pool",
            )


def _mandatory(rule: str, resource: str, message: str) -> Finding:
    return Finding(rule=rule, severity="mandatory", resource=resource, message=message)


def exception_findings(plan: Plan) -> Iterator[Finding]:
    """Namespaces that allow more than the restricted pod security level, with the reason they give."""
    for _, manifest in kubernetes_objects(plan, "Namespace"):
        metadata = meta(manifest)
        level = metadata.get("labels", {}).get(LEVEL)
        if level == "restricted":
            continue
        given = [
            text
            for key, text in metadata.get("annotations", {}).items()
            if key.endswith("pod-security-reason")
        ]
        yield Finding(
            rule="pod-security",
            severity="advisory" if level and given else "mandatory",
            resource=f"Namespace {metadata['name']}",
            message=f"allows {level or 'privileged'} pods: {given[0] if given else 'no reason is given; add one'}",
        )
