"""What a stack makes of the rules: which fail, which are told, which are off, and their parameters.

`policy/stacks/<stack>.json` is in the format of Pulumi's policy engine, so that the offline commands and
`pulumi preview --policy-pack policy --policy-pack-config policy/stacks/prod.json` read one file:

    {"all": "mandatory", "image-registry": {"enforcementLevel": "mandatory", "registries": ["ghcr.io/team/"]}}

`all` is for the rules that are not named. Every rule has one parameter more than its own: `unknown` says how a verdict
counts that only a deployment can give (`advisory` unless said; `mandatory` makes it block).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

from policy.faults import PolicyConfigError, PolicyFault, near, shown
from policy.rule import AnyRule, Parameter, Parameters, Severity

Level = Literal["advisory", "mandatory", "disabled"]
LEVELS: Final[tuple[Level, ...]] = Level.__args__  # type: ignore[attr-defined]
LEVEL: Final = "enforcementLevel"
ALL: Final = "all"

UNKNOWN: Final = Parameter(
    default="advisory",
    choices=("advisory", "mandatory"),
    docs="how it counts when only a deployment tells whether the rule holds; never more than the rule itself",
)
"""The parameter `unknown` of every rule."""


@dataclass(frozen=True)
class Config:
    """The choices of one stack; those that nobody made are the rules' own."""

    levels: Mapping[str, Level] = field(default_factory=dict[str, Level])
    """By rule, and `all`."""

    parameters: Mapping[str, Parameters] = field(default_factory=dict[str, Parameters])
    """By rule, only what is set; `unknown` among them."""

    def level(self, rule: AnyRule) -> Level:
        """Its own entry, else that of all, else the rule's."""
        return self.levels.get(rule.id) or self.levels.get(ALL) or rule.severity

    def severity(self, rule: AnyRule, verdict: str) -> Severity:
        """How a verdict counts; of a rule that is not disabled."""
        level = self.level(rule)
        if verdict == "unknown" and level == "mandatory":
            unknown = self.parameters.get(rule.id, {}).get("unknown", UNKNOWN.default)
            return "mandatory" if unknown == "mandatory" else "advisory"
        return "mandatory" if level == "mandatory" else "advisory"

    def enabled(self, rules: Iterable[AnyRule]) -> tuple[AnyRule, ...]:
        """The rules that are not disabled."""
        return tuple(it for it in rules if self.level(it) != "disabled")

    @cached_property
    def own(self) -> Mapping[str, Parameters]:
        """The rules' own parameters, without `unknown`: what a check is given, and what its result hangs on."""
        return {
            rule: {key: it for key, it in given.items() if key != "unknown"}
            for rule, given in self.parameters.items()
        }


def read_config(path: Path, file: str, rules: Iterable[AnyRule]) -> Config:
    """A stack's configuration; that of no file is empty. Raises `PolicyConfigError` with every fault.

    `file` is the path as errors name it.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise PolicyConfigError([PolicyFault(file, 0, "", f"cannot be read: {reason}")]) from None
    return parse_config(text, file, rules)


def parse_config(text: str, file: str, rules: Iterable[AnyRule]) -> Config:
    """The same, of text."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        fault = PolicyFault(file, error.lineno, "", f"is no JSON: {error.msg}")
        raise PolicyConfigError([fault]) from None
    except RecursionError:
        raise PolicyConfigError([PolicyFault(file, 0, "", "is nested too deeply")]) from None
    if not isinstance(data, dict):
        fault = PolicyFault(file, 1, "", "must be a map from rules to levels", shown(data))
        raise PolicyConfigError([fault])
    checker = _Checker(file, text, {it.id: it for it in rules})
    config = checker.config(data)
    if checker.faults:
        raise PolicyConfigError(checker.faults)
    return config


