"""Where in the project's files a property of a resource was written.

A place is of the head's files: the line of the key that makes the property, of the nearest key above it that is there,
at the least the first line of the workload's file or the stack file's settings. What no YAML says is at the component
of the program that makes it. Of something that is gone it is the place that it was taken from, where that is still
there, or else the file of the base that described it. It is never a file that has nothing to do with it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from review import urn as urns
from review.guard.pairs import mapping, title
from review.origin_keys import (
    AZURE,
    BY_NAME,
    CLUSTER,
    CONTAINER,
    HOST,
    NAMED_AFTER,
    POD,
    POOL,
    SECTIONS,
    TEMPLATES,
    TENANT,
    WORKLOAD,
    Keys,
)
from review.plan import Plan, Resource
from review.report import Place, Review
from settings.sources import CHARTS, WORKLOADS, Sources
from settings.stack import PATH
from settings.workload import key_of

KeyPath = tuple[str, ...]

_STEP: Final = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[([^\[\]]*)\]|([^.\[]+)')
_COMPONENT: Final = re.compile(r"^class (\w+)\(pulumi\.ComponentResource\)", re.MULTILINE)
_ANY: Final = "*"
_APART: Final = ("/backup",)
"""Sections whose resources are all their own, of whatever kind."""

_SHALLOW: Final = 3
"""Steps of a key that is at the top of a workload's file."""


def asked_of(review: Review) -> set[tuple[str, str]]:
    """Every URN and path that the parts of a review are about; the path is empty for the resource as a whole."""
    findings = (*review.findings, *(it.finding for it in review.exempted))
    asked = {(it.urn, path) for it in findings for path in ("", it.path)}
    asked |= {(it.urn, path) for it in review.facts for path in ("", it.path)}
    return {it for it in asked | {(it.urn, "") for it in review.changes} if it[0]}


def identified(review: Review, head: Plan, base: Plan) -> Review:
    """The same review; findings that name a resource of the plans and not its URN have that, too."""
    missing = {it.resource for it in review.findings if not it.urn}
    if not missing:
        return review
    found: dict[str, set[str]] = {}
    for plan in (head, base):
        for row in plan.resources:
            if (name := title(row)) in missing:
                found.setdefault(name, set()).add(row.urn)
    urns_of = {name: min(those) for name, those in found.items() if len(those) == 1}
    return replace(
        review,
        findings=tuple(
            replace(it, urn=urns_of.get(it.resource, "")) if not it.urn else it
            for it in review.findings
        ),
    )


def places(
    asked: Iterable[tuple[str, str]],
    head: Plan,
    sources: Sources,
    base: Plan | None = None,
    described: Callable[[], Mapping[str, Place]] = dict,
) -> tuple[tuple[str, Place], ...]:
    """Places by URN and by `URN#path`, for `Review.places`; a path only where its line is not the resource's.

    `sources` are the files that `head` was planned from. `described` tells where the base's files described
    workloads and charts, by `<namespace>-<name>` and by name; it is asked only where one of them is gone. A URN that
    neither plan has is left out, and so is what is gone and nobody knows from where.
    """
    after = _Side(head, sources)
    before = _Side(base, sources) if base else None
    once = cache(described)
    found: dict[str, Place] = {}
    for urn, path in sorted(asked):
        place = after.place(urn, path)
        if place is None and before:
            place = _of_gone(before, after, urn, path, once)
        if place and (not path or found.get(urn) != place):
            found[f"{urn}#{path}" if path else urn] = place
    return tuple(sorted(found.items()))


def _of_gone(
    before: "_Side",
    after: "_Side",
    urn: str,
    path: str,
    described: Callable[[], Mapping[str, Place]],
) -> Place | None:
    """Of what only the base has, as the head's files would make it if they did."""
    key = before.key(urn, path)
    if key is None:
        return None
    own = before.described_as(urn)
    return described().get(own) if own and (not key or not after.has(key)) else after.at(key)


