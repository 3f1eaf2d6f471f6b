"""Every finding of access, of plain objects and of a plan."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from review.analyses.access.bindings import binding_findings
from review.analyses.access.objects import AccessFinding, AccessObjects
from review.analyses.access.roles import role_findings
from review.analyses.pod_security import enforced
from review.analyses.pods import kubernetes_objects, release_key, releases
from review.findings import Finding
from review.marks import is_mark, marks, names
from review.plan import Plan, Resource
from settings.api_resources import minors, served_by

_KINDS: Final = ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")
_PARTED: Final = ("rules", "subjects")
"""Lists whose items say something each alone."""


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
    for row, manifest in kubernetes_objects(plan):
        if manifest.get("kind") in _KINDS and (open_ := [*_open(manifest)]):
            yield _untold(row, open_)
            if told := _told(manifest):
                given.add(told)
            continue
        given.add(manifest)
        if manifest.get("kind") == "Namespace":
            label, _ = enforced(manifest)
            if label and label.minor is not None:
                pinned.add(label.minor)
    charts = {release_key(it)[0] for it in releases(plan)}
    minor = f"1.{max(pinned)}" if pinned else minors()[-1]
    for it in access_findings(given, minor, charts):
        yield it.finding()


def _open(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Where a role or a binding is not told."""
    metadata = manifest.get("metadata")
    if is_mark(metadata):
        yield "metadata"
        return
    named = {key: (metadata or {}).get(key) for key in ("name", "namespace")}
    yield from marks({"metadata": named})
    yield from marks({key: manifest.get(key) for key in (*_PARTED, "roleRef")})


def _told(manifest: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """It without the rules and subjects that are not told; None where it is not even told what it is."""
    kept = {
        key: [it for it in value if not [*marks(it)]]
        if key in _PARTED and isinstance(value, list | tuple)
        else value
        for key, value in manifest.items()
        if not (key in _PARTED and is_mark(value))
    }
    return None if [*_open(kept)] else kept


def _untold(row: Resource, open_: list[str]) -> Finding:
    namespace, name = names(row)
    kind = row.inputs["kind"]
    title = name if kind.startswith("Cluster") else f"{namespace}/{name}"
    return Finding(
        rule="access-unknown",
        severity="advisory",
        resource=f"{kind} {title}",
        message=f"what it allows cannot be told: {', '.join(open_)} must be known",
        path=open_[0],
        verdict="unknown",
    )
