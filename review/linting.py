"""The rules of `policy/` on a stack's plan, or on anybody's manifests.

Manifests are judged as the rules themselves say: what a stack configures or exempts is that stack's. They may not be
all there is, so what is not among them may be elsewhere, and the rules know that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from policy.evaluation import Result
from policy.kinds import GROUPS
from policy.objects import Object, object_of
from policy.rule import AnyRule
from policy.rules import all_rules
from policy.stack import Stack
from review.findings import Finding
from review.given import Given, Kinds
from review.lint_schema import REMEDY, SOURCE, VERSION_REMEDY, WHY, schema_results
from review.lint_schema import RULE as SCHEMA
from review.origins import places
from review.plan import Plan
from review.policies import Policies, finding_of, judged, policies_of
from review.reading.lines import Lines
from review.report import AreaFinding, Exempted, Place
from settings.sources import Sources

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
    whole: Place | None = None
    """A stack's file: where that stands which no line says."""

    @property
    def mandatory(self) -> int:
        """How many fail."""
        return sum(it.severity == "mandatory" for it in self.findings)


@dataclass(frozen=True)
class Choice:
    """What a lint asks."""

    rules: tuple[AnyRule, ...]
    schema: bool = True
    """Whether manifests are held to Kubernetes' schemas, too: the rule `object-schema`."""


def names() -> list[str]:
    """What can be chosen."""
    return sorted([*(it.id for it in all_rules()), SCHEMA])


def chosen(wanted: Iterable[str]) -> Choice:
    """The rules of these ids, all where none is named; raises `KeyError` with one that is not there."""
    rules = {it.id: it for it in all_rules()}
    those = {*wanted}
    if not those:
        return Choice(tuple(rules.values()))
    return Choice(tuple(rules[it] for it in sorted(those - {SCHEMA})), SCHEMA in those)


def lint_given(given: Iterable[Given], choice: Choice) -> Linted:
    """Rules on manifests."""
    policies = Policies(choice.rules)
    objects: list[Object] = []
    origins: dict[int, Given] = {}
    for it in given:
        found = object_of(it.manifest)
        objects.append(found)
        origins[id(found)] = it
    results = [(it, result) for it in objects for result in policies.enabled.of_object(it)]
    results += policies.enabled.of_stack(Stack(objects, complete=False))
    told = [(it, finding_of(it, result, policies)) for it, result in results]
    if choice.schema:
        told += [(it, _of_schema(it, result)) for it in objects for result in schema_results(it)]
    lines = Lines()
    return Linted(
        findings=_ordered(_with_place(it, found, origins[id(it)], lines) for it, found in told)
    )


def lint_plan(
    root: Path, plan: Plan, sources: Sources, choice: Choice, stacks: list[str], today: date
) -> Linted:
    """Rules on a stack, as it configures and exempts them. Raises `policy.faults.PolicyConfigError`.

    Findings stand where the settings, from `sources`, say what they are about. Schemas were looked at when the stack
    was planned.
    """
    whole = policies_of(root, plan.stack, stacks)
    asked = {it.id for it in choice.rules}
    exemptions = tuple(it for it in whole.exemptions if it.rule in asked)
    result = judged(plan, Policies(choice.rules, whole.config, exemptions), today)
    manifests = {it.urn: it.inputs for it in plan.resources}
    asked_ = {(it.urn, path) for it in result.findings if it.urn for path in ("", it.path)}
    written = dict(places(asked_, plan, sources))
    stack = Place(file=f"Pulumi.{plan.stack}.yaml", line=1)
    found = [
        _named(
            it,
            manifests.get(it.urn, {}),
            written.get(f"{it.urn}#{it.path}") or written.get(it.urn) or stack,
        )
        for it in result.findings
    ]
    return Linted(findings=_ordered(found), exempted=result.exempted, whole=stack)


def _of_schema(it: Object, result: Result) -> AreaFinding:
    return AreaFinding(
        rule=SCHEMA,
        severity="mandatory",
        resource=it.title,
        message=result.message,
        path=result.path,
        why=WHY,
        remedy=VERSION_REMEDY if result.path == "apiVersion" else REMEDY,
        source=SOURCE,
    )


def _with_place(it: Object, finding: AreaFinding, given: Given, lines: Lines) -> LintFinding:
    place = Place(file=given.file, line=lines.of(given.file, given.line or 1, finding.path))
    identity = {"kind": it.kind, "namespace": it.namespace, "name": it.name}
    return LintFinding(**{**vars(finding), **identity}, place=place)


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
