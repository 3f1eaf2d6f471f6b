"""The two plans of a review: what was, from git, a file or another stack, and what the working tree says."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from review import stack_config
from review.diff.base_error import BaseError
from review.diff.pulumi_preview import Previewed, State, read
from review.guard.base import read as plan_of
from review.guard.values import printable
from review.plan import Plan, PlanError, Resource
from review.planner import Progress, Task, plan_all
from review.sources import environments
from review.sources.cache import Cache, key
from review.sources.content import ambient, of_code, of_tree, only_read
from review.sources.git_tree import Commit, RefError, checked_out, resolve, uncommitted

Kind = Literal["stack", "file", "ref"]
KINDS: Final[tuple[Kind, ...]] = ("stack", "file", "ref")

Heard = tuple[tuple[str, str], ...]
"""What a program logged: `info`, `warning` or `error`, and the text."""


class SideError(Exception):
    """Why there is nothing to compare with, in words for the person who named it."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One plan of a review, and what to call it."""

    plan: Plan
    label: str
    content: str
    """Hash of the plan: what is worked out from it is kept under this name."""

    said: Heard = ()
    notes: tuple[str, ...] = ()
    foreign: bool = False
    """Whether it was read from a file."""

    previewed: Previewed | None = None
    """What `pulumi preview` said, of which this is one side."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a review is asked for."""

    root: Path
    stack: str
    base: str
    """The name of a stack, of a file or `-`, or of a commit, looked for in this order; `stack:`, `file:` or `ref:`
    before it says which."""

    kubernetes_version: str | None = None
    debug: bool = False


def sides(wanted: Wanted, cache: Cache, *, progress: Progress | None = None) -> tuple[Side, Side]:
    """What was and what is; raise `SideError`, or `PlanError` for a program that cannot be planned.

    A file that `pulumi preview` wrote is both: what runs and what the program wants.
    """
    kind, name = kind_of(wanted.root, wanted.base)
    with ExitStack() as open_trees:
        head = _Job(
            Task(
                project_dir=wanted.root,
                stack=wanted.stack,
                kubernetes_version=wanted.kubernetes_version,
                debug=wanted.debug,
            ),
            content=of_tree(wanted.root),
            label=_label(wanted.root),
            rows={},
        )
        if kind == "file":
            found, label = _read_file(name)
            if isinstance(found, Previewed):
                return _of_preview(found, label)
            [after] = _planned([head], cache, progress)
            if isinstance(found, State):
                runs = _read(found.beside(after.plan), f"the state in {label}")
                return replace(runs, notes=found.notes), after
            return _read(found, label), after
        if kind == "stack":
            other = _Job(
                Task(project_dir=wanted.root, stack=name, debug=wanted.debug),
                content=head.content,
                label=f"stack {name}",
                rows=head.rows,
            )
            before, after = _planned([other, head], cache, progress)
            return before, after
        commit = _commit(wanted.root, name)
        task = Task(
            project_dir=wanted.root, stack=wanted.stack, title=commit.label, debug=wanted.debug
        )
        base = _Job(task, content=f"commit {commit.content}", label=commit.label, rows=head.rows)
        if (kept := base.kept(cache)) is not None:
            [after] = _planned([head], cache, progress)
            return kept, after
        try:
            tree = open_trees.enter_context(checked_out(wanted.root, commit))
        except RefError as error:
            raise SideError(str(error)) from None
        if wanted.stack not in stack_config.stack_names(tree):
            [after] = _planned([head], cache, progress)
            return _nothing(after, commit, wanted.stack), after
        base = replace(base, task=replace(task, project_dir=tree))
        if environments.same(tree, wanted.root):
            before, after = _planned([base, head], cache, progress)
            return before, after
        # Not kept: what its program reads is not known here, so no name would stand for all of it.
        before = base.side(_by_its_own(tree, wanted, commit), ())
        [after] = _planned([head], cache, progress)
        return before, after


def kind_of(root: Path, base: str) -> tuple[Kind, str]:
    """What a base is, and its name without the word before it; `SideError` for what is none of the three."""
    for kind in KINDS:
        if base.startswith(f"{kind}:"):
            return kind, base.removeprefix(f"{kind}:")
    if base in stack_config.stack_names(root):
        return "stack", base
    if base == "-" or Path(base).is_file():
        return "file", base
    if Path(base).is_dir():
        raise SideError(f"{printable(base)}: a folder is no base; name a plan, a stack or a commit")
    if base.endswith((".json", ".jsonl")):
        raise SideError(f"{printable(base)}: there is no such file")
    return "ref", base


