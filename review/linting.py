"""The rules of `policy/` on a stack's plan, or on anybody's manifests.

Manifests are judged as the rules themselves say: what a stack configures or exempts is that stack's. They may not be
all there is, so what is not among them may be elsewhere, and the rules know that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from policy.evaluation import Result, marked
from policy.kinds import GROUPS
from policy.objects import Object, object_of
from policy.rule import AnyRule
from policy.rules import all_rules
from policy.stack import Stack
from review.findings import Finding
from review.given import Given, Kinds
from review.plan import Plan
from review.policies import Policies, judged, policies_of, settled
from review.reading.lines import Lines
from review.report import AreaFinding, Exempted, Place

KINDS: Final[Kinds] = GROUPS
"""What to read: rules across objects look at other kinds than those that they judge."""


@dataclass(frozen=True, kw_only=True)
class LintFinding(AreaFinding):
    """A finding, with what names its object one by one, and where it stands."""

    kind: str
    namespace: str
    name: str
    place: Place


@dataclass(frozen=True, kw_only=True)
class Linted:
    """What the rules say, by file and line, then by how much it counts."""

    findings: tuple[LintFinding, ...]
    exempted: tuple[Exempted, ...] = ()

    @property
    def mandatory(self) -> int:
        """How many fail."""
        return sum(it.severity == "mandatory" for it in self.findings)


def chosen(names: Iterable[str]) -> tuple[AnyRule, ...]:
    """The rules of these ids, all where none is named; raises `KeyError` with one that is not there."""
    rules = {it.id: it for it in all_rules()}
    return tuple(rules[it] for it in sorted({*names})) or tuple(rules.values())


def lint_given(given: Iterable[Given], rules: tuple[AnyRule, ...]) -> Linted:
    """Rules on manifests."""
    policies = Policies(rules)
    objects: list[Object] = []
    places: dict[int, Given] = {}
    for it in given:
        found = marked(object_of(it.manifest))
        objects.append(found)
        places[id(found)] = it
    results = [(it, result) for it in objects for result in policies.enabled.of_object(it)]
    results += policies.enabled.of_stack(Stack(objects, complete=False))
    lines = Lines()
    found_ = [_with_place(it, result, policies, places[id(it)], lines) for it, result in results]
    return Linted(findings=_ordered(found_))


def lint_plan(
    root: Path, plan: Plan, rules: tuple[AnyRule, ...], stacks: list[str], today: date
) -> Linted:
    """Rules on a stack, as it configures and exempts them. Raises `policy.faults.PolicyConfigError`."""
    whole = policies_of(root, plan.stack, stacks)
    names = {it.id for it in rules}
    exemptions = tuple(it for it in whole.exemptions if it.rule in names)
    result = judged(plan, Policies(rules, whole.config, exemptions), today)
    manifests = {it.urn: it.inputs for it in plan.resources}
    place = Place(file=f"Pulumi.{plan.stack}.yaml", line=1)
    found = [_named(it, manifests.get(it.urn, {}), place) for it in result.findings]
    return Linted(findings=_ordered(found), exempted=result.exempted)


def _with_place(
    it: Object, result: Result, policies: Policies, given: Given, lines: Lines
) -> LintFinding:
    (finding,) = settled([(it, result)], policies, date.min).findings
    line = given.line or 1
    place = Place(file=given.file, line=lines.of(given.file, line, result.path))
    return LintFinding(
        **{**vars(finding), "kind": it.kind, "namespace": it.namespace, "name": it.name},
        place=place,
    )


def _named(finding: Finding, inputs: Mapping[str, object], place: Place) -> LintFinding:
    kind, _, title = finding.resource.partition(" ")
    namespace, slash, name = title.rpartition("/")
    metadata = inputs.get("metadata")
    if slash == "" and isinstance(metadata, dict) and isinstance(metadata.get("name"), str):
        name, namespace = metadata["name"], str(metadata.get("namespace") or "")
    return LintFinding(
        **{**vars(finding), "kind": kind, "namespace": namespace, "name": name}, place=place
    )


def _ordered(findings: Iterable[LintFinding]) -> tuple[LintFinding, ...]:
    return tuple(
        sorted(
            set(findings),
            key=lambda it: (
                it.place.file,
                it.resource,
                it.severity != "mandatory",
                it.verdict == "unknown",
                it.place.line,
                it.rule,
                it.path,
                it.message,
            ),
        )
    )
