"""Whether a resource is made anew by a change, by the guard's table, for meanings that keep no whole resources."""

from collections.abc import Mapping
from typing import Any

from review.guard.changes import rows_of
from review.guard.values import ABSENT, differs, places
from review.meaning.controllers import is_ignored


def made_anew(
    token: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    ignored: tuple[str, ...] = (),
    without: str = "",
) -> str:
    """The path for which it is deleted and made anew; empty where it is not, or only may be.

    Rows whose path ends with `without` are left out.
    """
    for row in rows_of(token):
        if row.effect != "replaces" or (without and row.path.endswith(without)):
            continue
        for path, was, becomes in places(old, new, row.path):
            was = row.absent if was is ABSENT else was
            becomes = row.absent if becomes is ABSENT else becomes
            sure = differs(was, becomes, row.alike) == "yes" and row.when(was, becomes)
            if sure and not is_ignored(path, ignored):
                return path
    return ""
