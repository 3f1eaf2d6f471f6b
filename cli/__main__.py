"""`python -m cli`: what the wrapper runs, and all that a planning subprocess imports of this room."""

import sys

from cli import errors


def main() -> int:
    """The exit code of the command line in `sys.argv`."""
    try:
        from cli.application import run  # a .venv that lacks click is reported like other damage
    except ModuleNotFoundError as error:
        return errors.report(error, debug="--debug" in sys.argv)
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
