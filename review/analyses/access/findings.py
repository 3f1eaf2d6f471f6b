"""Every finding of access, of plain objects and of a plan."""

from collections.abc import Collection, Iterator

from review.analyses.access.bindings import binding_findings
from review.analyses.access.objects import AccessFinding, AccessObjects
from review.analyses.access.roles import role_findings
from review.analyses.pod_security import enforced
from review.analyses.pods import kubernetes_objects, releases
from review.findings import Finding
from review.plan import Plan
from settings.api_resources import minors, served_by


def access_findings(
    given: AccessObjects, minor: str, charts: Collection[str] = frozenset()
) -> list[AccessFinding]:
    """Of roles and bindings, as Kubernetes `minor` knows resources.

    `charts` are namespaces whose objects are not all given.
    """
    return [*role_findings(given, served_by(minor)), *binding_findings(given, charts)]


def permission_findings(plan: Plan) -> Iterator[Finding]:
    """Of the plan's roles and bindings, patches included; the minor is the newest that its namespaces pin."""
    given, pinned = AccessObjects(), set[int]()
    for _, manifest in kubernetes_objects(plan):
        given.add(manifest)
        if manifest.get("kind") == "Namespace":
            label, _ = enforced(manifest)
            if label and label.minor is not None:
                pinned.add(label.minor)
    charts = {str(it.inputs.get("namespace", "default")) for it in releases(plan)}
    minor = f"1.{max(pinned)}" if pinned else minors()[-1]
    for it in access_findings(given, minor, charts):
        yield it.finding()
