"""Imports between the rooms point one way, and Pulumi stays out of what the offline tools share."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "settings": set(),
    "manifests": {"settings"},
    "components": {"settings", "manifests"},
    "__main__": {"settings", "components"},
    "policy": set(),
    "review": {"settings", "manifests", "policy"},
    "bench": {"settings", "manifests", "components", "review"},
    "cli": {"settings", "manifests", "policy", "review", "bench"},
}
"""The rooms before each room. `review` reads the recorded plan, so it has no need of components."""

SDK = {"pulumi", "pulumi_kubernetes", "pulumi_azure_native", "pulumi_policy", "grpc", "google"}
USES_SDK = ("__main__.py", "components/", "policy/__main__.py", "policy/pack.py", "bench/")
RECORDS = {
    "azure_types",
    "monitor",
    "options",
    "program_error",
    "recorder",
    "sdk",
    "secrecy",
    "wire",
}
"""The modules of review that run a program, and so speak the SDK's and the engine's protocol."""


def sources(root: Path) -> list[Path]:
    """The modules of all rooms: every Python file outside tests and what git ignores."""
    rooms = (path for path in root.iterdir() if not path.name.startswith((".", "out", "tests")))
    found = (it for path in rooms for it in ([path] if path.is_file() else path.rglob("*")))
    return sorted(path.relative_to(root) for path in found if path.suffix == ".py")


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Line and module of each import, wherever it stands; a relative one stays in its room."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.lineno, str(node.module)


def may_use_sdk(path: Path) -> bool:
    return path.as_posix().startswith(USES_SDK) or (
        path.parts[0] == "review" and path.stem in RECORDS
    )


def offences(path: Path, source: str) -> Iterator[str]:
    room = path.parts[0].removesuffix(".py")
    if room not in MAY_IMPORT:
        yield f"{path}: {room} is no room that this test knows; add it to MAY_IMPORT"
        return
    for line, module in imports(source):
        top = module.partition(".")[0]
        if top in MAY_IMPORT and top not in MAY_IMPORT[room] | {room}:
            allowed = ", ".join(sorted(MAY_IMPORT[room])) or "no other room"
            yield f"{path}:{line}: imports {module}, but {room} may import {allowed}"
        if top in SDK and not may_use_sdk(path):
            yield f"{path}:{line}: imports {module}, but {room} is read without the Pulumi SDK"


def test_every_room_imports_only_the_rooms_before_it():
    found = [it for path in sources(ROOT) for it in offences(path, (ROOT / path).read_text())]

    assert not found, "\n".join(found)


def test_nothing_outside_the_program_and_its_recorder_loads_the_sdk():
    modules = [
        path.with_suffix("").as_posix().removesuffix("/__init__").replace("/", ".")
        for path in sources(ROOT)
        if not may_use_sdk(path)
    ]
    program = (
        f"import importlib, sys; sys.path.insert(0, {str(ROOT)!r})\n"
        f"for name in {modules}: importlib.import_module(name)\n"
        f"print(*sorted({SDK} & {{*sys.modules}}))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert (done.stdout, done.stderr) == ("\n", "")


def test_all_rooms_are_looked_at():
    assert {"settings", "manifests", "components", "review", "cli"} <= {
        path.parts[0] for path in sources(ROOT)
    }


@pytest.mark.parametrize(
    ("path", "source", "words"),
    [
        ("settings/a.py", "import manifests", "may import no other room"),
        ("manifests/a.py", "from components.azure import cluster", "may import settings"),
        ("components/a.py", "from review.plan import Plan", "may import manifests, settings"),
        ("review/a.py", "def f():\n    import components", "review/a.py:2: imports components"),
        ("policy/a.py", "from settings.stack import Settings", "may import no other room"),
        ("manifests/a.py", "from cli.errors import UserError", "imports cli.errors"),
        ("__main__.py", "import review.plan", "__main__ may import components, settings"),
        ("settings/a.py", "import pulumi", "without the Pulumi SDK"),
        ("review/renderers/a.py", "from pulumi_kubernetes import core", "without the Pulumi SDK"),
        ("cli/preview.py", "import pulumi.runtime", "without the Pulumi SDK"),
        ("helpers/a.py", "", "helpers is no room"),
    ],
)
def test_an_import_against_the_direction_is_named(path, source, words):
    (found,) = offences(Path(path), source)

    assert words in found


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("components/azure/a.py", "import pulumi\nfrom settings.stack import Settings"),
        ("components/azure/a.py", "from . import names\nfrom components.pace import pace"),
        ("review/recorder.py", "import pulumi"),
        ("cli/preview.py", "from review.planner import plan_stacks"),
    ],
)
def test_an_import_along_the_direction_is_allowed(path, source):
    assert not list(offences(Path(path), source))
