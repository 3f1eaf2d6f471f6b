"""Objects of a plan as the analyses take them, without what only a deployment tells, and what that leaves open.

A selector with an unknown part must not be read as an empty one, which selects everybody: what holds a mark is left
out with the item that it stands in, and named.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from manifests.service import INTERNAL
from review.analyses.pods import RELEASE
from review.analyses.reachability.workloads import KINDS as POD_KINDS
from review.given import Given, Kinds
from review.guard.pairs import title
from review.meaning.words import listed
from review.plan import SECRET, UNKNOWN, Plan, Resource
from review.report import Area, AreaFinding, Fact
from review.sources.memo import contents
from settings.pod_fields import mapping

_PARTED: Final = frozenset(
    {
        *("ingress", "egress", "ingressDeny", "egressDeny", "from", "to", "ports"),
        *("rules", "paths", "tls", "hosts", "routes", "subroutes", "loadBalancerSourceRanges"),
        *("subjects", "apiGroups", "resources", "verbs", "resourceNames"),
    }
)
"""Lists whose items say something each alone, so that one may be left out."""

_NEEDED: Final = frozenset(
    {
        *("from", "to", "ports", "paths", "loadBalancerSourceRanges"),
        *("apiGroups", "resources", "verbs", "resourceNames"),
    }
)
"""Lists that mean everybody, or nothing at all, once they are empty: then what is around goes, too."""

_TELLING: Final = frozenset({INTERNAL})
"""Annotations that an analysis reads; any other may be unknown."""

_LABELLED: Final = frozenset({"Namespace", "ClusterRole"})
"""Kinds whose own labels others select by."""


@dataclass(frozen=True, kw_only=True)
class Undetermined:
    """One place of one object that a plan does not tell."""

    resource: str
    urn: str
    path: str
    secret: bool
    """Whether a value is there, and is not shown."""

    namespace: str = ""
    """Of the object; empty where it has none, or none that is known."""


class _UnknownError(Exception):
    """Nothing is left of the value around."""


def objects(plan: Plan, kinds: Kinds, open_: list[Undetermined]) -> Iterator[Given]:
    """Objects of `kinds`, their URN in place of a file; what they leave open is added to `open_`."""
    for row, content in zip(plan.resources, contents(plan), strict=True):
        if not row.type.startswith("kubernetes:") or row.type == RELEASE:
            continue
        kind = row.inputs.get("kind")
        if isinstance(kind, str) and kind in kinds:
            group = str(row.inputs.get("apiVersion", "v1")).rpartition("/")[0]
            if group not in kinds[kind]:
                continue
            told = not content.marked and mapping(row.inputs.get("metadata"))
            manifest = row.inputs if told else known(row, open_)
            if manifest is not None:
                yield Given(manifest, row.urn, None)


def known(row: Resource, open_: list[Undetermined]) -> Mapping[str, Any] | None:
    """What the plan tells of an object; None where that is too little to say anything of it."""
    kind, found = row.inputs["kind"], list[tuple[str, bool]]()
    try:
        of_pods = kind in POD_KINDS
        kept = _of_pods(row.inputs, found) if of_pods else _of_object(kind, row.inputs, found)
    except _UnknownError:
        kept = None
    if found:
        namespace = mapping(row.inputs.get("metadata")).get("namespace")
        home = namespace if isinstance(namespace, str) else ""
        open_ += [
            Undetermined(resource=title(row), urn=row.urn, path=path, secret=secret, namespace=home)
            for path, secret in found
        ]
    return kept


def _of_object(
    kind: str, inputs: Mapping[str, Any], found: list[tuple[str, bool]]
) -> Mapping[str, Any]:
    metadata = _map(inputs.get("metadata"), "metadata", found)
    if found:
        raise _UnknownError
    looked: dict[str, Any] = {key: it for key, it in inputs.items() if key not in _UNREAD}
    looked["metadata"] = {
        key: it for key, it in metadata.items() if key in ("name", "namespace", "generateName")
    }
    annotations = mapping(metadata.get("annotations"))
    looked["metadata"]["annotations"] = {
        key: it for key, it in annotations.items() if key in _TELLING
    }
    if kind in _LABELLED:
        looked["metadata"]["labels"] = metadata.get("labels", {})
    if not _marked(looked):
        return inputs
    kept = dict(_kept(looked, "", "", found))
    spec = mapping(inputs.get("spec"))
    if kind == "NetworkPolicy" and not spec.get("policyTypes"):
        # A policy without an egress rule left would not isolate egress any more.
        types = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]
        kept["spec"] = {**kept["spec"], "policyTypes": types}
    return kept


_UNREAD: Final = ("metadata", "status", "data", "stringData")
_CONTAINERS: Final = ("containers", "initContainers")


def _of_pods(inputs: Mapping[str, Any], found: list[tuple[str, bool]]) -> Mapping[str, Any]:
    """Of what has pods only names, labels and ports are read."""
    metadata, steps = _map(inputs.get("metadata"), "metadata", found), pod_steps(inputs["kind"])
    for key in ("name", "namespace"):
        _kept(metadata.get(key), f"metadata.{key}", key, found)
    if not metadata:
        raise _UnknownError
    spec: Any = inputs
    at = ""
    for step in steps:
        at = f"{at}.{step}" if at else step
        spec = mapping(spec).get(step)
        _kept(spec if _mark(spec) else None, at, "", found)
    template, below = mapping(spec), f"{at}." if at else ""
    own = _map(template.get("metadata"), f"{below}metadata", found)
    labels = _map(own.get("labels"), f"{below}metadata.labels", found)
    kept = {
        key: it
        for key, it in labels.items()
        if not _noted(it, f"{below}metadata.labels.{key}", found)
    }
    pod = _map(template.get("spec"), f"{below}spec", found)
    for key in ("hostNetwork", *_CONTAINERS):
        _noted(pod.get(key), f"{below}spec.{key}", found)
    ported = {
        key: [*_ported(pod[key], f"{below}spec.{key}", found)]
        for key in _CONTAINERS
        if isinstance(pod.get(key), list | tuple)
    }
    if not found:
        return inputs
    pod = {key: it for key, it in {**pod, **ported}.items() if not _mark(it)}
    made: Any = {"metadata": {**own, "labels": kept}, "spec": pod}
    for step in reversed(steps):
        made = {step: made}
    return {**inputs, **made, "metadata": {**metadata, "labels": kept} if not steps else metadata}


def _ported(given: Any, at: str, found: list[tuple[str, bool]]) -> Iterator[Any]:
    """Containers without the ports that are not told."""
    for index, it in enumerate(given):
        place = f"{at}[{index}]"
        if _noted(it, place, found):
            continue
        listed = it.get("ports") if isinstance(it, Mapping) else None
        ports = f"{place}.ports"
        if _noted(listed, ports, found):
            listed = ()
        elif not isinstance(listed, list | tuple):
            yield it
            continue
        told = [
            port
            for number, port in enumerate(listed)
            if not _noted(port, f"{ports}[{number}]", found)
            and not _unported(mapping(port), f"{ports}[{number}]", found)
        ]
        yield {**it, "ports": told}


def _unported(port: Mapping[str, Any], at: str, found: list[tuple[str, bool]]) -> bool:
    """Whether one port is not told in full; each place is noted."""
    keys = ("name", "containerPort", "protocol")
    return sum(_noted(port.get(key), f"{at}.{key}", found) for key in keys) > 0


def _map(value: Any, at: str, found: list[tuple[str, bool]]) -> Mapping[str, Any]:
    return {} if _noted(value, at, found) else mapping(value)


def pod_steps(kind: str) -> tuple[str, ...]:
    """The keys that lead to the template of an object of `kind`; a pod is its own."""
    if kind == "Pod":
        return ()
    return (
        ("spec", "jobTemplate", "spec", "template") if kind == "CronJob" else ("spec", "template")
    )


def _kept(value: Any, at: str, key: str, found: list[tuple[str, bool]]) -> Any:
    """`value` without the items that hold a mark; raises `_UnknownError` where it means nothing without them."""
    if _mark(value):
        found.append((at, value == SECRET))
        raise _UnknownError
    if isinstance(value, Mapping):
        if key in ("labels", "annotations"):
            return {name: it for name, it in value.items() if not _noted(it, f"{at}.{name}", found)}
        return {
            name: _kept(it, f"{at}.{name}" if at else name, name, found)
            for name, it in value.items()
        }
    if not isinstance(value, list | tuple):
        return value
    kept = []
    for number, it in enumerate(value):
        try:
            kept.append(_kept(it, f"{at}[{number}]", "", found))
        except _UnknownError:
            if key not in _PARTED:
                raise
    if value and not kept and key in _NEEDED:
        raise _UnknownError
    return kept


def _noted(value: Any, at: str, found: list[tuple[str, bool]]) -> bool:
    if _mark(value):
        found.append((at, value == SECRET))
    return _mark(value)


def _mark(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and value in (UNKNOWN, SECRET)


def _marked(value: Any) -> bool:
    """Asked of all that is read: the loops are what makes it quick enough."""
    if isinstance(value, dict):
        if len(value) == 1 and _mark(value):
            return True
        value = value.values()
    elif not isinstance(value, list | tuple):
        return False
    for it in value:  # noqa: SIM110
        if isinstance(it, dict | list | tuple) and _marked(it):
            return True
    return False


def undetermined(
    area: Area, what: str, before: Iterable[Undetermined], after: Iterable[Undetermined]
) -> Iterator[Fact | AreaFinding]:
    """What can no longer be told of `what`, and what can be told now; one for each object."""
    old, new = _by_object(before), _by_object(after)
    for resource, places in new.items():
        if places == old.get(resource):
            continue
        said = ", ".join(it.path for it in places)
        secret = all(it.secret for it in places)
        need = "is a secret that no plan shows" if secret else "must be known"
        yield AreaFinding(
            rule=f"{area}-unknown",
            severity="advisory",
            resource=resource,
            message=f"{what} cannot be told: {said} {need}",
            path=places[0].path,
            why="what is left out here may be more than what is told",
            remedy="give it a value that the program knows, or look at it after the deployment",
            urn=places[0].urn,
            verdict="unknown",
            area=area,
        )
    for resource, places in old.items():
        if resource not in new:
            said = ", ".join(it.path for it in places)
            yield Fact(
                area=area,
                sign="changed",
                resource=resource,
                message=f"{what} can be told now; before, {said} was not known, so that some of it may be nothing new",
                rank=15,
                path=places[0].path,
                urn=places[0].urn,
            )


def doubted(
    found: Iterable[Fact | AreaFinding],
    before: Iterable[Undetermined],
    after: Iterable[Undetermined],
    behind: Mapping[str, Iterable[str]] | None = None,
) -> Iterator[Fact | AreaFinding]:
    """`found`, with a word where it is about an object that one side leaves open: what is left out may be why.

    `behind` are the URNs of further objects that what is said of a URN hangs on.
    """
    old, new = {it.urn: it for it in before}, {it.urn: it for it in after}
    for it in found:
        urns = sorted({it.urn, *(behind or {}).get(it.urn, ())})
        open_ = next((new[urn] for urn in urns if urn in new), None)
        if open_ is None and isinstance(it, Fact):
            open_ = next((old[urn] for urn in urns if urn in old), None)
        if open_ is None:
            yield it
            continue
        message = f"{it.message}; not for certain: {open_.path} of {open_.resource} must be known"
        if isinstance(it, Fact):
            yield replace(it, message=message)
        else:
            yield replace(it, message=message, severity="advisory", verdict="unknown")


def unsure(it: AreaFinding, doubt: str) -> AreaFinding:
    """The finding, undecided where it hangs on what `doubt` names."""
    if not doubt:
        return it
    message = f"{it.message}; not for certain: {doubt} must be known"
    return replace(it, message=message, severity="advisory", verdict="unknown")


def said_places(found: Iterable[Undetermined]) -> str:
    """Some of them, by object and path, and how many more."""
    return listed(sorted({f"{it.resource}: {it.path}" for it in found}))


def _by_object(found: Iterable[Undetermined]) -> dict[str, tuple[Undetermined, ...]]:
    grouped: dict[str, set[Undetermined]] = {}
    for it in found:
        grouped.setdefault(it.resource, set()).add(it)
    return {
        key: tuple(sorted(grouped[key], key=lambda it: (it.path, it.urn)))
        for key in sorted(grouped)
    }
