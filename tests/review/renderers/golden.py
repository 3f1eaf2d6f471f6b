"""Golden reports: what a hand-made review looks like in each format."""

import os
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[2] / "golden/review"


def assert_golden(name: str, text: str) -> None:
    """Compare with `golden/review/<name>`; with UPDATE_GOLDEN=1 rewrite it instead: read its diff."""
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    assert path.read_bytes().decode("utf-8") == text, (
        "if meant, run UPDATE_GOLDEN=1 ./aks test tests/review/renderers and read the diff"
    )
