"""`./aks plan`: the recorded plan of one stack as JSON."""

import sys
from pathlib import Path

import click

from cli.environment import ROOT
from cli.errors import UserError
from cli.options import Options, pass_options
from cli.preview import choose, load_all
from review.plan import PlanError
from review.planner import plan_stacks


@click.command(name="plan")
@click.argument("stack")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="The form of the output; it is the only one and the default.",
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False), help="Write to this file instead of stdout."
)
@pass_options
def command(options: Options, stack: str, as_json: bool, output: str | None) -> None:  # noqa: ARG001
    """Print the recorded plan of a stack as JSON."""
    [name] = choose([stack])
    [(_, settings)] = load_all([name]).values()
    version = settings.cluster.kubernetes_version
    plan = plan_stacks(ROOT, [name], kubernetes_version=version, debug=options.debug)[name]
    if isinstance(plan, PlanError):
        raise UserError(f"{name}: {plan}\n{plan.details if options.debug else ''}".rstrip())
    if output is None:
        sys.stdout.write(plan.to_json())
        return
    beside = Path(f"{output}.new")
    beside.write_text(plan.to_json(), encoding="utf-8")
    beside.replace(output)
