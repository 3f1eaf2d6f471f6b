"""A project of its own around a generated estate: the real program, copied, so that whole processes are measured."""

import shutil
from pathlib import Path
from typing import Final

from bench import estate

CODE: Final = (
    "cli",
    "components",
    "manifests",
    "policy",
    "review",
    "settings",
    "__main__.py",
    "Pulumi.yaml",
)
"""What `./aks plan` and `./aks render` run; a command works on the project that its own code lies in."""


def make(root: Path, code: Path, workloads: int) -> Path:
    """Make the folder `root` a project with the code of `code` and an estate of `workloads`; return it."""
    root.mkdir()
    for name in CODE:
        if (code / name).is_dir():
            shutil.copytree(code / name, root / name)
        else:
            shutil.copy2(code / name, root / name)
    estate.write(root, workloads)
    return root
