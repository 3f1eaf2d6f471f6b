"""Which file of a commit described a workload or chart that is not there any more."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from review.report import Place
from review.sources.git_tree import RefError, resolve

_LINES: Final = r"^(name|namespace): *[\"']?[a-z0-9-]+[\"']? *(#.*)?$"
_KEY: Final = re.compile(r"(name|namespace): *[\"']?([a-z0-9-]+)")


def named_in(root: Path, ref: str) -> Mapping[str, Place]:
    """Lines by `<namespace>-<name>` and by name, of the catalogue as it was; empty where `ref` is no commit."""
    try:
        commit = resolve(root, ref)
    except RefError:
        return {}
    asked = ["grep", "-z", "-n", "-E", "-e", _LINES, commit.sha, "--", "workloads"]
    done = subprocess.run(
        ["git", "-C", str(root), *asked],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
        check=False,
    )
    return _places(done.stdout.decode("utf-8", "replace"), commit.sha)


def _places(said: str, sha: str) -> Mapping[str, Place]:
    """`git grep -z -n` writes `SHA:path NUL line NUL text`, a line each."""
    namespaces: dict[str, str] = {}
    names: dict[str, tuple[str, Place]] = {}
    for row in said.split("\n"):
        path, _, rest = row.removeprefix(f"{sha}:").partition("\0")
        line, _, text = rest.partition("\0")
        found = _KEY.match(text)
        if found is None or not line.isdigit() or path.count("/") != 1:
            continue
        if found[1] == "namespace":
            namespaces[path] = found[2]
        else:
            names.setdefault(path, (found[2], Place(file=path, line=int(line), gone=True)))
    alone: dict[str, Place] = {}
    for name, it in names.values():
        alone.setdefault(name, it)
    spaced = {f"{namespaces.get(it.file, '')}-{name}": it for name, it in names.values()}
    return {**alone, **spaced}
