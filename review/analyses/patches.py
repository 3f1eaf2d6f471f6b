"""Objects that a workload's `patch` changes: what no setting says and no check of the settings has seen."""

from collections.abc import Iterator

from manifests.patches import PATCHED
from review.analyses.pods import kubernetes_objects, meta
from review.findings import Finding
from review.plan import Plan


def patch_findings(plan: Plan) -> Iterator[Finding]:
    """Every patched object with the reason that its workload gives."""
    for resource, manifest in kubernetes_objects(plan):
        metadata = meta(manifest) if "metadata" in manifest else {}
        reason = metadata.get("annotations", {}).get(PATCHED)
        if reason is not None:
            name = metadata["name"]
            known = name if isinstance(name, str) else resource.name
            yield Finding(
                rule="patched-object",
                severity="advisory",
                resource=f"{manifest['kind']} {metadata['namespace']}/{known}",
                message=f"is patched beyond the settings: {reason}",
            )
