"""Findings that somebody answers for: which, why, who, and until when.

`policy/exemptions.yaml` is a list; an entry says the rule, the resource as a reader knows it, the reason, the owner and
the day after which it no longer counts:

    - rule: privileged-container
      resource: DaemonSet monitoring/node-agent
      stacks: [prod]
      reason: reads the kernel's counters; goes with the managed agent
      owner: team-observability
      expires: 2027-03-31

`*` in `resource` or `path` stands for any text; nothing else does. What is exempted stays in every report. One that has
expired is a finding that fails, one that exempts nothing is a finding that is told.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from policy.faults import PolicyConfigError, PolicyFault, near, shown

FILE: Final = "policy/exemptions.yaml"
EXPIRED: Final = "exemption-expired"
UNUSED: Final = "exemption-unused"

_NEEDED: Final = ("rule", "resource", "reason", "owner", "expires")
_TEXTS: Final = ("rule", "resource", "reason", "owner", "path")
_KEYS: Final = (*_NEEDED, "path", "stacks")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_TITLE: Final = re.compile(r"\S+ \S.*|\*")


@dataclass(frozen=True, kw_only=True)
class Exemption:
    """One entry."""

    rule: str
    resource: str
    """Title of the resource, `Deployment course/web`; of Azure also type and logical name."""

    reason: str
    owner: str
    expires: date
    """The last day on which it counts."""

    path: str = "*"
    """Of the property."""

    stacks: tuple[str, ...] = ()
    """Empty for all."""

    line: int = 0
    """1-based."""

    def covers(self, rule: str, titles: Iterable[str], path: str) -> bool:
        """Whether it is of this finding; any of `titles` names the resource."""
        return (
            rule == self.rule
            and any(matches(self.resource, it) for it in titles)
            and matches(self.path, path)
        )

    def concerns(self, stack: str) -> bool:
        """Whether it is of this stack; without a stack, as for manifests, all are."""
        return not stack or not self.stacks or stack in self.stacks


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern, in which only `*` is special, is of the whole text."""
    if "*" not in pattern:
        return pattern == text
    parts = pattern.split("*")
    return re.fullmatch(".*".join(map(re.escape, parts)), text, re.DOTALL) is not None


def read_exemptions(
    path: Path, rules: Iterable[str], stacks: Sequence[str] = ()
) -> tuple[Exemption, ...]:
    """All entries; none without the file. Raises `PolicyConfigError` with every fault.

    `rules` are the ids there are, `stacks` the stacks, which are not looked at where none is named.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise PolicyConfigError([PolicyFault(FILE, 0, "", f"cannot be read: {reason}")]) from None
    return parse_exemptions(text, rules, stacks)


def parse_exemptions(
    text: str, rules: Iterable[str], stacks: Sequence[str] = ()
) -> tuple[Exemption, ...]:
    """The same, of text."""
    try:
        root = yaml.compose(text, Loader=_Loader)
        data = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        fault = PolicyFault(FILE, mark.line + 1 if mark else 0, "", f"is no YAML: {problem}")
        raise PolicyConfigError([fault]) from None
    except (ValueError, RecursionError) as error:
        fault = PolicyFault(FILE, 0, "", "is no YAML that can be read", remedy=str(error))
        raise PolicyConfigError([fault]) from None
    if data is None:
        return ()
    if not isinstance(data, list):
        fault = PolicyFault(FILE, 1, "", "must be a list of exemptions", shown(data))
        raise PolicyConfigError([fault])
    checker = _Checker([*rules], stacks)
    nodes = root.value if isinstance(root, yaml.SequenceNode) else []
    for at, (entry, node) in enumerate(zip(data, nodes, strict=True)):
        checker.look(entry, f"[{at}]", node)
    if checker.faults:
        raise PolicyConfigError(checker.faults)
    return tuple(checker.found)


class _Checker:
    def __init__(self, rules: Sequence[str], stacks: Sequence[str]) -> None:
        self.rules, self.stacks = rules, stacks
        self.faults: list[PolicyFault] = []
        self.found: list[Exemption] = []
        self._lines: dict[str, int] = {}
        self._key, self._first = "", 0

    def fault(self, name: str, rule: str, value: Any = None, remedy: str = "") -> None:
        text = "" if value is None else shown(value)
        line, key = self._lines.get(name, self._first), f"{self._key}.{name}" if name else self._key
        self.faults.append(PolicyFault(FILE, line, key, rule, text, remedy))

    def look(self, entry: Any, key: str, node: yaml.Node) -> None:
        self._key, self._first = key, node.start_mark.line + 1
        self._lines = {}
        if not isinstance(entry, dict):
            self.fault("", "must be a map", "null" if entry is None else entry)
            return
        self._lines = {str(name.value): name.start_mark.line + 1 for name, _ in node.value}
        before = len(self.faults)
        self._keys(entry)
        self._rule(entry.get("rule"))
        self._resource(entry.get("resource"))
        self._stacks(entry)
        expires = _date(entry.get("expires"))
        if "expires" in entry and expires is None:
            self.fault("expires", "must be a date, for example 2027-03-31", entry["expires"])
        if len(self.faults) == before and expires is not None:
            texts = {name: entry[name].strip() for name in _TEXTS if name in entry}
            stacks = tuple(entry.get("stacks", ()))
            self.found.append(Exemption(**texts, expires=expires, stacks=stacks, line=self._first))

    def _keys(self, entry: Mapping[Any, Any]) -> None:
        for name in entry:
            if name not in _KEYS:
                self.fault(str(name), "there is no such key", remedy=near(str(name), _KEYS))
        for name in _NEEDED:
            if name not in entry:
                self.fault(name, "is missing")
        for name in _TEXTS:
            if name in entry and not (isinstance(entry[name], str) and entry[name].strip()):
                self.fault(name, "must be a text", "null" if entry[name] is None else entry[name])

    def _rule(self, rule: Any) -> None:
        if isinstance(rule, str) and rule.strip() and rule not in self.rules:
            hint = near(rule, self.rules) or "./aks lint --list names the rules"
            self.fault("rule", f"there is no rule {rule!r}", remedy=hint)

    def _resource(self, resource: Any) -> None:
        if isinstance(resource, str) and resource.strip() and not _TITLE.fullmatch(resource):
            rule = "must be a kind and a name, for example 'Deployment course/web'"
            self.fault("resource", rule, resource)

    def _stacks(self, entry: Mapping[Any, Any]) -> None:
        named = entry.get("stacks", ["-"])
        if not isinstance(named, list) or not named or not all(isinstance(it, str) for it in named):
            self.fault("stacks", "must be a list of stacks, for example [prod]", named)
            return
        for it in entry.get("stacks", ()):
            if self.stacks and it not in self.stacks:
                hint = near(it, self.stacks) or f"stacks here: {', '.join(self.stacks)}"
                self.fault("stacks", f"there is no stack {it!r}", remedy=hint)


class _Loader(yaml.SafeLoader):
    """Leaves dates as texts: an impossible one is a fault of its line."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if _DATE.fullmatch(value) else None
    except (TypeError, ValueError):
        return None
