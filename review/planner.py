"""Plans several stacks side by side, each in a process of its own, so that nothing leaks from one to the next.

Where it is safe the processes are forks of this one, with Pulumi imported once for all: an interpreter with Pulumi
takes 0.5 s to start on two shared cores, a fork 0.01 s.
"""

import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final, Literal

from review import preload
from review.plan import Plan, PlanError
from review.sources.cache import Cache
from review.sources.content import only_read

OBJECTS_A_COLLECTION: Final = 5_000
"""New objects that start the garbage collector in a process that plans. Python's 700 had it walk all that is registered
23 times for 1,000 workloads, a fifth of the time of a plan; this takes twice, for 30 MiB more."""

Progress = Callable[[str, str, int], None]
"""Called with the stack, its phase (`start`, `register`, `done`, `failed`) and the resources so far."""

Said = Callable[[str, str, str], None]
"""Called with the stack, `info`, `warning` or `error`, and what the program logs."""


def plan_stacks(
    project_dir: Path,
    stacks: Sequence[str],
    *,
    config_overrides: Mapping[str, Any] | None = None,
    kubernetes_version: str | Mapping[str, str] | None = None,
    progress: Progress | None = None,
    said: Said | None = None,
    debug: bool = False,
) -> dict[str, Plan | PlanError]:
    """A plan, or the reason why there is none, for each of `stacks`, in their order.

    `kubernetes_version` is one for all or one a stack; it, `config_overrides` and `debug` are as in
    `review.recorder.record`. What the programs print goes to stderr, and what they log, too, unless
    `said` takes it. Call it from a process without threads: otherwise
    every stack gets a new interpreter. `progress` is first called when the last process has started, so it may begin a
    thread.
    """
    versions = kubernetes_version if isinstance(kubernetes_version, Mapping) else {}
    fixed = None if isinstance(kubernetes_version, Mapping) else kubernetes_version
    tasks = [
        Task(
            project_dir=project_dir,
            stack=stack,
            config_overrides=config_overrides,
            kubernetes_version=versions.get(stack, fixed),
            debug=debug,
        )
        for stack in dict.fromkeys(stacks)
    ]
    planned = plan_all(tasks, progress=progress, said=said)
    return {
        task.stack: it if isinstance(it, PlanError) else Plan.from_json(it.text)
        for task, it in zip(tasks, planned, strict=True)
    }


@dataclass(frozen=True, kw_only=True)
class Task:
    """One stack of one tree to be planned; the fields are as in `review.recorder.record`."""

    project_dir: Path
    stack: str
    title: str = ""
    """What progress is told of, where the stack's name would name two."""

    config_overrides: Mapping[str, Any] | None = None
    kubernetes_version: str | None = None
    debug: bool = False
    kept: tuple[Cache, str] | None = None
    """Where components of earlier runs are, and under which name: that of the code, the stack and the versions. Those
    that would register the same again are taken from there."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What came of a task."""

    text: str
    """The plan's JSON."""

    read: frozenset[str]
    """Files that the program opened, outside of what is installed: absolute paths, as it named them."""


def plan_all(
    tasks: Sequence[Task], *, progress: Progress | None = None, said: Said | None = None
) -> list[Planned | PlanError]:
    """What came of each of `tasks`, in their order; else as `plan_stacks`, which see."""
    report = progress or _silent
    results: dict[int, Planned | PlanError] = {}
    children: _Children = {}
    with _ended(children):
        _start(tasks, children, listened_to=said is not None)
        for task in tasks:
            report(task.title or task.stack, "start", 0)
        while children:
            for pipe in wait(list(children)):
                assert isinstance(pipe, Connection)
                at, process = children[pipe]
                title = tasks[at].title or tasks[at].stack
                kind, value = _received(pipe, tasks[at], process)
                if kind == "progress":
                    report(title, *value)
                    continue
                if kind == "said":
                    if said:
                        said(title, *value)
                    continue
                results[at] = value
                del children[pipe]
                pipe.close()
                process.join()
                if kind == "plan":
                    report(title, "done", value.text.count("\n") - 2)
                else:
                    report(title, "failed", 0)
    return [results[at] for at in range(len(tasks))]


_Children = dict[Connection, tuple[int, BaseProcess]]
_Message = tuple[Literal["progress", "said", "plan", "error"], Any]


