"""How a command ends when it cannot do its work: one message, one exit code, no traceback."""

import os
import sys
import traceback

from cli import environment

BAD_INPUT = 2
INTERRUPTED = 130
"""What a shell reports for a process that SIGINT ended (128 + 2)."""
PIPE_CLOSED = 141
"""The same for SIGPIPE (128 + 13)."""


class UserError(Exception):
    """Input that the user can mend; the message says what, where and how (exit code 2).

    Lower case, no final stop; more lines are indented by two. Raise it `from` the error of the room
    that found the fault: `--debug` shows both.
    """


def report(error: BaseException, *, debug: bool) -> int:
    """The exit code for what ended a command, after saying on stderr what that was.

    The stack is shown with `debug` alone; an error of our own says how to get it.
    """
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        # The interpreter flushes once more when it ends, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    if debug:
        traceback.print_exception(error)
    print(f"error: {_harmless(_message(error))}", file=sys.stderr)
    return BAD_INPUT


def _harmless(text: str) -> str:
    """`text` without what a terminal would act upon but ends of lines: it quotes what users and files say."""
    return "".join(
        it if it.isprintable() or it == "\n" else "\N{REPLACEMENT CHARACTER}" for it in text
    )


def _message(error: BaseException) -> str:
    if isinstance(error, UserError | environment.InstallError):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and _is_foreign(error.name):
        remedy = "run again to make it anew" if environment.condemn() else "install what lacks"
        return f"{sys.prefix} has no package {error.name!r}: {remedy}"
    again = "run again with --debug for the stack"
    return f"internal: {type(error).__name__}: {error} ({again})"


def _is_foreign(module: str | None) -> bool:
    """Whether the module, or the package that holds it, should have come with the pins."""
    top = (module or "").partition(".")[0]
    return bool(top) and not any(
        place.exists() for place in (environment.ROOT / top, environment.ROOT / f"{top}.py")
    )
