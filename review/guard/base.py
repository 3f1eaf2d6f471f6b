"""Reads the plan that a change starts from: a file that people hand over, whole or broken."""

from pathlib import Path
from typing import Final

from review.plan import Plan

HINT: Final = "write one with `./aks plan STACK --json -o FILE`"


class BaseError(Exception):
    """Why a file is no base, in one line for the person who named it."""


def read(source: Path | str, name: str = "") -> Plan:
    """The plan of a file, or of a text that `name` says where it comes from; raise `BaseError` for anything else.

    A state that `pulumi stack export` wrote is a base, too, and so is the streamed form of a preview: what it starts
    from. The digest of `pulumi preview --json` is none: it leaves out what stays the same.
    """
    # The reader raises this module's error.
    from review.diff.pulumi_preview import STREAMED, Previewed, State
    from review.diff.pulumi_preview import read as read_any

    found = read_any(source, name)
    if isinstance(found, State):
        return found.plan
    if isinstance(found, Previewed):
        if not found.complete:
            raise BaseError(
                f"{name or source}: what `pulumi preview --json` says, not a plan: it leaves out what stays the same; "
                f"{STREAMED}, or {HINT}"
            )
        return found.base
    return found
