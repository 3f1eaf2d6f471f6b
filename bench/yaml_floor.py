"""The floor of rendering, as a process: load the estate's YAML, make the objects, dump them.

The objects come out of JSON, which makes plain dicts faster than any code in Python does. The dump is libyaml's, into
one file, without the search for aliases, which would take a quarter longer.
"""

import json
import sys
from pathlib import Path

import yaml


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


def main(project: Path, objects: Path, output: Path) -> None:
    """Load the YAML of `project`, then dump the list of `objects` (JSON) to `output`."""
    for path in (*project.glob("Pulumi.*.yaml"), *project.glob("workloads/*.yaml")):
        yaml.load(path.read_bytes(), yaml.CSafeLoader)
    made = json.loads(objects.read_bytes())
    with output.open("w", encoding="utf-8") as file:
        yaml.dump_all(made, file, _Dumper, sort_keys=False)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
