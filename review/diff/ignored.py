"""What `ignoreChanges` keeps as it runs: the engine puts the old value back before it compares, and so do we."""

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

_STEP: Final = re.compile(r"""\["((?:[^"\\]|\\.)*)"\]|\[(\*|\d+)\]|\.?([^.\[\]]+)""")
_MISSING: Final = object()

Step = str | int
"""Key or position; `*` is every one."""


def kept(old: Mapping[str, Any], new: Mapping[str, Any], paths: Iterable[str]) -> Mapping[str, Any]:
    """`new` with the values of `old` at `paths`, in Pulumi's syntax: `spec.containers[0].image`, `data["a.b"]`, `[*]`.

    https://www.pulumi.com/docs/iac/concepts/resources/options/ignorechanges/
    """
    steps = [it for path in paths if (it := steps_of(str(path)))]
    if not steps or old == new:
        return new
    found = copy.deepcopy(dict(new))
    for it in steps:
        _put_back(old, found, it)
    return found


def steps_of(path: str) -> list[Step]:
    """Keys and positions of a property path."""
    found: list[Step] = []
    for it in _STEP.finditer(path):
        quoted, bracketed, word = it.groups()
        if quoted is not None:
            found.append(re.sub(r"\\(.)", r"\1", quoted))
        elif bracketed is not None:
            found.append("*" if bracketed == "*" else int(bracketed))
        else:
            found.append(word)
    return found


def _put_back(old: Any, new: Any, steps: list[Step]) -> None:
    step, rest = steps[0], steps[1:]
    if step == "*":
        if isinstance(new, list):
            here: Iterable[Step] = range(len(new))
        else:
            here = sorted({*old, *new}) if isinstance(old, dict) and isinstance(new, dict) else ()
        for it in here:
            _put_back(old, new, [it, *rest])
        return
    before = _get(old, step)
    if rest:
        after = _get(new, step)
        if before is not _MISSING and after is not _MISSING:
            _put_back(before, after, rest)
    elif isinstance(new, dict) and isinstance(step, str):
        if before is _MISSING:
            new.pop(step, None)
        else:
            new[step] = before
    elif before is not _MISSING and _get(new, step) is not _MISSING:
        new[step] = before


def _get(value: Any, step: Step) -> Any:
    if isinstance(value, Mapping) and isinstance(step, str):
        return value.get(step, _MISSING)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return _MISSING
