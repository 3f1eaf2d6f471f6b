"""The rules of `policy/` on plans and on anybody's manifests: findings, with what a stack exempts and how it counts.

What the rules of one object say hangs on that object and on `Policies.key` alone, so it can be kept between runs. So
can what most rules across a stack say of the objects of a namespace, by all that is in it and all that is in none: they
are given no more. The few that look into other namespaces are asked each time.
"""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Final, TypeVar

from policy.config import Config, read_config
from policy.evaluation import MALFORMED, Result, Rules, in_force
from policy.exemptions import EXPIRED, FILE, UNUSED, Exemption, read_exemptions
from policy.gathering import gathered, is_own, with_others
from policy.kinds import RELEASE
from policy.objects import Object, object_of, resource_of
from policy.rule import AnyRule, Severity
from policy.rules import all_rules
from policy.stack import Stack
from review.findings import Finding
from review.guard.pairs import title
from review.plan import Plan, Resource
from review.report import AreaFinding, Exempted
from review.sources.memo import Memo, contents

STACKS: Final = "policy/stacks"
_POLICY: Final = Path(__file__).parents[1] / "policy"
_PARTS: Final = 64
"""Into so many parts a stack's namespaces go, each asked with all that is in none: with a part for each, thousands of
namespaces would take a quadratic time."""

F = TypeVar("F", bound=Finding)

_Held = tuple[Object, bytes]
"""An object and the digest of its row."""


