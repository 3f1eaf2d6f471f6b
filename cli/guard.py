"""`./aks guard`: what a change would replace, what Azure would refuse, and what would go with it."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from cli.environment import ROOT
from cli.errors import UserError
from cli.options import Options, pass_options

if TYPE_CHECKING:
    from review.guard.findings import GuardFinding
    from review.plan import Plan

_STYLES: Mapping[str, Mapping[str, Any]] = {
    "heading": {"bold": True},
    "faint": {"dim": True},
    "good": {"fg": "green"},
    "warning": {"fg": "yellow"},
    "bad": {"fg": "red", "bold": True},
}


@click.command(name="guard")
@click.argument("stack")
@click.option(
    "--base",
    required=True,
    metavar="PLAN.json|STACK",
    help="What runs now: a plan that `./aks plan STACK --json` wrote, or another stack. - reads standard input.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@pass_options
def command(options: Options, stack: str, base: str, form: Literal["text", "json"]) -> int:
    """Say what a change of STACK replaces, what Azure would refuse, and what goes with it.

    Take the base where the stack stands as it runs: `./aks plan prod --json -o before.json` on the commit that was
    applied last. A base of another stack says what its settings would do to it.

    It is a prediction from a table of fields (docs/cluster.md): the engine has the last word. A value that only a
    deployment tells is said to be unknown; a secret is never shown.

    Exit code 0: nothing mandatory, 1: something is replaced, deleted, refused or left unprotected, 2: bad input.
    """
    from review.guard.changes import guard
    from review.renderers import guard as renderer
    from review.renderers.preview import plain

    before, after = _plans(stack, base, debug=options.debug)
    try:
        findings: list[GuardFinding] = guard(before, after)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise UserError(
            f"{base}: not a plan of this program: an object in it is not shaped like a Kubernetes object"
        ) from error
    if form == "json":
        click.echo(renderer.as_json(before, after, findings), nl=False)
    else:
        paint = _painted if options.colored(sys.stdout) else plain
        for line in renderer.as_text(before, after, findings, paint):
            click.echo(line, color=True)
    return 1 if any(it.severity == "mandatory" for it in findings) else 0


def _plans(stack: str, base: str, *, debug: bool) -> "tuple[Plan, Plan]":
    """Both sides; every fault is one `UserError`."""
    from cli.preview import choose, load_all
    from review.diff.base_error import BaseError
    from review.guard.base import read
    from review.plan import PlanError
    from review.planner import plan_stacks
    from settings.load import stacks

    [name] = choose([stack])
    of_stack = base in stacks(ROOT)
    before = None
    if not of_stack:
        try:
            before = read(sys.stdin.read(), "standard input") if base == "-" else read(Path(base))
        except BaseError as error:
            raise UserError(_hinted(str(error), base, stacks(ROOT))) from error
    wanted = list(dict.fromkeys([name, base] if of_stack else [name]))
    versions = {key: it.cluster.kubernetes_version for key, (_, it) in load_all(wanted).items()}
    plans = plan_stacks(ROOT, wanted, kubernetes_version=versions, debug=debug)
    for key, plan in plans.items():
        if isinstance(plan, PlanError):
            raise UserError(f"{key}: {plan}\n{plan.details if debug else ''}".rstrip())
    known = {key: plan for key, plan in plans.items() if not isinstance(plan, PlanError)}
    after = known[name]
    before = known[base] if before is None else before
    if before.project != after.project:
        raise UserError(
            f"{base}: a plan of project {before.project!r}, and this is {after.project!r}"
        )
    return before, after


def _hinted(message: str, base: str, known: list[str]) -> str:
    from settings.faults import did_you_mean

    near = did_you_mean(base, known)
    return f"{message}; {near}" if near and "/" not in base and "." not in base else message


def _painted(text: str, style: str) -> str:
    return click.style(text, **_STYLES[style])