def _start(tasks: Sequence[Task], children: _Children, *, listened_to: bool) -> None:
    """Begin with those that need the fewest SDKs: they work while this process imports what the others share."""
    may_fork = sys.platform == "linux" and _is_single_threaded()
    if may_fork:
        import review.recorder  # noqa: F401  (and Pulumi with it: it opens no channel and starts no thread)
    modules = {it.project_dir: preload.sdk_modules(it.project_dir) for it in tasks}
    sdks = [preload.wanted(modules[it.project_dir], it.project_dir, it.stack) for it in tasks]
    for at, needed in sorted(enumerate(sdks), key=lambda pair: len(pair[1])):
        if may_fork:
            preload.load(needed)
        # macOS's own libraries do not survive a fork, nor do locks that another thread holds.
        context = (
            multiprocessing.get_context("fork")
            if may_fork and _is_single_threaded()
            else multiprocessing.get_context("spawn")
        )
        ours, theirs = context.Pipe(duplex=False)
        task = tasks[at]
        process = context.Process(
            target=_child, args=(theirs, task, listened_to), name=f"plan {task.stack}"
        )
        process.start()
        theirs.close()  # or the end of the child would not end the pipe
        children[ours] = (at, process)


def _is_single_threaded() -> bool:
    """Native threads included, of which Python does not know."""
    return threading.active_count() == 1 and len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208


def _received(pipe: Connection, task: Task, process: BaseProcess) -> _Message:
    try:
        message: _Message = pipe.recv()
    except (EOFError, OSError, pickle.UnpicklingError):
        process.join()
        code = process.exitcode or 0
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        return "error", PlanError(f"the process that planned stack {task.stack!r} was ended {how}")
    return message


@contextmanager
def _ended(children: _Children) -> Iterator[None]:
    """Whatever happens, Ctrl-C too, no child outlives the planning."""
    try:
        yield
    finally:
        for _, process in children.values():
            process.terminate()
        for pipe, (_, process) in children.items():
            process.join()
            pipe.close()


def _child(pipe: Connection, task: Task, listened_to: bool) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # What the program's own processes write joins what it prints: stdout belongs to the plan.
    with suppress(OSError):
        os.dup2(2, 1)
    # What is imported by now is no garbage, and looking through it would copy the pages of a fork.
    gc.freeze()
    gc.enable()
    gc.set_threshold(OBJECTS_A_COLLECTION)
    with suppress(BrokenPipeError):  # the parent is gone, and nobody is left to tell
        pipe.send(_planned(pipe, task, listened_to, _watched()))
        pipe.close()


def _planned(
    pipe: Connection, task: Task, listened_to: bool, read: Collection[str] = ()
) -> _Message:
    try:
        from review.recorder import record_json
        from review.secrecy import to_stderr

        components = task.kept[0].load(task.kept[1]) or {} if task.kept else None
        before = dict(components or {})
        text = record_json(
            task.project_dir,
            task.stack,
            config_overrides=task.config_overrides,
            kubernetes_version=task.kubernetes_version,
            progress=lambda phase, count: pipe.send(("progress", (phase, count))),
            debug=task.debug,
            said=(lambda *heard: pipe.send(("said", heard))) if listened_to else to_stderr,
            components=components,
        )
        own = f"{task.kept[0].folder}{os.sep}" if task.kept else os.sep * 2
        opened = frozenset(it for it in read if not it.startswith(own))
        # What a component follows from is signed, but for what the program read where nobody looks.
        if (
            task.kept
            and components is not None
            and only_read(opened, task.project_dir)
            and _differs(before, components)
        ):
            task.kept[0].store(task.kept[1], components)
    except PlanError as error:
        return "error", error
    except Exception as fault:
        # Nobody's program: its own exceptions arrive as PlanError. Without the message, which may quote a secret.
        frame = traceback.extract_tb(fault.__traceback__)[-1]
        at = f"{Path(frame.filename).name}:{frame.lineno}"
        return "error", PlanError(f"the recorder failed: {type(fault).__name__} at {at}")
    return "plan", Planned(text=text, read=opened)


_FEW: Final = 0.01
"""Of components, that made anew each time cost less than to keep all: 17 MB of 1,000 workloads take 0.1 s."""


def _differs(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether what was kept lacks more than a few of the components that there are now."""
    fresh = sum(before.get(urn) is not it for urn, it in now.items())
    return fresh > _FEW * len(now)


def _made(flags: object) -> bool:
    """Whether the file is made by being opened, as temporary ones are: it holds what the process itself writes."""
    return isinstance(flags, int) and bool(flags & os.O_EXCL)


def _watched() -> set[str]:
    """Fills with the files that this process opens from now on; it is a child that ends soon, as no hook can go."""
    opened: set[str] = set()
    installed = (sys.prefix + os.sep, sys.base_prefix + os.sep, "/proc/", "/dev/")

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" or _made(arguments[2]):
            return
        if isinstance(path := arguments[0], str | bytes | os.PathLike):
            name = os.fsdecode(path)
            if not name.startswith(installed):
                opened.add(name if name.startswith(os.sep) else os.path.join(os.getcwd(), name))  # noqa: PTH109, PTH118

    sys.addaudithook(hook)
    return opened


def _silent(_stack: str, _phase: str, _count: int) -> None:
    pass
