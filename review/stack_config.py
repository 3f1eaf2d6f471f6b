"""What the engine would hand the program: project, config of one stack, and which of it is secret.

Reads `Pulumi.yaml` and `Pulumi.<stack>.yaml` the way the engine does (YAML 1.2 scalars, objects as JSON text, defaults
of the project). A `secure:` value cannot be decrypted offline: a random stand-in takes its place. Left out on purpose:
ESC environments, which need a server, are refused.
"""

import contextlib
import difflib
import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from yaml import CSafeLoader

from review.plan import PlanError
from settings.secret_keys import STAND_IN
from settings.yaml_source import MAX_DEPTH, too_deep

DISABLED: Final = "pulumi:disable-default-providers"
"""https://www.pulumi.com/docs/iac/concepts/config/#pulumi-configuration-options"""

MAX_NODES: Final = 1_000_000
"""Values in one file once its anchors are written out; a few lines of anchors can make billions."""

_MISSING: Final = object()


@dataclass(frozen=True, kw_only=True)
class StackConfig:
    """One stack, ready to run. `repr` shows no value."""

    project: str
    stack: str
    entry: Path
    """The program: `__main__.py`, or what `main` of the project names."""

    values: Mapping[str, str]
    """By full key, such as `azure-native:location`; objects as JSON."""

    secret_keys: tuple[str, ...]
    """Keys with a secret in them, at whatever depth."""

    secret_values: frozenset[str]
    """The secrets themselves, for masking."""

    disabled_providers: frozenset[str]
    """Packages without a default provider; `*` is all of them."""

    def __repr__(self) -> str:
        return f"StackConfig({self.project}/{self.stack}, {len(self.values)} keys)"


def load(project_dir: Path, stack: str, overrides: Mapping[str, Any] | None = None) -> StackConfig:
    """Raise `PlanError` for a file that is missing or that the engine would not take.

    `overrides` are written as in a stack file, but a secret is plain: `{"secure": value}`, or `{"secure": None}` for a
    stand-in.
    """
    project_file = project_dir / "Pulumi.yaml"
    project, name = _mapping(project_file), project_name(project_dir)
    runtime = project.get("runtime")
    if (runtime.get("name") if isinstance(runtime, Mapping) else runtime) != "python":
        raise PlanError(f"{project_file.name}: runtime: must be python")

    stack_file = project_dir / f"Pulumi.{stack}.yaml"
    if not stack_file.is_file():
        raise PlanError(_no_such_stack(project_dir, stack))
    document = _mapping(stack_file)
    if document.get("environment"):
        raise PlanError(f"{stack_file.name}: environment: cannot be opened offline")

    declared = _section(project, "config", project_file.name)
    hidden = _Secrets()
    given = {
        _full_key(key, name): hidden.replace(_full_key(key, name), value, _stand_in)
        for key, value in _section(document, "config", stack_file.name).items()
    }
    for key, value in (overrides or {}).items():
        given[_full_key(key, name)] = hidden.replace(_full_key(key, name), value, _given)
    for key, rule in declared.items():
        full = _full_key(key, name)
        _complete(given, full, rule, f"Pulumi.{stack}.yaml: {key}", typed=full not in hidden.keys)

    values = {key: _text(value) for key, value in given.items()}
    return StackConfig(
        project=name,
        stack=stack,
        entry=_entry(project_dir, project.get("main")),
        values=values,
        secret_keys=tuple(sorted(hidden.keys)),
        secret_values=frozenset(hidden.values),
        disabled_providers=frozenset(_names(values.get(DISABLED))),
    )


def project_name(project_dir: Path) -> str:
    """The name in `Pulumi.yaml`; raise `PlanError` where there is none."""
    name = _mapping(project_dir / "Pulumi.yaml").get("name")
    if not isinstance(name, str):
        raise PlanError("Pulumi.yaml: name: must be the project's name")
    return name


def stack_names(project_dir: Path) -> tuple[str, ...]:
    """Stacks with a file in `project_dir`, sorted."""
    return tuple(sorted(path.name[7:-5] for path in project_dir.glob("Pulumi.?*.yaml")))


def _no_such_stack(project_dir: Path, stack: str) -> str:
    names = stack_names(project_dir)
    [*close] = difflib.get_close_matches(stack, names, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(names) or 'none'}"
    return f"no stack {stack!r}: there is no Pulumi.{stack}.yaml; {hint}"


