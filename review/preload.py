"""Which Pulumi SDKs several stacks of one program will import, so that it need happen only once.

A guess, for speed alone: the SDK for Azure takes 0.8 s of the 1.2 s that a stack takes to plan, and stacks that are
planned side by side on two cores would each take it. What is guessed wrongly is imported later, or in vain.
"""

import importlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

SDK: Final = re.compile(
    r"^[ \t]*(?:from|import) +(pulumi_\w+)(?: +import +\(?([\w\s,]+))?", re.MULTILINE
)

_NAMED: Final = b"pulumi_"

SLOW_SDKS: Final = {"pulumi_azure_native": "azure-native:"}
"""And the key in a stack file that shows that the stack needs it."""

NO_PROGRAM: Final = re.compile(r"^(\..*|tests?|venv|node_modules|site-packages|__pycache__)$")


def sdk_modules(project_dir: Path) -> tuple[str, ...]:
    """Modules of Pulumi SDKs that the program's files name in an import, sorted."""
    found: set[str] = set()
    for path in _python_files(project_dir):
        with suppress(OSError, UnicodeDecodeError):
            data = path.read_bytes()
            # The pattern looks at each line: 0.1 s for a thousand files, of which a dozen name an SDK.
            if _NAMED not in data:
                continue
            for match in SDK.finditer(data.decode("utf-8")):
                names = re.findall(r"(\w+)(?: as \w+)?", match[2] or "")
                found |= {match[1], *(f"{match[1]}.{name}" for name in names)}
    return tuple(sorted(found))


def wanted(modules: Sequence[str], project_dir: Path, stack: str) -> tuple[str, ...]:
    """Those of `modules` that `stack` will import, as far as its file shows."""
    try:
        text = (project_dir / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    keys = {module: SLOW_SDKS.get(module.partition(".")[0], "") for module in modules}
    return tuple(module for module in modules if keys[module] in text)


def load(modules: Iterable[str]) -> None:
    """Import those that exist; a program that names another says so itself."""
    for module in modules:
        with suppress(ImportError):
            # The SDKs hand out their modules unloaded; the first look at one of its names loads it.
            hasattr(importlib.import_module(module), "__all__")


def _python_files(project_dir: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(project_dir):
        folders[:] = [name for name in folders if not NO_PROGRAM.match(name)]
        yield from (Path(folder, name) for name in files if name.endswith(".py"))