@dataclass(frozen=True)
class Policies:
    """What is asked of one stack."""

    rules: tuple[AnyRule, ...]
    config: Config = field(default_factory=Config)
    exemptions: tuple[Exemption, ...] = ()
    """Those that concern the stack."""

    @cached_property
    def enabled(self) -> Rules:
        """The rules that are on, with the stack's parameters."""
        return Rules(self.config.enabled(self.rules), self.config.own)

    @cached_property
    def by_id(self) -> dict[str, AnyRule]:
        """All of them."""
        return {it.id: it for it in self.rules}

    @cached_property
    def key(self) -> str:
        """What a result hangs on beside its resource: the code of the rules, which are on, and their parameters."""
        digest = hashlib.sha256()
        for path in sorted(_POLICY.rglob("*.py")):
            digest.update(path.relative_to(_POLICY).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
        enabled = sorted(it.id for it in self.config.enabled(self.rules))
        own = {rule: dict(it) for rule, it in self.config.own.items()}
        digest.update(json.dumps([enabled, own], sort_keys=True).encode())
        return digest.hexdigest()


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the rules say, in no order."""

    findings: tuple[Finding, ...]
    """`AreaFinding`s of the area policy; `exemption-expired` and `exemption-unused` among them."""

    exempted: tuple[Exempted, ...] = ()


def policies_of(root: Path, stack: str, stacks: Sequence[str] = ()) -> Policies:
    """All rules as a stack of the project at `root` has them. Raises `policy.faults.PolicyConfigError`."""
    rules = all_rules()
    file = f"{STACKS}/{stack}.json"
    config = read_config(root / file, file, rules)
    exemptions = read_exemptions(root / FILE, (it.id for it in rules), stacks)
    return Policies(rules, config, tuple(it for it in exemptions if it.concerns(stack)))


def object_in(resource: Resource) -> Object | None:
    """What rules read of a resource; None of components, providers and the like."""
    if resource.type.startswith("kubernetes:") and isinstance(resource.inputs.get("kind"), str):
        return object_of(resource.inputs, title(resource), resource.urn, resource.options)
    if resource.type == RELEASE or resource.type.startswith("azure-native:"):
        return resource_of(
            resource.type, resource.inputs, title(resource), resource.urn, resource.options
        )
    return None


def judged(plan: Plan, policies: Policies, today: date, memo: Memo | None = None) -> Judged:
    """Every rule on every resource of a plan.

    `memo` has results of an earlier run, under a name that holds `Policies.key`.
    """
    kept, rules = memo or Memo(), policies.enabled
    found: list[tuple[Object, Result]] = []
    held: list[_Held] = []
    for resource, content in zip(plan.resources, contents(plan), strict=True):
        it = object_in(resource)
        if it is None:
            continue
        it = in_force(it) if content.marked else it
        held.append((it, content.digest))
        results = kept.of(content.digest, partial(_of_object, it, rules))
        found += [(it, result) for result in results]
    found += rules.of_stack(Stack(it for it, _ in held), "stack")
    found += _of_namespaces(held, rules, kept)
    return settled(found, policies, today, f"Pulumi.{plan.stack}.yaml")


def _of_object(it: Object, rules: Rules) -> tuple[Result, ...]:
    return tuple(rules.of_object(it))


def _of_namespaces(
    held: Iterable[_Held], rules: Rules, kept: Memo
) -> Iterator[tuple[Object, Result]]:
    """What hangs on one namespace and on what is in none: no other object is there to be asked."""
    in_none: list[_Held] = []
    parts: dict[int, list[_Held]] = {}
    for it, digest in sorted(held, key=lambda row: (row[0].title, row[0].urn, row[1])):
        if it.namespace:
            parts.setdefault(zlib.crc32(it.namespace.encode()) % _PARTS, []).append((it, digest))
        else:
            in_none.append((it, digest))
    for own in parts.values():
        content = hashlib.sha256(b"in none")
        content.update(len(in_none).to_bytes(8, "big"))
        for _, digest in (*in_none, *own):
            content.update(digest)
        told = kept.of(content.digest(), partial(_of_part, in_none, own, rules))
        for number, result in told:
            yield own[number][0], result


def _of_part(
    in_none: Iterable[_Held], own: Iterable[_Held], rules: Rules
) -> tuple[tuple[int, Result], ...]:
    """Results by the number of their object in `own`."""
    numbers = {id(it): number for number, (it, _) in enumerate(own)}
    stack = Stack(it for it, _ in (*in_none, *own))
    return tuple((numbers[id(it)], result) for it, result in rules.of_stack(stack, "namespace"))


def settled(
    found: Iterable[tuple[Object, Result]], policies: Policies, today: date, where: str = ""
) -> Judged:
    """Results as findings: counted as the stack says, and without what is exempted.

    `where` is what an exemption that exempts nothing is told of.
    """
    findings: list[Finding] = []
    exempted: list[Exempted] = []
    valid = [it for it in policies.exemptions if it.expires >= today]
    used: set[Exemption] = set()
    for it, result in found:
        finding = finding_of(it, result, policies)
        titles = {it.title, *_by_logical_name(it.urn)}
        exemption = next((e for e in valid if e.covers(result.rule, titles, result.path)), None)
        if exemption is None:
            findings.append(finding)
            continue
        used.add(exemption)
        expires = exemption.expires.isoformat()
        exempted.append(
            Exempted(
                finding=finding, reason=exemption.reason, owner=exemption.owner, expires=expires
            )
        )
    asked = {it.id for it in policies.config.enabled(policies.rules)}
    for it_ in policies.exemptions:
        if it_ not in valid:
            findings.append(_of_exemption(it_, EXPIRED, "mandatory"))
        elif it_ not in used and it_.rule in asked:
            findings.append(_of_exemption(it_, UNUSED, "advisory", where))
    return Judged(findings=tuple(findings), exempted=tuple(exempted))


def told_once(findings: Iterable[F]) -> list[F]:
    """The findings in their order, but what cannot be decided of several objects for one reason as one, of the first
    by name: not to be compared with those of another plan any more."""

    def cause(it: F) -> tuple[str, str, str] | None:
        if it.verdict != "unknown" or it.message == MALFORMED or is_own(it.message, it.path):
            return None
        return it.rule, it.severity, it.message

    given = list(findings)
    told: dict[int, F] = {}
    for it, others in gathered(sorted(given, key=lambda it: (it.resource, it.path)), cause):
        message = with_others(it.message, [other.resource for other in others])
        told[id(it)] = replace(it, message=message) if others else it
    return [told[id(it)] for it in given if id(it) in told]


def only_new(
    findings: Iterable[Finding], base: Iterable[Finding]
) -> tuple[list[Finding], list[Finding]]:
    """The findings that the base does not have, and those that it has.

    One is the same by rule, resource and path, as often as the base has it; what the base could not decide and now
    fails is new, as is what counted less there.
    """
    before = Counter(key for it in base for key in _covers(it))
    new: list[Finding] = []
    old: list[Finding] = []
    for it in findings:
        key = _identity(it, it.verdict, it.severity)
        if before[key]:
            before[key] -= 1
            old.append(it)
        else:
            new.append(it)
    return new, old


_Identity = tuple[str, str, str, str, str]


def _identity(it: Finding, verdict: str, severity: str) -> _Identity:
    return (it.rule, it.resource, it.path, verdict, severity)


def _covers(it: Finding) -> Iterable[_Identity]:
    verdicts = ("fail", "unknown") if it.verdict == "fail" else ("unknown",)
    severities = ("mandatory", "advisory") if it.severity == "mandatory" else ("advisory",)
    return (_identity(it, verdict, severity) for verdict in verdicts for severity in severities)


def finding_of(it: Object, result: Result, policies: Policies) -> AreaFinding:
    """A result as a finding, counted as the stack says, whatever is exempted."""
    rule = policies.by_id[result.rule]
    return AreaFinding(
        rule=rule.id,
        severity=policies.config.severity(rule, result.verdict),
        resource=it.title,
        message=result.message,
        path=result.path,
        why=rule.why,
        remedy=rule.remedy,
        source=rule.source,
        urn=it.urn,
        verdict=result.verdict,
    )


def _by_logical_name(urn: str) -> tuple[str, ...]:
    """Type and logical name, which the engine knows of a resource whose own name it does not."""
    if not urn:
        return ()
    type_, _, name = urn.rpartition("::")
    return (f"{type_.rpartition(':')[2]} {name}",)


def _of_exemption(it: Exemption, rule: str, severity: Severity, where: str = "") -> AreaFinding:
    of = f"the exemption of line {it.line} of {FILE}, from {it.rule}"
    if rule == EXPIRED:
        message = f"{of} ({it.owner}: {it.reason}), expired on {it.expires.isoformat()}"
        remedy = "mend what it exempts, or let its owner set a new date"
    else:
        message = f"{of}, exempts nothing" + (f" in {where}" if where else "")
        remedy = "remove it, or say in `stacks` where it is for"
    return AreaFinding(
        rule=rule, severity=severity, resource=it.resource, message=message, remedy=remedy
    )
