"""What some chapters see of a plan: it without what they never read.

What such a chapter makes of a plan is kept under the hash of what it sees. A change of memory, of an image or of a
variable leaves that as it was, and with it the whole network, which is the dearest part of a review.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeGuard

from manifests.charts import COMPONENT as CHART
from review.analyses.pods import RELEASE
from review.analyses.reachability.exposure import KINDS as LEADING
from review.analyses.reachability.network import KINDS as NETWORK
from review.analyses.reachability.workloads import KINDS as POD_KINDS
from review.marks import is_mark
from review.meaning.reading import pod_steps
from review.plan import Plan, Resource

_KINDS: Final = frozenset({*NETWORK, *LEADING})
_OUTPUTS: Final = ("clusterName",)
"""Whether the program builds the cluster."""

_OF_METADATA: Final = ("name", "namespace", "generateName", "labels", "ownerReferences")
_OF_POD: Final = ("hostNetwork", "containers", "initContainers")
_OF_CONTAINER: Final = ("name", "ports", "restartPolicy")

_last: list[tuple[Plan, Plan]] = []
"""The two plans of a review, which two chapters ask for each."""


def network(plan: Plan) -> Plan:
    """`plan` with what connections and ways in follow from, and nothing else; of itself it is the same."""
    for whole, seen in _last:
        if plan is whole or plan is seen:
            return seen
    rows = tuple(row for it in plan.resources if (row := _of_network(it)) is not None)
    outputs = _some(plan.outputs, _OUTPUTS)
    seen = Plan(project=plan.project, stack=plan.stack, resources=rows, outputs=outputs)
    _last[:] = [*_last[-1:], (plan, seen)]
    return seen


def _of_network(row: Resource) -> Resource | None:
    if row.type.startswith("azure-native:") or row.type == RELEASE:
        return row
    if row.type == CHART:
        said = _some(row.inputs, ("pods",))
        return Resource(urn=row.urn, type=row.type, name=row.name, inputs=said)
    kind = row.inputs.get("kind")
    if not (isinstance(kind, str) and kind in _KINDS and row.type.startswith("kubernetes:")):
        return None
    if kind not in POD_KINDS:
        return row
    return Resource(urn=row.urn, type=row.type, name=row.name, inputs=_of_pods(kind, row.inputs))


def _of_pods(kind: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    found = {**_some(inputs, ("apiVersion", "kind")), **_metadata(inputs)}
    at, here = found, inputs
    for step in pod_steps(kind):
        inner = here.get(step)
        if not _is_map(inner):
            at |= _some(here, (step,))
            return found
        # A ReplicaSet of none is one that a Deployment has left behind.
        at[step] = _some(inner, ("replicas",)) if kind == "ReplicaSet" else {}
        at, here = at[step], inner
    if at is not found:
        at |= _metadata(here)
    spec = here.get("spec")
    at |= {"spec": _pod(spec)} if _is_map(spec) else _some(here, ("spec",))
    return found


def _metadata(holder: Mapping[str, Any]) -> dict[str, Any]:
    metadata = holder.get("metadata")
    return (
        {"metadata": _some(metadata, _OF_METADATA)}
        if _is_map(metadata)
        else _some(holder, ("metadata",))
    )


def _pod(spec: Mapping[str, Any]) -> dict[str, Any]:
    found = _some(spec, _OF_POD)
    for key in ("containers", "initContainers"):
        if isinstance(items := spec.get(key), list):
            found[key] = [_some(it, _OF_CONTAINER) if _is_map(it) else it for it in items]
    return found


def _some(holder: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: holder[key] for key in keys if key in holder}


def _is_map(value: Any) -> TypeGuard[Mapping[str, Any]]:
    """Marks, which have one key of their own, stay whole: they say what must be known."""
    return isinstance(value, Mapping) and not is_mark(value)