class _Side:
    """One plan with the files that it was made from."""

    def __init__(self, plan: Plan, sources: Sources) -> None:
        self._rows = {it.urn: it for it in plan.resources}
        self._sources = sources

    def place(self, urn: str, path: str) -> Place | None:
        """Where a property is written; None for a URN that the plan does not have."""
        key = self.key(urn, path)
        if key is None:
            return None
        return self.at(key) if key and self.has(key) else self._program(urn) or self.at(())

    def has(self, key: KeyPath) -> bool:
        """Whether the files say anything of what a key is about."""
        if key[0] == WORKLOADS:
            return key[1:2] != () and key[1] in self._sources.catalogue
        if key[0] == CHARTS:
            return key[1:2] != () and key[1] in mapping(self._sources.root.get(CHARTS))
        return key[0] in self._sources.root

    def at(self, key: KeyPath) -> Place:
        """Line of a key, or of the nearest above it that is there."""
        stack = self._sources.document
        if key[:1] == (WORKLOADS,) and self._sources.overrides.get("".join(key[1:2]), {}) is None:
            return Place(file=stack.file, line=stack.line(("config", PATH, *key[:2])) or 1)
        document = self._sources.described(key)
        if (
            document
            and len(key) <= _SHALLOW
            and not self._sources.overrides.get(key[1])
            and (top := _top_line(document.text, *key[2:], "name"))
        ):
            return Place(file=document.file, line=top)
        file, line, _ = self._sources.place(key)
        if line == 1 and document:
            line = document.line(("name",))  # above it are comments
        return Place(file=file, line=line or 1)

    def key(self, urn: str, path: str) -> KeyPath | None:
        """The key of the settings that makes it, empty where none does; None for a URN that the plan does not have."""
        row = self._rows.get(urn)
        if row is None:
            return None
        kind = urns.type_of(urn).rpartition(":")[2]
        component, name, above = self._component(row)
        steps = _by_name(_steps(path), row.inputs)
        if component in ("Workload", "WorkloadIdentity"):
            own = self._workload(component, name, above)
            return self._of_workload(row, kind, own, steps) if own else ()
        if component == "Chart":
            return self._named.get(f"{CHARTS}:{name}", (CHARTS,))
        if component in NAMED_AFTER:
            middle, section = NAMED_AFTER[component]
            return (section, name.removeprefix(f"{above}{middle}"))
        rows, below = self._rows_of(row, kind, component, name)
        return _filled(rows, steps, below, str(mapping(row.inputs.get("metadata")).get("name", "")))

    def described_as(self, urn: str) -> str:
        """What `described` calls the workload or chart that a resource is of; empty where it is of none."""
        component, name, above = self._component(self._rows[urn])
        if component == "WorkloadIdentity":
            return name.removeprefix(f"{above}{NAMED_AFTER[component][0]}")
        return name if component in ("Workload", "Chart") else ""

    def _rows_of(self, row: Resource, kind: str, component: str, name: str) -> tuple[Keys, KeyPath]:
        """The table for a resource that belongs to no workload, and what its keys are below."""
        if component == "Tenant":
            return TENANT.get(kind, {}), ("namespaces", name)
        if component == "NodePools" and kind == "AgentPool":
            return POOL, ("nodePools", *self._pool(str(row.inputs.get("agentPoolName", ""))))
        if component == "Ingress" and "-host-" in row.name:
            return HOST, ("ingress", "hosts", row.name.rpartition("-host-")[2])
        section = SECTIONS.get(component, "")
        rows = CLUSTER if kind == "ManagedCluster" else AZURE.get(kind, {})
        return {"": section, **({} if section in _APART else rows)}, ()

    def _component(self, row: Resource) -> tuple[str, str, str]:
        """Class and logical name of the component that a resource is in, or is, and the name of the one above."""
        while not row.type.startswith("aks-platform:"):
            above = self._rows.get(row.parent)
            if above is None:
                return "", "", ""
            row = above
        parent = self._rows.get(row.parent)
        return row.type.rpartition(":")[2], row.name, parent.name if parent else ""

    @cached_property
    def _named(self) -> Mapping[str, KeyPath]:
        """Workloads and charts by the logical name of their component, `<namespace>-<name>`."""
        charts = mapping(self._sources.root.get(CHARTS))
        left_out = {name: it.data for name, it in self._sources.catalogue.items()}
        workloads = {**left_out, **self._sources.workloads}
        return {
            f"{section}:{data.get('namespace')}-{name}": (section, str(name))
            for section, those in ((WORKLOADS, workloads), (CHARTS, charts))
            for name, data in those.items()
            if isinstance(data, Mapping)
        }

    def _workload(self, component: str, name: str, above: str) -> str:
        if component == "Workload":
            return "".join(self._named.get(f"{WORKLOADS}:{name}", ())[1:])
        own = name.removeprefix(f"{above}{NAMED_AFTER[component][0]}")
        return own if own in self._sources.workloads else ""

    def _of_workload(self, row: Resource, kind: str, own: str, steps: KeyPath) -> KeyPath:
        below = (WORKLOADS, own)
        template = _steps(TEMPLATES.get(kind, ""))
        if template and steps[: len(template)] == template:
            return self._of_pod(own, steps[len(template) :])
        own_rows = next((rows for mark, rows in BY_NAME.items() if mark in row.name), {})
        return _filled({**WORKLOAD.get(kind, {}), **own_rows}, steps, below)

    def _of_pod(self, own: str, steps: KeyPath) -> KeyPath:
        below: KeyPath = (WORKLOADS, own)
        if steps[:1] != ("spec",) or steps[1:2] not in (("containers",), ("initContainers",)):
            return _filled(POD, steps, below)
        if len(steps) == 2:
            return (*below, "containers")
        data = self._sources.workloads.get(own, {})
        repository = data.get("image")
        if steps[1] != "containers" or steps[2] not in (own, "0"):
            further = mapping(mapping(data.get("containers")).get(steps[2]))
            repository = further.get("image") or repository
            below = (*below, "containers", steps[2])
        if steps[3:4] == ("image",):
            image = ("images", key_of(str(repository)))
            known = image[1] in mapping(self._sources.root.get("images"))
            return image if known else (*below, "image")
        return _filled(CONTAINER, steps[3:], below)

    def _pool(self, name: str) -> KeyPath:
        """The key of a pool by its name in Azure, which a blue/green one ends with a hash."""
        pools = mapping(self._sources.root.get("nodePools"))
        if name in pools:
            return (name,)
        blue = [str(key) for key, it in pools.items() if mapping(it).get("blueGreen")]
        near = [it for it in blue if name[:-4] == it] or [it for it in blue if name[:5] == it[:5]]
        return (near[0],) if len(near) == 1 else ()

    def _program(self, urn: str) -> Place | None:
        """The class of the nearest component, in the program's source."""
        chain = [it for it in urns.type_chain(urn).split("$") if it.startswith("aks-platform:")]
        return _classes(self._sources.folder).get(chain[-1]) if chain else None


