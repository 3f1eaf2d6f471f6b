"""Reads the plan that a change starts from: a file that people hand over, whole or broken."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from review import urn as urns
from review.guard.values import printable
from review.plan import VERSION, Plan

_TEXTS: Final = ("urn", "type", "name", "parent", "provider")
_MAPS: Final = ("inputs", "options")
HINT: Final = "write one with `./aks plan STACK --json -o FILE`"


class BaseError(Exception):
    """Why a file is no base, in one line for the person who named it."""


def read(source: Path | str, name: str = "") -> Plan:
    """The plan of a file, or of a text that `name` says where it comes from; raise `BaseError` for anything else."""
    label = name or str(source)
    if isinstance(source, Path):
        try:
            text = source.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise BaseError(
                f"{label}: not a plan: no UTF-8 at byte {error.start}; {HINT}"
            ) from None
        except OSError as error:
            raise BaseError(f"{label}: cannot be read: {error.strerror}") from None
    else:
        text = source
    if not text.strip():
        raise BaseError(f"{label}: is empty; {HINT}")
    try:
        _checked(label, json.loads(text))
        return Plan.from_json(text)
    except json.JSONDecodeError as error:
        cut = " (cut off?)" if error.pos >= len(text.rstrip()) else ""
        raise BaseError(f"{label}:{error.lineno}: not JSON: {error.msg}{cut}; {HINT}") from None
    except RecursionError:
        raise BaseError(f"{label}: nested too deep for a plan; {HINT}") from None
    except ValueError as error:
        raise BaseError(f"{label}: {printable(str(error))}; {HINT}") from None


def _checked(label: str, data: Any) -> None:
    """Raise `BaseError` where the guard could not read on: what other tools write is named."""
    if not isinstance(data, Mapping):
        raise BaseError(f"{label}: not a plan: no object at the top; {HINT}")
    if "steps" in data or "changeSummary" in data:
        raise BaseError(f"{label}: what `pulumi preview --json` says, not a plan; {HINT}")
    if "deployment" in data:
        raise BaseError(f"{label}: a state that `pulumi stack export` wrote, not a plan; {HINT}")
    if data.get("version") != VERSION:
        found = json.dumps(data.get("version"))[:20]
        raise BaseError(f"{label}: not a plan of version {VERSION}: its version is {found}; {HINT}")
    for key in ("project", "stack"):
        if not isinstance(data.get(key), str):
            raise BaseError(f"{label}: not a plan: {key} is missing or no text; {HINT}")
    rows = data.get("resources")
    if not isinstance(rows, list) or not isinstance(data.get("outputs"), Mapping):
        raise BaseError(f"{label}: not a plan: resources or outputs are missing; {HINT}")
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        _checked_row(f"{label}: resource {number}", row, seen)


def _checked_row(label: str, row: Any, seen: set[str]) -> None:
    if not isinstance(row, Mapping):
        raise BaseError(f"{label}: no object; {HINT}")
    for key in _TEXTS:
        if not isinstance(row.get(key), str):
            raise BaseError(f"{label}: {key} is missing or no text; {HINT}")
    for key in _MAPS:
        if not isinstance(row.get(key), Mapping):
            raise BaseError(f"{label}: {key} is missing or no object; {HINT}")
    needed = row.get("dependencies")
    if not isinstance(needed, list) or not all(isinstance(it, str) for it in needed):
        raise BaseError(f"{label}: dependencies are missing or no list of text; {HINT}")
    if row["urn"].count("::") < 3 or not urns.type_chain(row["urn"]):
        raise BaseError(f"{label}: urn is no URN; {HINT}")
    if row["urn"] in seen:
        raise BaseError(f"{label}: a second resource of one URN; {HINT}")
    seen.add(row["urn"])
