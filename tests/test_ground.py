"""The pins are complete and say no address; project file, tools and wrapper agree."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
RUNTIME, DEV = "requirements", "requirements-dev"
PIN = re.compile(
    r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ]+)(?P<hashes>( --hash=sha256:[0-9a-f]{64})+)"
)
PLATFORMS = [
    {"python_version": version, "python_full_version": f"{version}.0", "sys_platform": system}
    | {"platform_system": {"linux": "Linux", "darwin": "Darwin"}[system], "os_name": "posix"}
    for version in ("3.11", "3.12", "3.13", "3.14")
    for system in ("linux", "darwin")
]


def chosen(name: str) -> dict[str, Requirement]:
    """The lines of an `.in` file that name a package, by that name."""
    lines = (
        line.partition("#")[0].strip() for line in (ROOT / f"{name}.in").read_text().split("\n")
    )
    found = (Requirement(line) for line in lines if line and not line.startswith("-"))
    return {canonicalize_name(it.name): it for it in found}


def entries(name: str) -> list[str]:
    """The entries of a `.txt` file, each on one line, without comments."""
    lines = [line for line in (ROOT / f"{name}.txt").read_text().splitlines() if line]
    text = "\n".join(line for line in lines if not line.strip().startswith("#"))
    return re.sub(r" *\\\n *", " ", text).splitlines()


def pins(name: str) -> dict[str, str]:
    found = (PIN.fullmatch(entry) for entry in entries(name))
    return {it["name"]: it["version"] for it in found if it}


def imported_packages() -> Iterator[tuple[str, str]]:
    """File and distribution of each import, in any room but tests, that needs something installed."""
    rooms = [path for path in ROOT.iterdir() if not path.name.startswith((".", "out", "tests"))]
    files = [it for path in rooms for it in ([path] if path.is_file() else path.rglob("*.py"))]
    ours = {path.stem for path in rooms} | {
        "tests"
    }  # the control plane that `test` and `local` start
    distributions = importlib.metadata.packages_distributions()
    for path in files:
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            names += [it.name for it in node.names] if isinstance(node, ast.Import) else []
            for top in {str(name).partition(".")[0] for name in names}:
                if top not in ours | sys.stdlib_module_names:
                    yield str(path.relative_to(ROOT)), canonicalize_name(distributions[top][0])


@pytest.mark.parametrize("name", [RUNTIME, DEV])
def test_every_entry_is_pinned_to_one_version_and_its_hashes(name):
    assert entries(name)
    assert [entry for entry in entries(name) if not PIN.fullmatch(entry)] == []


@pytest.mark.parametrize("name", [RUNTIME, DEV])
def test_the_pins_hold_every_chosen_version(name):
    assert chosen(name)
    assert [
        str(it)
        for key, it in chosen(name).items()
        if key not in pins(name) or pins(name)[key] not in it.specifier
    ] == []


def test_the_pins_of_the_tests_leave_those_of_the_program_where_they_are():
    runtime = pins(RUNTIME)

    assert {key: it for key, it in pins(DEV).items() if runtime.get(key, it) != it} == {}


@pytest.mark.parametrize("name", [RUNTIME, DEV])
def test_all_that_a_pinned_package_needs_on_any_supported_python_is_pinned(name):
    versions = pins(RUNTIME) | pins(name)
    missing = {
        f"{key} needs {it}"
        for key in pins(name)
        for it in map(Requirement, importlib.metadata.requires(key) or [])
        if not it.marker or any(it.marker.evaluate(place | {"extra": ""}) for place in PLATFORMS)
        if versions.get(canonicalize_name(it.name), "") not in it.specifier
    }

    assert missing == set()


def test_what_the_rooms_import_is_chosen_in_requirements_in():
    found = set(imported_packages())

    assert {name for _, name in found} >= {"click", "pydantic", "pyyaml"}
    assert {(path, name) for path, name in found if name not in chosen(RUNTIME)} == set()


def test_no_file_names_the_host_of_a_package_registry():
    hosts = [
        ("py", "pi.org"),
        ("pythonhosted", ".org"),
        ("npmjs", ".org"),
        ("proxy.golang", ".org"),
    ]
    hosts += [("sum.golang", ".org"), ("maven", ".org"), ("crates", ".io"), ("deb.debian", ".org")]
    patterns = [word for parts in hosts for word in ("-e", "".join(parts))]

    found = subprocess.run(
        ["git", "grep", "--untracked", "-lIF", *patterns], cwd=ROOT, capture_output=True, text=True
    )

    assert (found.returncode, found.stdout) == (1, ""), found.stderr


def test_the_pulumi_cli_finds_the_environment_that_the_wrapper_makes():
    project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())

    assert project["name"] == "aks-platform"
    assert project["runtime"] == {
        "name": "python",
        "options": {"toolchain": "pip", "virtualenv": ".venv"},
    }


def test_no_object_can_land_in_the_cluster_that_a_shell_points_at():
    config = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]

    assert config["pulumi:disable-default-providers"] == {"value": ["kubernetes"]}


def test_a_stack_without_settings_is_refused_by_the_engine():
    config = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]

    assert config["aks-platform:settings"]["type"] == "object"
    assert {"default", "value"} & {*config["aks-platform:settings"]} == set()


def test_project_wrapper_and_tools_agree_on_the_oldest_python():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())
    places = [
        (ROOT / "aks").read_text(),
        (ROOT / "cli" / "environment.py").read_text(),
    ]

    assert tools["project"]["requires-python"] == ">=3.11"
    assert tools["tool"]["ruff"]["target-version"] == "py311"
    assert all("(3, 11)" in place for place in places)
