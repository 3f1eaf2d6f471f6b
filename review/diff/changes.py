"""Two plans to the changes between them: one a resource, property by property, with what the guard says of each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from review import urn as urns
from review.diff.azure import AzureShape
from review.diff.durations import seconds
from review.diff.ignored import kept
from review.diff.paths import along, bare
from review.diff.said import property_change
from review.diff.secrets import veiled
from review.diff.shapes import ANY, Listing, Shape, of_kind
from review.diff.walk import Difference, differences
from review.guard.findings import GuardFinding
from review.guard.pairs import Pair, Pairs, mapping, pairs, title
from review.plan import SECRET, Plan, Resource
from review.report import Change, Operation, PropertyChange

STACK: Final = "pulumi:pulumi:Stack"
SECRET_TYPE: Final = "kubernetes:core/v1:Secret"
_CUSTOM: Final = ("pulumi:", "kubernetes:", "azure-native:")
_DEEPEST: Final = 100
"""Components in one another; a plan out of a file may have a circle."""

_UNTOLD: Final = frozenset({"aliases", "import"})
"""Options that only say which resource this is, and do nothing to it."""

_ORDER: Final[tuple[Operation, ...]] = (
    "delete",
    "replace",
    "maybeReplace",
    "move",
    "update",
    "create",
    "same",
)


@dataclass(frozen=True, kw_only=True)
class Differences:
    """All that is not the same in two plans."""

    changes: tuple[Change, ...]
    """Destructive first, then by name. `same` is a resource that an alias gave another URN, and nothing else."""

    unchanged: int
    notes: tuple[str, ...] = ()
    """What differs and is left out on purpose, a sentence each: `ignoreChanges` keeps it as it runs."""


def changes(base: Plan, head: Plan, findings: Sequence[GuardFinding] = ()) -> Differences:
    """What leads from `base` to `head`, resource by resource.

    `findings` are those of `guard(base, head)`; without them nothing is said to be replaced. Resources are matched as
    the guard matches them: by URN, alias, and by being the same thing to its service. What the engine would do to a
    component, a provider or the stack itself is among them, as in its own preview.

    A plan holds the same mark for every secret. So a secret that has another value on either side, and is marked as one
    on both, cannot be told from one that stayed. What can be told: that a mark came, went or took the place of a plain
    value; that a Secret of Kubernetes has another name, which says that its values may be others; that a value of a
    Secret that the program does not mark differs. No value of either is ever in the result.
    """
    beside = _stacks_together(pairs(base, head), head)
    told = _Told(base, head, findings, beside.same)
    found = [it for pair in beside.same if (it := told.same(pair)) is not None]
    found += [told.whole("move", new, old) for old, new in beside.moved]
    found += [told.whole("delete", it) for it in beside.gone]
    known = {it.urn for pair in (*beside.same, *beside.moved) for it in pair[1:]}
    found += [told.whole("create", it) for it in head.resources if it.urn not in known]
    found = _with_outputs(found, base, head, told)
    same = sum(it.operation != "create" for it in found if it.operation not in ("delete", "move"))
    return Differences(
        changes=ordered(found),
        unchanged=len(beside.same) - same,
        notes=tuple(sorted(told.notes)),
    )


def ordered(found: Iterable[Change]) -> tuple[Change, ...]:
    """Destructive first, then by name."""
    return tuple(sorted(found, key=lambda it: (_ORDER.index(it.operation), it.resource, it.urn)))


class _Told:
    """Says one change after another of a pair of plans."""

    def __init__(
        self, base: Plan, head: Plan, findings: Sequence[GuardFinding], same: Sequence[Pair]
    ) -> None:
        self.notes: list[str] = []
        self._rows = [{it.urn: it for it in plan.resources} for plan in (base, head)]
        self._renamed = {old.urn: new.urn for old, new in same if old.urn != new.urn}
        self._findings: dict[str, list[GuardFinding]] = defaultdict(list)
        for it in findings:
            if it.happens in ("replaced", "maybeReplaced"):
                self._findings[it.urn].append(it)

    def whole(
        self, operation: Operation, resource: Resource, base: Resource | None = None
    ) -> Change:
        """Of a resource that is made, deleted or moved."""
        return Change(
            operation=operation,
            resource=title(resource),
            type=resource.type,
            urn=resource.urn,
            base_urn=base.urn if base else "",
            component=component_of(resource, self._rows[0 if operation == "delete" else 1]),
        )

    def same(self, pair: Pair) -> Change | None:
        """Of a resource that is in both plans; None where nothing differs."""
        old, new = pair
        renamed = new.type != STACK and _below_stack(old.urn) != _below_stack(new.urn)
        if not renamed and _equal(old, new) and self._equal_place(old, new):
            return None
        findings = self._findings.get(new.urn, [])
        found = {it.path: it for it in self._properties(old, new, findings)}
        for it in findings:
            if not any(_within(path, it.path) for path in found):
                found[it.path] = _of_the_guard(it, new)
        if not found and not renamed:
            return None
        return replace(
            self.whole(_operation(found, findings), new),
            base_urn=old.urn if renamed else "",
            properties=tuple(found[path] for path in sorted(found)),
        )

    def _properties(
        self, old: Resource, new: Resource, findings: Sequence[GuardFinding]
    ) -> Iterator[PropertyChange]:
        paths = [it.path for it in findings]
        for it in self._differences(old, new):
            said = property_change(it)
            replaces = any(_within(it.path, path) for path in paths)
            yield replace(said, replaces=True) if replaces else said

    def _differences(self, old: Resource, new: Resource) -> Iterator[Difference]:
        shape = shape_of(new)
        before, after = _inputs(old, new)
        if patterns := new.options.get("ignoreChanges"):
            left = kept(before, after, patterns)
            if left is not after and (ignored := list(differences(after, left, shape))):
                names = ", ".join(dict.fromkeys(it.path for it in ignored))
                self.notes.append(f"{title(new)}: left as it runs (ignoreChanges): {names}")
                after = left
        yield from differences(before, after, shape)
        yield from _another_secret(before, after)
        yield from differences(
            {key: it for key, it in old.options.items() if key not in _UNTOLD},
            {key: it for key, it in new.options.items() if key not in _UNTOLD},
            _OPTIONS,
            "options",
        )
        if self._place(old.parent) != _below_stack(new.parent):
            yield Difference("parent", _below_stack(old.parent), _below_stack(new.parent))
        old_provider, new_provider = _provider(old), _provider(new)
        if self._place(old_provider) != _below_stack(new_provider) and not (
            _is_default(old_provider) and _is_default(new_provider)
        ):
            yield Difference("provider", _below_stack(old_provider), _below_stack(new_provider))

    def _equal_place(self, old: Resource, new: Resource) -> bool:
        return (old.parent == new.parent and old.provider == new.provider) or not (
            self._place(old.parent) != _below_stack(new.parent)
            or self._place(_provider(old)) != _below_stack(_provider(new))
        )

    def _place(self, urn: str) -> str:
        """Where a resource of the base is in the head."""
        return _below_stack(self._renamed.get(urn, urn))


def component_of(resource: Resource, rows: Mapping[str, Resource]) -> str:
    """Logical name of the component above it, or its own; a parent that is not in the plan is known by its URN."""
    urn = resource.urn
    for _ in range(_DEEPEST):
        if urn.count("::") < 3 or (type_ := urns.type_of(urn)) == STACK:
            return ""
        row = rows.get(urn)
        if not type_.startswith(_CUSTOM) and not (row and row.provider):
            return urns.name_of(urn)
        urn = row.parent if row else ""
    return ""


class _Options(Shape):
    """Lists of options are sets."""

    listing = Listing(keys=(), ordered=False)

    def field(self, key: str) -> Shape:
        return _TIMEOUTS if key == "customTimeouts" else self


class _Timeouts(Shape):
    """A program says `10m`, a state 600."""

    def normal(self, value: Any) -> Any:
        return seconds(value) if isinstance(value, str) else value

    def field(self, _key: str) -> Shape:
        return self


_OPTIONS: Final = _Options()
_TIMEOUTS: Final = _Timeouts()


def shape_of(resource: Resource) -> Shape:
    """How the service behind a resource reads its inputs."""
    if resource.type.startswith("azure-native:"):
        return AzureShape()
    if resource.type.startswith("kubernetes:") and not resource.type.startswith("kubernetes:helm"):
        inputs = resource.inputs
        return of_kind(str(inputs.get("apiVersion")), str(inputs.get("kind")))
    return ANY


def _inputs(old: Resource, new: Resource) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    if new.type == SECRET_TYPE:
        return veiled(old.inputs, new.inputs)
    return dict(old.inputs), dict(new.inputs)


def _another_secret(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    """The marks of a Secret that has another name now: a name that is made of the values says that they are others."""
    names = [mapping(it.get("metadata")).get("name") for it in (old, new)]
    if old.get("kind") != "Secret" or names[0] == names[1]:
        return
    for part in ("data", "stringData"):
        before, after = old.get(part), new.get(part)
        if before == SECRET == after:
            yield Difference(part, SECRET, SECRET)
        elif isinstance(before, Mapping) and isinstance(after, Mapping):
            for key in sorted(before):
                if before[key] == SECRET == after.get(key):
                    yield Difference(f"{part}.{key}", SECRET, SECRET)


def _operation(
    properties: Mapping[str, PropertyChange], findings: Sequence[GuardFinding]
) -> Operation:
    if any(it.happens == "replaced" for it in findings):
        return "replace"
    # The engine asks the new provider whether it can take the resource over (`providerChanged` in its
    # step_generator.go); no plan tells.
    if findings or "provider" in properties:
        return "maybeReplace"
    return "update" if properties else "same"


def _with_outputs(found: list[Change], base: Plan, head: Plan, told: _Told) -> list[Change]:
    """The stack's own outputs belong to the stack."""
    if base.outputs == head.outputs:
        return found
    differ = [property_change(it) for it in differences(base.outputs, head.outputs, ANY, "outputs")]
    stack = next((it for it in head.resources if it.type == STACK), None)
    if not differ or stack is None:
        return found
    mine = next((it for it in found if it.urn == stack.urn), None) or told.whole("update", stack)
    properties = sorted((*mine.properties, *differ), key=lambda it: it.path)
    operation: Operation = "create" if mine.operation == "create" else "update"
    return [
        *(it for it in found if it.urn != stack.urn),
        replace(mine, operation=operation, properties=tuple(properties)),
    ]


