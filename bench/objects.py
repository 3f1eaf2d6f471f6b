"""Gathers what `render --format json` wrote into one JSON list, for the yaml floor.

A process of its own: a measured one starts with the peak memory of the process that started it.
"""

import json
import sys
from pathlib import Path


def main(folder: Path, output: Path) -> None:
    """Write the objects of `folder` to `output`, one a line."""
    rows = [
        json.dumps(it)
        for path in sorted(folder.rglob("*.json"))
        for it in json.loads(path.read_bytes())["items"]
    ]
    output.write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
