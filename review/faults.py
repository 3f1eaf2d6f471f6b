"""How a fault in a resource's inputs is said: path, rule, value, and what was probably meant."""

import difflib
import json
from collections.abc import Iterable
from typing import Any, Final

Path = tuple[str | int, ...]
"""Keys and list positions from the resource's inputs down to a value."""

LONGEST_VALUE: Final = 60
"""Characters of a value in an error."""


def spelled(path: Path) -> str:
    """`spec.containers[0].image`; a key that is no plain word in brackets."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.replace("_", "").replace("-", "").isalnum():
            text += f".{step}" if text else step
        else:
            text += f"[{json.dumps(step)}]"
    return text


def no_such_field(path: Path, known: Iterable[str]) -> str:
    """A key that its schema does not have. Its value stays unsaid: it may be a secret."""
    close = difflib.get_close_matches(str(path[-1]), known, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    return f"{spelled(path)}: no such field{hint}"


def missing_field(path: Path, name: str) -> str:
    """A key that its schema asks for."""
    return f"{spelled((*path, name))}: required, and missing"


def wrong_value(path: Path, rule: str, value: Any) -> str:
    """A value that is none of what its schema takes; `rule` follows the words 'must be'."""
    text = json.dumps(value, sort_keys=True)
    short = text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 3]}..."
    return f"{spelled(path) or 'the object'}: must be {rule}; got {short}"
