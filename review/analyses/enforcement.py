"""Whether anything holds pods to their network policies."""

from collections.abc import Iterator

from manifests.isolation import NOT_ENFORCED
from review.analyses.pods import kubernetes_objects, meta
from review.findings import Finding
from review.marks import known, names
from review.plan import Plan


def enforcement_findings(plan: Plan) -> Iterator[Finding]:
    """One for a stack with `cni: none`, however many namespaces it has; advisory: it was asked for."""
    shut = {
        names(row)[0]
        for row, manifest in kubernetes_objects(plan, "NetworkPolicy")
        if NOT_ENFORCED in known(meta(manifest).get("annotations"))
    }
    if shut:
        yield Finding(
            rule="policies-not-enforced",
            severity="advisory",
            resource="network policies",
            message=f"nothing holds pods to them in {', '.join(sorted(shut))}: by 'cni: none' every pod reaches every "
            "other and the Internet, whatever 'uses' says; set 'cni' to the plugin that the cluster has",
        )
