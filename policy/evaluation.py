"""Every rule on every object, with three verdicts: it holds, it fails, or only a deployment tells.

What a rule yields before it reaches an unknown rests on known values alone, so it stands however the rest turns out;
what it leaves open is told as `unknown`, with the property that must be known. No result is silence by mistake: a check
that cannot make sense of an object says so, too.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from policy.objects import Object
from policy.rule import AnyRule, Parameters, Reach, Rule, StackRule, Subjects
from policy.stack import Stack
from policy.unknown import MARKS, Undecided, view

Verdict = Literal["fail", "unknown"]
Settings = Mapping[str, Parameters]
"""The parameters of each rule by its id."""

MALFORMED: Final = "cannot be decided: the object is not shaped as its kind has it"
_MALFORMED: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading anyone's manifest may raise where it is not shaped as Kubernetes has it."""

_dump: Final = json.JSONEncoder(default=str).encode


@dataclass(frozen=True, slots=True)
class Result:
    """What one rule says of one place of an object."""

    rule: str
    verdict: Verdict
    path: str
    message: str


def has_marks(manifest: Mapping[str, Any]) -> bool:
    """Whether a part of it is unknown or a secret."""
    text = _dump(manifest)
    return any(mark in text for mark in MARKS)


def marked(it: Object) -> Object:
    """The object with its marks in force; the same one where it has none."""
    return in_force(it) if has_marks(it.manifest) else it


def in_force(it: Object) -> Object:
    """The object with its marks in force, where it has some."""
    return replace(it, manifest=view(it.manifest, it.title))


class Rules:
    """A choice of rules with their parameters, ready to be asked."""

    def __init__(self, rules: Iterable[AnyRule], settings: Settings | None = None) -> None:
        """`settings` has the parameters that are not at their default."""
        given = settings or {}
        self._alone: dict[str, list[tuple[Rule, Parameters]]] = defaultdict(list)
        self._across: dict[str, list[tuple[StackRule, Parameters]]] = defaultdict(list)
        for rule in sorted(rules, key=lambda it: it.id):
            parameters = {**rule.defaults, **given.get(rule.id, {})}
            for kind in rule.kinds:
                if isinstance(rule, Rule):
                    self._alone[kind].append((rule, parameters))
                else:
                    self._across[kind].append((rule, parameters))

    def of_object(self, it: Object) -> list[Result]:
        """What the rules of one object say; `it` as `marked` gives it. Hangs on the object and the parameters alone."""
        rules = self._alone.get(it.kind)
        if not rules:
            return []
        found: list[Result] = []
        subjects = _Subjects(it)
        for rule, parameters in rules:
            for path, subject in subjects.of(rule.each):
                if isinstance(subject, Undecided):
                    found.append(_unknown(rule, it, path, subject))
                    continue
                try:
                    for place, message in rule.check(subject, parameters):
                        found.append(Result(rule.id, "fail", joined(path, place), message))
                except Undecided as undecided:
                    found.append(_unknown(rule, it, path, undecided))
                except _MALFORMED:
                    found.append(_unread(rule, path))
        return found

    def of_stack(self, stack: Stack, reach: Reach | None = None) -> Iterator[tuple[Object, Result]]:
        """What the rules across a stack say, by object; its objects as `marked` gives them.

        With a reach only a part of that, so that the two give the whole: `namespace` what hangs on the namespace of an
        object and on what is in none, `stack` the rest.
        """
        for kind, rules in self._across.items():
            for it in stack.of(kind):
                asked = rules
                if reach is not None:
                    asked = [row for row in rules if _reach(row[0], it) == reach]
                if asked:
                    yield from _across(it, asked, stack)


def _reach(rule: StackRule, it: Object) -> Reach:
    """What is in no namespace may be asked of any."""
    return rule.reach if it.namespace else "stack"


def _across(
    it: Object, rules: Iterable[tuple[StackRule, Parameters]], stack: Stack
) -> Iterator[tuple[Object, Result]]:
    subjects = _Subjects(it)
    for rule, parameters in rules:
        for path, subject in subjects.of(rule.each):
            if isinstance(subject, Undecided):
                yield it, _unknown(rule, it, path, subject)
                continue
            try:
                for place, message in rule.check(subject, stack, parameters):
                    yield it, Result(rule.id, "fail", joined(path, place), message)
            except Undecided as undecided:
                yield it, _unknown(rule, it, path, undecided)
            except _MALFORMED:
                yield it, _unread(rule, path)


class _Subjects:
    """The subjects of one object, made once for all rules that share the function."""

    __slots__ = ("_found", "_it")

    def __init__(self, it: Object) -> None:
        self._it = it
        self._found: dict[Callable[[Object], Subjects], list[tuple[str, Any]]] = {}

    def of(self, each: Callable[[Object], Subjects]) -> list[tuple[str, Any]]:
        """What `each` makes of the object; what came before it raised stays."""
        if each in self._found:
            return self._found[each]
        found = self._found[each] = []
        try:
            for subject in each(self._it):
                found.append(subject)
        except Undecided as undecided:
            found.append((undecided.path, undecided))
        except _MALFORMED:
            found.append(("", Undecided("the object is not shaped as its kind has it")))
        return found


def joined(path: str, place: str) -> str:
    """A place below a path: `a` and `b[c]` are `a.b[c]`."""
    if not path or not place:
        return path or place
    return f"{path}{place}" if place.startswith("[") else f"{path}.{place}"


def _unknown(rule: AnyRule, it: Object, path: str, undecided: Undecided) -> Result:
    own = undecided.resource in ("", it.title)
    place = undecided.path if own and undecided.path else path
    if not undecided.path:
        message = f"cannot be decided: {undecided.reason}"
    elif own:
        message = f"cannot be decided: {undecided.path} {undecided.reason}"
    else:
        message = f"cannot be decided: {undecided.path} of {undecided.resource} {undecided.reason}"
    return Result(rule.id, "unknown", place, message)


def _unread(rule: AnyRule, path: str) -> Result:
    return Result(rule.id, "unknown", path, MALFORMED)
