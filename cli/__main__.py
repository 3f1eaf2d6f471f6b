"""`python -m cli`: what the wrapper runs, and all that a planning subprocess imports of this room."""

import gc
import os
import sys
from typing import Final

from cli import errors

OBJECTS_A_COLLECTION: Final = 5_000
"""New objects that start the garbage collector. What is imported and loaded stays, and Python's 700 had it looked
through 310 times for the settings of 1,000 workloads: a tenth of the time that they take to load."""


def main() -> int:
    """The exit code of the command line in `sys.argv`."""
    gc.set_threshold(OBJECTS_A_COLLECTION)
    # No package here is a plugin of pydantic; looking for one reads what every installed package says of itself: 20 ms.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        from cli.application import run  # a .venv that lacks click is reported like other damage
    except ModuleNotFoundError as error:
        return errors.report(error, debug="--debug" in sys.argv)
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
