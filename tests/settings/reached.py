"""Which of the places that can make a fault have made one: so that none is without a test."""

import ast
import sys
from pathlib import Path

from settings import faults
from tests.settings.estate import ROOT


class Reached:
    """The lines that were on the way to a fault, while this is entered."""

    def __init__(self):
        self.lines = set()

    def __enter__(self):
        self.made, fault = faults.Fault.__init__, self

        def watched(made, *args, **kwargs):
            frame = sys._getframe(1)
            while frame:
                fault.lines.add((Path(frame.f_code.co_filename), frame.f_lineno))
                frame = frame.f_back
            self.made(made, *args, **kwargs)

        faults.Fault.__init__ = watched
        return self

    def __exit__(self, *_):
        faults.Fault.__init__ = self.made


def faulting_calls():
    """Every place in `settings/checks` that makes a fault, as file, first and last line."""
    for path in sorted((ROOT / "settings" / "checks").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in ("fault", "Fault"):
                    yield path, node.lineno, node.end_lineno