def _equal(old: Resource, new: Resource) -> bool:
    """At once; where no schema says which values are numbers, `True` is not taken for 1."""
    if old.inputs != new.inputs or old.options != new.options:
        return False
    return shape_of(new) is not ANY or repr(old.inputs) == repr(new.inputs)


def _within(path: str, guarded: str) -> bool:
    """Whether one of two paths leads to the other; the guard writes keys and positions in its own way."""
    return along(bare(path), bare(guarded))


def _of_the_guard(finding: GuardFinding, resource: Resource) -> PropertyChange:
    """What the guard alone takes for a difference."""
    hidden = resource.type == SECRET_TYPE
    return PropertyChange(
        path=finding.path,
        alters="secret" if hidden else "changed",
        old="[secret]" if hidden else finding.old,
        new="[secret]" if hidden else finding.new,
        replaces=True,
    )


def _stacks_together(beside: Pairs, head: Plan) -> Pairs:
    """The stacks themselves are named after the stack, and so are two where a plan is compared with another stack's."""
    old = next((it for it in beside.gone if it.type == STACK), None)
    new = next((it for it in head.resources if it.type == STACK), None)
    if old is None or new is None:
        return beside
    gone = tuple(it for it in beside.gone if it is not old)
    return replace(beside, same=(*beside.same, (old, new)), gone=gone)


def _below_stack(urn: str) -> str:
    """Types and name of a URN: what is left when another stack of the program is compared."""
    parts = urn.split("::", 2)
    return parts[2] if len(parts) == 3 else urn


def _provider(resource: Resource) -> str:
    """Its URN, without the id that only a deployment tells."""
    return resource.provider.rpartition("::")[0]


def _is_default(urn: str) -> bool:
    return urn.rpartition("::")[2].startswith("default")
