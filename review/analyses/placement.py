"""Where pods may run: business pods on system nodes are what this platform exists to prevent."""

from collections.abc import Iterator, Mapping
from typing import Any

from review.analyses.pods import Pods, kubernetes_objects, pods_of, pools_of
from review.findings import Finding
from review.marks import is_mark, known, names
from review.plan import Plan

LEVEL = "pod-security.kubernetes.io/enforce"


def placement_findings(plan: Plan) -> Iterator[Finding]:
    """Pods that may land on a system pool, bound to one that does not exist, or bound to none where pools exist."""
    pools = {f"{it['agentpool']}": it for it in pools_of(plan)}
    bound = any(it.pool for it in pods_of(plan))
    for it in pods_of(plan):
        found = _misplaced(it, pools, bound=bound)
        if it.unplaced and (found is None or found.rule == "pool-missing"):
            yield Finding(
                rule="placement-unknown",
                severity="advisory",
                resource=it.title,
                message=f"on which nodes its pods may run cannot be told: {', '.join(it.unplaced)} must be known",
                path=it.unplaced[0],
                verdict="unknown",
            )
        elif found is not None:
            yield found


def _misplaced(it: Pods, pools: Mapping[str, Mapping[str, Any]], *, bound: bool) -> Finding | None:
    """`bound` is whether any pods are bound to a pool."""
    if it.pool and it.pool not in pools:
        return _mandatory(
            "pool-unknown",
            it.title,
            f"no pool is named {it.pool}: its pods would stay Pending; "
            f"name one of {', '.join(pools) or 'none'}",
        )
    if it.pool and pools[it.pool].get("mode") == "System":
        return _mandatory(
            "pool-system", it.title, f"{it.pool} is a system pool; name a worker pool"
        )
    if it.on_system and not it.per_node:
        return _mandatory(
            "pool-system",
            it.title,
            "tolerates the taint of system pools; remove the toleration",
        )
    if bound and it.pool is None and not it.per_node:
        return _mandatory(
            "pool-missing",
            it.title,
            "is bound to no pool and may land anywhere; name a worker pool",
        )
    return None


def _mandatory(rule: str, resource: str, message: str) -> Finding:
    return Finding(rule=rule, severity="mandatory", resource=resource, message=message)


def exception_findings(plan: Plan) -> Iterator[Finding]:
    """Namespaces that allow more than the restricted pod security level, with the reason they give."""
    for row, manifest in kubernetes_objects(plan, "Namespace"):
        metadata, title = known(manifest.get("metadata")), f"Namespace {names(row)[1]}"
        level = known(metadata.get("labels")).get(LEVEL)
        open_ = next(
            (
                path
                for path, it in (
                    ("metadata", manifest.get("metadata")),
                    ("metadata.labels", metadata.get("labels")),
                    (f"metadata.labels.{LEVEL}", level),
                    (
                        f"metadata.labels.{LEVEL}-version",
                        known(metadata.get("labels")).get(f"{LEVEL}-version"),
                    ),
                )
                if is_mark(it)
            ),
            "",
        )
        if open_:
            yield Finding(
                rule="pod-security-unknown",
                severity="advisory",
                resource=title,
                message=f"which pods it allows cannot be told: {open_} must be known",
                path=open_,
                verdict="unknown",
            )
            continue
        if level == "restricted":
            continue
        given = [
            "one that is known after deployment only" if is_mark(text) else text
            for key, text in known(metadata.get("annotations")).items()
            if key.endswith("pod-security-reason")
        ]
        yield Finding(
            rule="pod-security",
            severity="advisory" if level and given else "mandatory",
            resource=title,
            message=f"allows {level or 'privileged'} pods: {given[0] if given else 'no reason is given; add one'}",
        )