class _Secrets:
    """Takes the place of every `secure:`, and remembers which keys held one and what they got."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.values: set[str] = set()

    def replace(self, key: str, value: Any, plain: Callable[[Any], str]) -> Any:
        """`value` with `plain(x)` for every `{"secure": x}` in it."""
        if isinstance(value, Mapping):
            if set(value) == {"secure"}:
                self.keys.add(key)
                self.values.add(shown := plain(value["secure"]))
                return shown
            return {name: self.replace(key, inner, plain) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.replace(key, inner, plain) for inner in value]
        return value


def _stand_in(_encrypted: Any) -> str:
    """Random, so that finding it anywhere proves a leak."""
    return f"{STAND_IN}{secrets.token_hex(12)}"


def _given(value: Any) -> str:
    return _stand_in(value) if value is None else _text(value)


def _complete(given: dict[str, Any], key: str, rule: Any, where: str, *, typed: bool) -> None:
    """Add what the project says about one key: a value, a default, or that it must be there."""
    if not isinstance(rule, Mapping):
        given.setdefault(key, rule)
        return
    fallback = rule.get("value", rule.get("default", _MISSING))
    if key not in given and fallback is _MISSING:
        raise PlanError(f"{where}: required by Pulumi.yaml, and missing")
    value = given.setdefault(key, fallback)
    wanted = rule.get("type")
    if typed and wanted is not None and not _fits(value, wanted):
        raise PlanError(f"{where}: must be of type {wanted!r}")


def _fits(value: Any, wanted: Any) -> bool:
    """As the engine checks: a number or a boolean may be written as text."""
    match wanted:
        case "integer":
            return re.fullmatch(r"[+-]?\d+", _text(value)) is not None
        case "boolean":
            return _text(value) in {"true", "false"}
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, Mapping)
        case _:
            return not isinstance(value, Mapping | list)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def _names(text: str | None) -> Iterator[str]:
    """Of a list in JSON, or of one name; the engine takes no other form."""
    try:
        found = json.loads(text or "[]")
    except json.JSONDecodeError:
        found = text
    yield from [found] if isinstance(found, str) else map(str, found)


def _full_key(key: str, project: str) -> str:
    namespace, _, name = str(key).rpartition(":")
    return f"{namespace.removesuffix(':config') or project}:{name}"


def _entry(project_dir: Path, main: Any) -> Path:
    entry = project_dir / main if isinstance(main, str) else project_dir
    entry = entry / "__main__.py" if entry.is_dir() else entry
    if not entry.is_file():
        raise PlanError(f"no program: {entry.relative_to(project_dir)} is missing")
    return entry


def _section(document: Mapping[str, Any], key: str, file: str) -> dict[str, Any]:
    section = document.get(key) or {}
    if not isinstance(section, Mapping):
        raise PlanError(f"{file}: {key}: must be a map of keys to values")
    return dict(section)


def _mapping(path: Path) -> Mapping[str, Any]:
    try:
        document = _parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PlanError(f"no Pulumi project in {path.parent}: {path.name} is missing") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise PlanError(f"{path.name}: cannot be read: {fault}") from None
    except yaml.MarkedYAMLError as fault:
        line = f":{fault.problem_mark.line + 1}" if fault.problem_mark else ""
        raise PlanError(f"{path.name}{line}: not valid YAML: {fault.problem}") from None
    except yaml.YAMLError as fault:
        raise PlanError(f"{path.name}: not valid YAML: {fault}") from None
    except RecursionError:
        raise PlanError(f"{path.name}: is nested more than {MAX_DEPTH} deep; flatten it") from None
    if not isinstance(document, Mapping):
        raise PlanError(f"{path.name}: must be a map of keys to values")
    if _size(document, {}) > MAX_NODES:
        raise PlanError(f"{path.name}: its anchors write out to more than {MAX_NODES:,} values")
    return document


def _parse(text: str) -> Any:
    """With libyaml, which takes a tenth of the time: 0.2 s less for the stack file of 1,000 workloads. Where it finds
    fault, PyYAML's own parser has the word. Raise `RecursionError` for what neither should be asked to nest."""
    if too_deep(text, MAX_DEPTH):
        raise RecursionError
    with contextlib.suppress(yaml.YAMLError):
        return _loaded(_FastLoader(text))
    return _loaded(_Loader(text))


def _loaded(loader: Any) -> Any:
    try:
        root = loader.get_single_node()
        if isinstance(root, yaml.MappingNode):
            # Outside objects the engine passes a value as it is written: 1.10 stays 1.10.
            sections = [value for key, value in root.value if key.value == "config"]
            for section in sections:
                if isinstance(section, yaml.MappingNode):
                    for _, value in section.value:
                        if isinstance(value, yaml.ScalarNode):
                            value.tag = "tag:yaml.org,2002:str"
        return None if root is None else loader.construct_document(root)
    finally:
        loader.dispose()


def _size(value: Any, seen: dict[int, int]) -> int:
    if not isinstance(value, Mapping | list):
        return 1
    if id(value) not in seen:
        inner = value.values() if isinstance(value, Mapping) else value
        seen[id(value)] = 1 + sum(_size(item, seen) for item in inner)
    return seen[id(value)]


class _AsTheEngine(yaml.constructor.SafeConstructor, yaml.resolver.Resolver):
    """`on` and `1:30` are text, and a key occurs once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:merge" and isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.MarkedYAMLError(
                        problem=f"the key {key.value!r} occurs twice", problem_mark=key.start_mark
                    )
                seen.add(key.value)
        return super().construct_mapping(node, deep)


_AsTheEngine.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", [*"tTfF"]),
    ("null", r"~|null|Null|NULL|", [*"~nN", ""]),
    ("int", r"[-+]?(0|[1-9][0-9]*)|0o[0-7]+|0x[0-9a-fA-F]+", [*"-+0123456789"]),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", [*"-+0123456789."]),
    ("merge", r"<<", ["<"]),
):
    _AsTheEngine.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first
    )


class _Loader(_AsTheEngine, yaml.SafeLoader):
    pass


class _FastLoader(_AsTheEngine, CSafeLoader):
    pass
