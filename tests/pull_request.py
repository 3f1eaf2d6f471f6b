"""One pull request on the estate, as docs/review.md walks through it, made in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CODE = (
    *("cli", "components", "manifests", "policy", "review", "settings", "workloads"),
    *("__main__.py", "Pulumi.yaml", "requirements.txt", ".gitignore"),
)
STACK = "prod"
BASE = "before.json"

EDITS = {
    "open a port": ("workloads/web.yaml", r"^pool: wg1\n", "pool: wg1\nuses: [redis]\n"),
    "raise replicas": (
        "Pulumi.prod.yaml",
        r"^      admin-authorization:\n        replicas: 3\n",
        "      admin-authorization:\n        replicas: 5\n",
    ),
    "drop TLS": ("Pulumi.prod.yaml", r"^      tls: .*\n", ""),
    "change vmSize": (
        "Pulumi.prod.yaml",
        r"vmSize: Standard_D8ds_v5",
        "vmSize: Standard_D16ds_v5",
    ),
    "rename a workload": (
        "workloads/public-nginx.yaml",
        r"^name: public-nginx$",
        "name: public-web",
    ),
    "rename it in the stack": (
        "Pulumi.prod.yaml",
        r"^      public-nginx:\n        replicas",
        "      public-web:\n        replicas",
    ),
}
"""File, pattern and what takes its place."""


def copied(folder: Path) -> Path:
    """The project in `folder`, which is made, with its stacks and without its tests."""
    folder.mkdir()
    for name in (*CODE, *(it.name for it in ROOT.glob("Pulumi.*.yaml"))):
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, folder / name)
    return folder


def opened(folder: Path) -> Path:
    """A copy with the change made, and the plan of before it in `before.json`."""
    copied(folder)
    aks(folder, "plan", STACK, "--json", "-o", BASE)
    for file, pattern, new in EDITS.values():
        path = folder / file
        text, count = re.subn(pattern, new, path.read_text(), count=1, flags=re.MULTILINE)
        assert count == 1, f"{file} has no {pattern}"
        path.write_text(text)
    (folder / "workloads/public-nginx.yaml").rename(folder / "workloads/public-web.yaml")
    return folder


def aks(folder: Path, *arguments: str) -> str:
    """What a command prints on stdout in `folder`; it may find something, and may not fail."""
    done = subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout
