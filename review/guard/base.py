"""Reads the plan that a change starts from: a file that people hand over, whole or broken."""

from pathlib import Path

from review.diff.base_error import HINT, BaseError
from review.diff.pulumi_preview import STREAMED, Previewed, State
from review.diff.pulumi_preview import read as read_any
from review.plan import Plan


def read(source: Path | str, name: str = "") -> Plan:
    """The plan of a file, or of a text that `name` says where it comes from; raise `BaseError` for anything else.

    A state that `pulumi stack export` wrote is a base, too, and so is the streamed form of a preview: what it starts
    from. The digest of `pulumi preview --json` is none: it leaves out what stays the same.
    """
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
