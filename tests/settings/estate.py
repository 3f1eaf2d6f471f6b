"""The shipped estate as plain data, and what becomes of it when one key is changed.

Files are written in block style, one key a line, so that every fault has one right line; `line_of` finds it with
PyYAML's own parser, not with ours.
"""

import atexit
import json
import shutil
from copy import deepcopy
from functools import cache, lru_cache
from pathlib import Path
from tempfile import mkdtemp
from unittest.mock import patch

import yaml

from settings import yaml_source
from settings.faults import SettingsError
from settings.load import load

ROOT = Path(__file__).parents[2]
SETTINGS = "aks-platform:settings"
STACKS = ("dev", "prod", "local")
GONE = type("Gone", (), {"__repr__": lambda _self: "GONE"})()
"""As a new value: the key is removed."""


VALUES_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["image"],
    "properties": {
        "replicaCount": {"type": "integer", "minimum": 1},
        "image": {"$ref": "#/$defs/Image"},
        "auth": {"type": "object", "properties": {"password": {"type": "string"}}},
        "hosts": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["host"],
                "properties": {"host": {"type": "string"}},
            },
        },
        "mode": {"enum": ["standalone", "cluster"]},
        "port": {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[a-z]+$"}]},
    },
    "$defs": {
        "Image": {
            "type": "object",
            "additionalProperties": False,
            "required": ["repository"],
            "properties": {"repository": {"type": "string"}, "tag": {"type": "string"}},
        }
    },
}
"""Of the values of a chart that no estate has; in each copy as `charts/exporter.json`."""


class Dumper(yaml.CSafeDumper):
    """Writes what aliases share twice."""

    def ignore_aliases(self, _data):
        return True


def dump(data):
    return yaml.dump(data, Dumper=Dumper, sort_keys=False, default_flow_style=False, width=10_000)


@cache
def _shipped():
    files = [*ROOT.glob("Pulumi.*.yaml"), *ROOT.glob("workloads/*.yaml")]
    return {str(it.relative_to(ROOT)): yaml.safe_load(it.read_text()) for it in sorted(files)}


def shipped():
    """The data of every file by its name, to change at will."""
    return deepcopy(_shipped())


def stack_file(stack):
    return f"Pulumi.{stack}.yaml"


def steps(path):
    """`nodePools.wg1.min` or `routes[0].host` as a list; a list or tuple stays one."""
    if not isinstance(path, str):
        return list(path)
    found = []
    for part in path.replace("[", ".").replace("]", "").split(".") if path else []:
        found.append(int(part) if part.isdigit() else part)
    return found


def within(name, path):
    """File and whole path of `path`: below the settings of a stack, or in a workload by its name."""
    if name in STACKS:
        return stack_file(name), ["config", SETTINGS, *steps(path)]
    if name.startswith("Pulumi."):
        return name, steps(path)
    return f"workloads/{name}.yaml", steps(path)


def change(data, path, value):
    """`data` with `value`, or with `GONE` nothing, at `path`; maps on the way are made."""
    if not path:
        return value
    holder, (*above, last) = data, path
    for step in above:
        holder = holder.setdefault(step, {}) if isinstance(holder, dict) else holder[step]
    if value is GONE:
        del holder[last]
    elif isinstance(holder, list) and last == len(holder):
        holder.append(value)
    else:
        holder[last] = value
    return data


def changed(*changes):
    """Names and texts of the files that `changes`, each a name, a path and a value, leave different."""
    data = {}
    for name, path, value in changes:
        file, full = within(name, path)
        data[file] = change(
            data.get(file, deepcopy(_shipped().get(file))),
            full,
            value if value is GONE else deepcopy(value),
        )
    return {file: dump(it) for file, it in data.items()}


def line_of(text, path):
    """Line of the deepest key on the way to `path` that is there; None if not even the first is."""
    node, line = yaml.compose(text, yaml.CSafeLoader), None
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pairs = {key.value: (key, value) for key, value in node.value}
            if step not in pairs:
                return line
            key, node = pairs[step]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            return line
    return line


PARSE = lru_cache(maxsize=64)(yaml_source.parse)
"""The files that no test touches are the same over and over: half of the time of a load."""


class Folder:
    """A copy of the estate on disk. Files are put and put back; one copy serves a whole test run."""

    def __init__(self, root):
        self.root = Path(root)
        (self.root / "workloads").mkdir(parents=True)
        self.texts = {name: dump(data) for name, data in _shipped().items()}
        for path in ROOT.glob("workloads/*/*"):
            self.texts[str(path.relative_to(ROOT))] = path.read_text()
        self.texts["charts/exporter.json"] = json.dumps(VALUES_SCHEMA, indent=1)
        for name, text in self.texts.items():
            (self.root / name).parent.mkdir(exist_ok=True)
            (self.root / name).write_text(text)

    def faults(self, stack, files, given=None):
        """The faults of `stack` with `files` (name to text, None: gone) in place of its own; [] if it is valid."""
        try:
            for name, text in files.items():
                self._put(name, text)
            with patch.object(yaml_source, "parse", PARSE):
                load(self.root, stack, given)
        except SettingsError as error:
            return error.faults
        finally:
            for name in files:
                self._put(name, self.texts.get(name))
        return []

    def _put(self, name, text):
        path = self.root / name
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())


@cache
def folder():
    """The one copy of this run."""
    root = mkdtemp(prefix="estate-")
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return Folder(Path(root) / "estate")


def settings_of(stack):
    """The shipped settings object of a stack."""
    return shipped()[stack_file(stack)]["config"][SETTINGS]


def told(stack, *changes, given=None):
    """Faults of the shipped estate with changes."""
    return folder().faults(stack, changed(*changes), given)


def told_of(stack, files, given=None):
    """Faults of other files, as the user reads them."""
    return [str(it) for it in folder().faults(stack, files, given)]
