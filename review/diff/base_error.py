"""Why a file that people hand over is no side of a comparison."""

from typing import Final

HINT: Final = "write one with `./aks plan STACK --json -o FILE`"


class BaseError(Exception):
    """Why a file is no base, in one line for the person who named it."""