@dataclass(frozen=True)
class _Job:
    """A plan to be had, from the cache or by running its program."""

    task: Task
    content: str
    label: str
    rows: dict[str, Resource]
    """By their line in a plan: the two plans of a review are alike in most, which are read, and then compared, once."""

    @property
    def name(self) -> str:
        return key(
            "plan", self.content, self.task.stack, str(self.task.kubernetes_version), ambient()
        )

    def components(self, cache: Cache) -> tuple[Cache, str]:
        """Where the planner finds components of earlier plans by the same code."""
        task = self.task
        code = of_code(task.project_dir, task.stack)
        return cache, key("components", code, task.stack, str(task.kubernetes_version), ambient())

    def kept(self, cache: Cache) -> Side | None:
        found = cache.load(self.name)
        if found is None:
            return None
        text, said = found
        return self.side(text, said)

    def keep(self, cache: Cache, side: Side, text: str) -> None:
        cache.store(self.name, (text, side.said))

    def side(self, text: str, said: Heard) -> Side:
        return Side(
            plan=Plan.from_json(text, self.rows),
            label=self.label,
            content=key("side", text),
            said=said,
        )


def _planned(jobs: Sequence[_Job], cache: Cache, progress: Progress | None) -> list[Side]:
    """The jobs' plans; those that nobody has worked out yet side by side."""
    found = {at: side for at, job in enumerate(jobs) if (side := job.kept(cache)) is not None}
    left = [at for at in range(len(jobs)) if at not in found]
    heard: list[tuple[str, str, str]] = []
    tasks = [replace(jobs[at].task, kept=jobs[at].components(cache)) for at in left]
    results = plan_all(
        tasks,
        progress=progress,
        said=lambda title, severity, text: heard.append((title, severity, text)),
    )
    for at, task, result in zip(left, tasks, results, strict=True):
        if isinstance(result, PlanError):
            raise PlanError(f"{task.title or task.stack}: {result}", result.details)
        said = tuple((it[1], it[2]) for it in heard if it[0] == (task.title or task.stack))
        found[at] = jobs[at].side(result.text, said)
        if only_read(result.read, task.project_dir):
            jobs[at].keep(cache, found[at], result.text)
    return [found[at] for at in range(len(jobs))]


def _label(root: Path) -> str:
    changed = uncommitted(root)
    files = f"{changed} file{'s' if changed != 1 else ''}"
    return f"working tree, {files} not committed" if changed else "working tree"


def _commit(root: Path, name: str) -> Commit:
    try:
        return resolve(root, name)
    except RefError as error:
        raise SideError(str(error)) from None


def _read_file(name: str) -> tuple[Plan | State | Previewed, str]:
    """What is in a file, and what to call it."""
    try:
        found = read(sys.stdin, "standard input") if name == "-" else read(Path(name))
    except BaseError as error:
        raise SideError(str(error)) from None
    return found, "standard input" if name == "-" else printable(Path(name).name)


def _of_preview(found: Previewed, label: str) -> tuple[Side, Side]:
    """What was, and what is to be: a preview says both."""
    before = _read(found.base, f"what runs, by {label}")
    after = _read(found.head, f"`pulumi preview` in {label}")
    return before, replace(after, previewed=found)


def _read(plan: Plan, label: str) -> Side:
    return Side(plan=plan, label=label, content=key("side", plan.to_json()), foreign=True)


def _nothing(after: Side, commit: Commit, stack: str) -> Side:
    plan = Plan(project=after.plan.project, stack=after.plan.stack, resources=())
    note = f"There is no stack {stack} at {commit.label}: everything is new."
    return Side(plan=plan, label=commit.label, content=key("side", plan.to_json()), notes=(note,))


def _by_its_own(tree: Path, wanted: Wanted, commit: Commit) -> str:
    """The plan of a commit with other pins, made by that commit's own program with its own packages."""
    try:
        python = environments.python_of(tree, wanted.root)
    except environments.PinsError as error:
        raise SideError(f"{commit.label}: {error}") from None
    with tempfile.TemporaryDirectory(prefix="aks-plan-") as folder:
        output = Path(folder, "plan.json")
        command = [str(python), "-m", "cli", "plan", wanted.stack, "--json", "-o", str(output)]
        done = subprocess.run(
            command, cwd=tree, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode or not output.is_file():
            raise PlanError(
                f"{commit.label}: its own `./aks plan {wanted.stack}` failed:\n{_indented(done.stderr)}"
            )
        try:
            return plan_of(output).to_json()
        except BaseError as error:
            raise SideError(f"{commit.label}: {error}") from None


def _indented(text: str) -> str:
    lines: Iterable[str] = (printable(it) for it in text.strip().splitlines()[-20:])
    return "\n".join(f"  {it}" for it in lines)
