"""Objects that a workload's `patch` changes: what no setting says and no check of the settings has seen."""

from collections.abc import Iterator

from manifests.patches import PATCHED
from review.analyses.pods import kubernetes_objects
from review.findings import Finding
from review.marks import known, names, text
from review.plan import Plan


def patch_findings(plan: Plan) -> Iterator[Finding]:
    """Every patched object with the reason that its workload gives."""
    for resource, manifest in kubernetes_objects(plan):
        reason = known(known(manifest.get("metadata")).get("annotations")).get(PATCHED)
        if reason is not None:
            yield Finding(
                rule="patched-object",
                severity="advisory",
                resource=f"{manifest['kind']} {'/'.join(names(resource))}",
                message=f"is patched beyond the settings: {text(reason) or 'the reason is not told'}",
            )