def _top_line(text: str, *keys: str) -> int:
    """Line of the first of `keys` that stands at the top of a YAML file; 0 where only a parser can tell.

    Parsing a thousand files for a line of each takes a second; this takes a hundredth.
    """
    if text.startswith("{") or "\n{" in text or "<<" in text:
        return 0
    for key in keys:
        if found := re.search(rf"^{re.escape(key)}:", text, re.MULTILINE):
            return text.count("\n", 0, found.start()) + 1
        if f'"{key}"' in text or f"'{key}'" in text:
            return 0
    return 0


@cache
def _classes(folder: Path) -> Mapping[str, Place]:
    """Component classes of the program by type token."""
    found: dict[str, Place] = {}
    for room in ("azure", "kubernetes"):
        for path in sorted((folder / "components" / room).glob("*.py")):
            text = path.read_text(encoding="utf-8", errors="replace")
            for match in _COMPONENT.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                place = Place(file=f"components/{room}/{path.name}", line=line)
                found[f"aks-platform:{room}:{match[1]}"] = place
    return found


@cache
def _steps(path: str) -> KeyPath:
    """`a.b[c]["d.e"]` as `a`, `b`, `c`, `d.e`."""
    return tuple(
        quoted.replace('\\"', '"') if quoted else item or word
        for quoted, item, word in _STEP.findall(path)
    )


def _by_name(steps: KeyPath, inputs: Any) -> KeyPath:
    """Numbers of items become the names by which the settings know them."""
    found: list[str] = []
    for step in steps:
        if isinstance(inputs, list):
            items = {_name_of(it): it for it in inputs}
            if step.isdecimal() and int(step) < len(inputs):
                step = _name_of(inputs[int(step)]) or step
            inputs = items.get(step)
        else:
            inputs = mapping(inputs).get(step)
        found.append(step)
    return tuple(found)


def _name_of(item: Any) -> str:
    """Of a container, a volume, a claim's template; empty of what has none."""
    own = mapping(item)
    name = own.get("name") or mapping(own.get("metadata")).get("name")
    return name if isinstance(name, str) else ""


def _filled(rows: Keys, steps: KeyPath, below: KeyPath, name: str = "") -> KeyPath:
    """The key of the longest path that leads to `steps`, `below` itself where none does."""
    best, key = -1, ""
    names: KeyPath = ()
    for path, row in rows.items():
        wanted = _steps(path)
        if len(wanted) > best and len(wanted) <= len(steps):
            pairs = list(zip(wanted, steps, strict=False))
            if all(one in (_ANY, other) for one, other in pairs):
                best, key = len(wanted), row
                names = tuple(other for one, other in pairs if one == _ANY)
    parts = key.removeprefix("/").split(".") if key.strip("/") else []
    found = tuple(it.format(*names, name=name) if "{" in it else it for it in parts)
    return found if key.startswith("/") else (*below, *found)
