"""`./aks preview`: plan every stack offline and say what it builds, whether it fits and what was found."""

import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import click

from cli.environment import ROOT
from cli.errors import UserError
from cli.options import Options, pass_options
from policy.faults import PolicyConfigError, PolicyFault
from review.analyses.capacity import capacity
from review.findings import ranked
from review.plan import PlanError
from review.planner import plan_stacks
from review.policies import Policies, judged, policies_of, told_once
from review.renderers.preview import plain, preview
from review.stack_findings import stack_findings
from settings.faults import Fault, SettingsError, did_you_mean
from settings.load import Sources, check, read_sources, stacks
from settings.stack import Settings

_STYLES: Mapping[str, Mapping[str, Any]] = {
    "heading": {"bold": True},
    "faint": {"dim": True},
    "good": {"fg": "green"},
    "warning": {"fg": "yellow"},
    "bad": {"fg": "red", "bold": True},
}


@click.command(name="preview")
@click.argument("names", nargs=-1, metavar="[STACK]...")
@click.option("--all", "every", is_flag=True, help="Name every resource instead of counting kinds.")
@pass_options
def command(options: Options, names: tuple[str, ...], every: bool) -> int:
    """Plan stacks offline: what they build, whether it fits."""
    chosen = choose(names)
    loaded = load_all(chosen)
    policies = _policies(chosen)
    heard: list[tuple[str, str, str]] = []
    started = time.monotonic()
    with progress_on_terminal(options) as progress:
        plans = plan_stacks(
            ROOT,
            chosen,
            kubernetes_version={
                name: it.cluster.kubernetes_version for name, (_, it) in loaded.items()
            },
            progress=progress,
            said=lambda stack, severity, text: heard.append((stack, severity, text)),
            debug=options.debug,
        )
    failed = {name: plan for name, plan in plans.items() if isinstance(plan, PlanError)}
    if failed:
        details = "\n".join(error.details for error in failed.values()) if options.debug else ""
        raise UserError(
            "\n".join([*(f"{name}: {error}" for name, error in failed.items()), details]).rstrip()
        )
    paint = painted if options.colored(sys.stdout) else plain
    mandatory = 0
    for name, plan in plans.items():
        if isinstance(plan, PlanError):
            continue
        fit = capacity(plan, loaded[name][1].config_history)
        own = stack_findings(plan, fit, [it[1:] for it in heard if it[0] == name], date.today())
        verdicts = judged(plan, policies[name], date.today())
        findings = ranked([*own, *told_once(verdicts.findings)])
        mandatory += sum(it.severity == "mandatory" for it in findings)
        click.echo(
            preview(plan, fit, findings, paint, every=every, exempted=verdicts.exempted), color=True
        )
    took = f"{len(plans)} stack{'s' if len(plans) != 1 else ''} planned in {time.monotonic() - started:.1f} s"
    click.echo(f"{took}; {mandatory or 'nothing'} mandatory")
    return 1 if mandatory else 0


def _policies(names: Iterable[str]) -> dict[str, Policies]:
    """What is asked of each stack; raises one `UserError` with the faults of all."""
    known = stacks(ROOT)
    found: dict[str, Policies] = {}
    faults: list[PolicyFault] = []
    for name in names:
        try:
            found[name] = policies_of(ROOT, name, known)
        except PolicyConfigError as error:
            faults += error.faults
    if faults:
        raise UserError(str(PolicyConfigError(faults)))
    return found


def choose(names: Iterable[str]) -> list[str]:
    """The stacks asked for, or all; raises `UserError` for one that has no file."""
    known = stacks(ROOT)
    if not known:
        raise UserError("there is no Pulumi.<stack>.yaml here; add one")
    for name in names:
        if name not in known:
            near = did_you_mean(name, known) or f"stacks here: {', '.join(known)}"
            raise UserError(f"there is no stack {name!r} (no Pulumi.{name}.yaml); {near}")
    return list(dict.fromkeys(names)) or known


def load_all(names: Iterable[str]) -> dict[str, tuple[Sources, Settings]]:
    """Settings of every stack; raises one `UserError` with the faults of all of them."""
    loaded: dict[str, tuple[Sources, Settings]] = {}
    faults: list[Fault] = []
    for name in names:
        sources = read_sources(ROOT, name)
        try:
            loaded[name] = (sources, check(sources))
        except SettingsError as error:
            faults += error.faults
    if faults:
        raise UserError(str(SettingsError(faults)))
    return loaded


def painted(text: str, style: str) -> str:
    """`text` in the colour of `style`."""
    return click.style(text, **_STYLES[style]) if text else text


@contextmanager
def progress_on_terminal(options: Options) -> Iterator[Any]:
    """A line a stack on a terminal, gone at the end; nothing where stderr is piped."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    console = Console(stderr=True, no_color=not options.colored(sys.stderr))
    columns = SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.fields[phase]}")
    # Without a refresh thread: stacks are planned in forked processes, and a fork with threads may hang.
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bars:
        tasks: dict[str, Any] = {}

        def report(stack: str, phase: str, count: int) -> None:
            if stack not in tasks:
                tasks[stack] = bars.add_task(stack, phase=phase)
            bars.update(tasks[stack], phase=f"{phase} {count}" if count else phase)
            bars.refresh()

        yield report
