"""A program's exception in the words of the person who wrote the program, not of the SDK."""

import re
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pulumi

from review.monitor import RefusedError
from review.plan import PlanError
from review.sdk import project_frames


def explained(
    fault: BaseException, project_dir: Path, *, debug: bool, faults: Sequence[str]
) -> PlanError:
    """What to tell: the error itself, its file and line in the project, the component that was being made.

    `faults` are those found before the program stopped.
    """
    details = "".join(traceback.format_exception(fault)) if debug else ""
    return PlanError("\n".join([*faults, _message(fault, project_dir)]), details)


def _message(fault: BaseException, project_dir: Path) -> str:
    if isinstance(fault, PlanError | RefusedError | pulumi.RunError):
        return str(fault)
    relative = project_frames(project_dir)
    if isinstance(fault, SyntaxError) and relative(fault.filename or ""):
        return f"{relative(fault.filename or '')}:{fault.lineno}: {fault.msg}"
    frames = list(traceback.walk_tb(fault.__traceback__))
    own = [(frame, line) for frame, line in frames if relative(frame.f_code.co_filename)]
    made, place = _made(frames)
    if own:
        place = f"{relative(own[-1][0].f_code.co_filename)}:{own[-1][1]}: "
    if isinstance(fault, SystemExit):
        return f"{place}the program ended itself with {fault.code!r}"
    return f"{place}{made}{_said(fault)}"


def _said(fault: BaseException) -> str:
    """Type and text. Where the SDK quotes a bad input's value, only the input's name is kept."""
    lines = [line.strip() for line in str(fault).splitlines() if line.strip()]
    if any(_INPUT.match(line) for line in lines):
        inputs = [match[1] for line in lines if (match := _INPUT.match(line))]
        return f"input {inputs[-1]!r}: {lines[-1].partition('has risen: ')[2] or lines[-1]}"
    text = "; ".join(lines)
    return f"{type(fault).__name__}: {text}" if text else type(fault).__name__


_INPUT: Final = re.compile(r"(?:\w+ has risen: )?While processing input: '([^']+)'")


def _made(frames: Sequence[tuple[FrameType, int]]) -> tuple[str, str]:
    """The innermost component, or else resource, whose making failed; and where the program made the latter."""
    for frame, _ in reversed(frames):
        values = frame.f_locals
        if frame.f_code.co_name == "do_register" and "ty" in values:
            position = values.get("source_position")
            place = f"{position.uri}:{position.line}: " if position and position.uri else ""
            return f"{values['ty']} {values['name']!r}: ", place
        made: Any = values.get(next(iter(frame.f_code.co_varnames), ""))
        if frame.f_code.co_name == "__init__" and isinstance(made, pulumi.ComponentResource):
            token = getattr(made, "_type", type(made).__name__)
            return f"{token} {getattr(made, '_name', values.get('name', ''))!r}: ", ""
    return "", ""
