"""Runs a Pulumi program as the engine would, offline, and keeps what it registers.

Left out on purpose: provider checks and defaults, the insides of remote components (`helm.v4.Chart`), transforms and
hooks. See `review.monitor` for what it answers and refuses.
"""

import asyncio
import contextlib
import contextvars
import os
import runpy
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pulumi.runtime import config as sdk_config
from pulumi.runtime import settings as sdk_settings
from pulumi.runtime.stack import run_in_stack

from review import plan, sdk, stack_config
from review.monitor import Component, Monitor
from review.plan import Plan, PlanError
from review.program_error import explained
from review.refusals import Refusals
from review.secrecy import Engine, Mask, Said, to_stderr
from review.stack_config import StackConfig

ORGANIZATION = "organization"
"""What a program sees of a self-managed backend."""

Progress = Callable[[str, int], None]


def record(
    project_dir: Path,
    stack: str,
    *,
    config_overrides: Mapping[str, Any] | None = None,
    kubernetes_version: str | None = None,
    progress: Progress | None = None,
    debug: bool = False,
) -> Plan:
    """The plan of `stack`; raise `PlanError` where the engine, or the program, would stop.

    `config_overrides` are written as in a stack file and win over it; a secret is `{"secure": value}`, at any depth,
    or `{"secure": None}` for a random one. `kubernetes_version` (`1.35`) names the schemas that Kubernetes objects are
    held to; without it they are held to none. `progress` gets the phase `register` and the number of resources so far.
    `debug` adds the full traceback to an error. For several stacks use `review.planner.plan_stacks`, which gives each
    a process: what a program leaves behind in the SDK and in imported modules would reach the next.
    """
    text = record_json(
        project_dir,
        stack,
        config_overrides=config_overrides,
        kubernetes_version=kubernetes_version,
        progress=progress,
        debug=debug,
    )
    return Plan.from_json(text)


def record_json(
    project_dir: Path,
    stack: str,
    *,
    config_overrides: Mapping[str, Any] | None = None,
    kubernetes_version: str | None = None,
    progress: Progress | None = None,
    said: Said = to_stderr,
    debug: bool = False,
    components: dict[str, Component] | None = None,
) -> str:
    """`record`, as the JSON of the plan. `said` gets what the program logs, instead of stderr.

    `components` are those of an earlier run of the same code with the same versions, by URN: what would register the
    same again is taken from there. Those of this run take their place.
    """
    project_dir = project_dir.resolve()
    config = stack_config.load(project_dir, stack, config_overrides)
    mask = Mask(config.secret_values)
    report = progress or _silent
    refusals = Refusals(kubernetes_version)
    monitor = Monitor(config, refusals.faults, lambda count: report("register", count), components)
    try:
        with _as_main(project_dir, config, mask), sdk.recorded(project_dir, monitor.numbers):
            contextvars.copy_context().run(_run, project_dir, config, monitor, Engine(mask, said))
    except BaseException as fault:
        if isinstance(fault, KeyboardInterrupt | GeneratorExit):
            raise
        # From here on no exception carries the program's own frames, whose locals hold secrets.
        error = explained(fault, project_dir, debug=debug, faults=monitor.faults)
        raise PlanError(mask(error.message), mask(error.details)) from None
    if monitor.faults:
        raise PlanError(mask("\n".join(monitor.faults)))
    if components is not None:
        for urn in components.keys() - monitor.recalled:
            del components[urn]
        for urn, (signature, rows) in monitor.components.items():
            components[urn] = Component(signature, tuple((*it[:3], mask(it[3])) for it in rows))
    return mask(plan.document(config.project, stack, monitor.lines, monitor.outputs))


def _run(project_dir: Path, config: StackConfig, monitor: Monitor, engine: Engine) -> None:
    sdk_settings.ROOT.set(None)
    sdk_settings.configure(
        sdk_settings.Settings(
            project=config.project,
            stack=config.stack,
            monitor=monitor,
            engine=engine,
            dry_run=True,
            legacy_apply_enabled=False,
            organization=ORGANIZATION,
            root_directory=str(project_dir),
        )
    )
    sdk_config.set_all_config(dict(config.values), list(config.secret_keys))
    loop = sdk.InlineLoop()
    asyncio.set_event_loop(loop)
    loop.set_exception_handler(lambda *_: None)
    try:
        loop.run_until_complete(run_in_stack(lambda: _program(config.entry)))
    finally:
        _abandon(loop)
        asyncio.set_event_loop(None)
        loop.close()


def _program(entry: Path) -> None:
    runpy.run_path(str(entry), run_name="__main__")


def _abandon(loop: asyncio.AbstractEventLoop) -> None:
    """End what a failed program left waiting, so that nothing complains of it later."""
    waiting = asyncio.all_tasks(loop)
    for task in waiting:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())


@contextlib.contextmanager
def _as_main(project_dir: Path, config: StackConfig, mask: Mask) -> Iterator[None]:
    """The process as a program finds it: folder, path, arguments; its own modules, and no others of their names.

    What it prints goes to stderr, masked: stdout belongs to whoever asked for the plan.
    """
    hidden = {name: sys.modules.pop(name) for name in _shadowing(project_dir)}
    before = set(sys.modules)
    folder, path, argv = Path.cwd(), sys.path[:], sys.argv[:]
    os.chdir(config.entry.parent)
    sys.path.insert(0, str(config.entry.parent))
    sys.argv[:] = [str(config.entry)]
    printed = mask.stream(sys.stderr)
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            yield
    finally:
        printed.close()
        sys.argv[:], sys.path[:] = argv, path
        os.chdir(folder)
        inside = sdk.project_frames(project_dir)
        for name in set(sys.modules) - before:
            if inside(getattr(sys.modules[name], "__file__", None) or ""):
                del sys.modules[name]
        sys.modules.update(hidden)


def _shadowing(project_dir: Path) -> list[str]:
    """Loaded modules that the program would get instead of its own, as when another commit's tree is planned."""
    own = {path.stem for path in project_dir.glob("*.py")} | {
        path.name for path in project_dir.iterdir() if path.is_dir()
    }
    own.discard(__name__.partition(".")[0])
    inside = sdk.project_frames(project_dir)
    return [
        name
        for name, module in sys.modules.items()
        if name.partition(".")[0] in own
        and (file := getattr(module, "__file__", None))
        and not inside(file)
    ]


def _silent(_phase: str, _count: int) -> None:
    pass
