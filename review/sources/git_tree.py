"""A commit of the project's own repository, laid out in a temporary folder of its own."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from review.guard.values import printable
from settings.faults import did_you_mean

_QUIET: Final = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
_NO_HOOKS: Final = ("-c", f"core.hooksPath={os.devnull}", "-c", "advice.detachedHead=false")


class RefError(Exception):
    """Why a name stands for no commit here, in words for the person who typed it."""


@dataclass(frozen=True, kw_only=True)
class Commit:
    """What a name stands for."""

    ref: str
    sha: str
    content: str
    """Hash by which git knows the project's folder at that commit: equal content, equal hash."""

    @property
    def label(self) -> str:
        """`origin/main (3f2c1ab)`; a hash alone is shortened."""
        short = self.sha[:7]
        return short if self.sha.startswith(self.ref) else f"{self.ref} ({short})"


def resolve(root: Path, ref: str) -> Commit:
    """The commit that `ref` names in the repository of `root`; raise `RefError` for none."""
    shown = printable(ref)
    if not ref or ref.startswith("-"):
        raise RefError(f"{shown!r} is no name of a commit")
    inside = _git(root, "rev-parse", "--show-prefix")
    if inside is None:
        raise RefError(
            f"{shown} is no stack and no file, and {root.name} is in no git repository whose commits it could name; "
            "give a plan that `./aks plan STACK --json -o FILE` wrote"
        )
    sha = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if not sha:
        raise RefError(f"{shown} names no stack, no file and no commit here; {_remedy(root, ref)}")
    content = _git(
        root, "rev-parse", "--verify", "--quiet", f"{sha}:{inside}" if inside else f"{sha}^{{tree}}"
    )
    if not content:
        raise RefError(f"{shown} has no folder {inside}: the project was not there yet")
    return Commit(ref=shown, sha=sha, content=content)


@contextmanager
def checked_out(root: Path, commit: Commit) -> Iterator[Path]:
    """The project's folder as it was at `commit`; gone at the end. No hook of the repository runs.

    Raise `RefError` where git cannot lay it out, such as for want of space.
    """
    inside = _git(root, "rev-parse", "--show-prefix") or ""
    with tempfile.TemporaryDirectory(prefix="aks-base-") as folder:
        tree = Path(folder, "tree")
        add = [*_NO_HOOKS, "worktree", "add", "--quiet", "--detach", str(tree), commit.sha]
        done = _run(root, add)
        if done.returncode:
            last = printable(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "")
            raise RefError(f"{commit.label} cannot be checked out: {last}")
        try:
            yield tree / inside
        finally:
            _run(root, ["worktree", "remove", "--force", str(tree)])
            _run(root, ["worktree", "prune"])


def uncommitted(root: Path) -> int:
    """Files of the project that differ from the last commit, new ones included; 0 outside a repository."""
    said = _git(root, "status", "--porcelain", "--untracked-files=all", "-z", "--", ".")
    return sum(1 for it in (said or "").split("\0") if it[2:3] == " ")


def _remedy(root: Path, ref: str) -> str:
    names = (_git(root, "for-each-ref", "--format=%(refname:short)") or "").split()
    if near := did_you_mean(ref, names):
        return near
    shallow = _git(root, "rev-parse", "--is-shallow-repository") == "true"
    remote, _, branch = ref.partition("/")
    if shallow or not names or remote in (_git(root, "remote") or "").split():
        target = f"{remote} {branch}" if branch else f"origin {ref}"
        return f"the clone may hold too little: git fetch {printable(target)}"
    return "`git branch --all` lists the names"


def _git(root: Path, *arguments: str) -> str | None:
    """What git says, without the line's end; None where it fails or is not there."""
    done = _run(root, arguments)
    return done.stdout.removesuffix("\n") if done.returncode == 0 else None


def _run(root: Path, arguments: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    # A hook or `git rebase --exec` that calls this program leaves its own repository in these.
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
    }
    try:
        return subprocess.run(
            ["git", *arguments],
            cwd=root,
            env=environment | _QUIET,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        return subprocess.CompletedProcess(["git"], 127, "", str(error.strerror))