class _Checker:
    def __init__(self, file: str, text: str, rules: Mapping[str, AnyRule]) -> None:
        self.file, self.rules = file, rules
        self.faults: list[PolicyFault] = []
        self._lines: dict[tuple[str, ...], int] = {}
        for path, line in key_lines(text):
            if path in self._lines:
                self.fault(path, f"is there twice, in line {self._lines[path]}, too", line=line)
            self._lines.setdefault(path, line)

    def fault(
        self, path: tuple[str, ...], rule: str, value: str = "", remedy: str = "", line: int = 0
    ) -> None:
        at = line or self._lines.get(path) or self._lines.get(path[:1], 0)
        self.faults.append(PolicyFault(self.file, at, ".".join(path), rule, value, remedy))

    def config(self, data: Mapping[str, Any]) -> Config:
        levels: dict[str, Level] = {}
        parameters: dict[str, Parameters] = {}
        for key, value in data.items():
            if key != ALL and key not in self.rules:
                hint = near(key, [*self.rules, ALL]) or "./aks lint --list names the rules"
                self.fault((key,), "there is no such rule", remedy=hint)
                continue
            given = {LEVEL: value} if isinstance(value, str) else value
            if not isinstance(given, dict):
                rule = f"must be one of {', '.join(LEVELS)}, or a map with {LEVEL}"
                self.fault((key,), rule, shown(value))
                continue
            if (level := given.get(LEVEL)) is not None and self._is_level(key, value, level):
                levels[key] = level
            own = {name: it for name, it in given.items() if name != LEVEL}
            if own and key == ALL:
                self.fault((key, *own), "only a single rule has parameters", remedy="name the rule")
            elif own:
                self._parameters(self.rules[key], own)
                parameters[key] = own
        return Config(levels, parameters)

    def _is_level(self, key: str, value: Any, level: Any) -> bool:
        if level in LEVELS:
            return True
        path = (key,) if isinstance(value, str) else (key, LEVEL)
        hint = near(level, LEVELS) if isinstance(level, str) else ""
        if level == "remediate":
            hint = "no rule here mends anything: take mandatory"
        self.fault(path, f"must be one of {', '.join(LEVELS)}", shown(level), hint)
        return False

    def _parameters(self, rule: AnyRule, given: Mapping[str, Any]) -> None:
        known = {**rule.parameters, "unknown": UNKNOWN}
        for name, value in given.items():
            parameter = known.get(name)
            if parameter is None:
                hint = near(name, [*known, LEVEL]) or f"it has {', '.join(known)}"
                self.fault((rule.id, name), "the rule has no such parameter", remedy=hint)
            elif problem := misfit(value, parameter):
                self.fault((rule.id, name), problem, shown(value))


def misfit(value: Any, parameter: Parameter) -> str:
    """What a value of a parameter must be, where it is not."""
    if parameter.choices:
        fits = value in parameter.choices if isinstance(value, str) else False
        return "" if fits else f"must be one of {', '.join(parameter.choices)}"
    default = parameter.default
    if isinstance(default, bool):
        return "" if isinstance(value, bool) else "must be true or false"
    if isinstance(default, int):
        fits = isinstance(value, int) and not isinstance(value, bool)
        return "" if fits else f"must be a whole number, for example {default}"
    if isinstance(default, str):
        return "" if isinstance(value, str) else "must be a text"
    fits = isinstance(value, list) and all(isinstance(it, str) for it in value)
    return "" if fits else "must be a list of texts"


_TOKEN: Final = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?|[{}\[\]]|\n')
_DEPTH: Final = 2


def key_lines(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """The path of each key of valid JSON with its line, 1-based, in the order they stand, to the second depth."""
    path: list[str] = []
    line = 1
    for found in _TOKEN.finditer(text):
        if found[0] in ("{", "["):
            path.append("")
        elif found[0] in ("}", "]"):
            path.pop()
        elif found[2] and len(path) <= _DEPTH:
            path[-1] = json.loads(found[1])
            yield tuple(path), line
        line += found[0].count("\n")
