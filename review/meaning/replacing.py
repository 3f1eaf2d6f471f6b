"""Whether a resource is made anew by a change, by the guard's table, for meanings that keep no whole resources."""

from collections.abc import Mapping
from typing import Any

from review.guard.changes import rows_of
from review.guard.values import ABSENT, Differs, differs, places
from review.meaning.controllers import is_ignored


def made_anew(
    token: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    ignored: tuple[str, ...] = (),
    without: str = "",
    sure: Differs = "yes",
) -> str:
    """The path for which it is deleted and made anew; empty where there is none.

    With `sure="maybe"` the path of a value that only a deployment tells, which may do it. Rows whose path ends with
    `without` are left out.
    """
    for row in rows_of(token):
        if row.effect != "replaces" or (without and row.path.endswith(without)):
            continue
        for path, was, becomes in places(old, new, row.path):
            was = row.absent if was is ABSENT else was
            becomes = row.absent if becomes is ABSENT else becomes
            if differs(was, becomes, row.alike) != sure or is_ignored(path, ignored):
                continue
            if sure == "maybe" or row.when(was, becomes):
                return path
    return ""
