"""`./aks bench`: what plan and render cost, beside floors taken in the same run."""

import tempfile
from pathlib import Path

import click

from cli.environment import ROOT
from cli.errors import UserError

CLUSTER_OF = "prod"
"""The stack with the most in Azure."""


def _sizes(_: click.Context, __: click.Parameter, text: str) -> list[int]:
    sizes = [int(it) if it.strip().isdecimal() else 0 for it in text.split(",")]
    if not all(sizes):
        raise click.BadParameter("must be numbers of workloads, for example '10,100,1000'")
    return sorted(set(sizes))


@click.command(name="bench")
@click.option(
    "--sizes",
    default="10,100,1000",
    show_default=True,
    callback=_sizes,
    help="Workloads of the estates; the bounds are for 1000.",
)
@click.option(
    "--rounds",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help="Runs of each command; the least counts.",
)
def command(sizes: list[int], rounds: int) -> int:
    """Measure plan and render against floors taken in the same run.

    Exit code 1 means that a figure is past its bound by more than half. The estates are written to
    the folder for temporary files (TMPDIR); in memory (/dev/shm) the disk adds no noise.
    """
    from bench import bounds, measure, reachability, review, table
    from bench.process import BenchError
    from settings.load import stacks

    def report(line: str) -> None:
        click.echo(line, err=True)

    try:
        with tempfile.TemporaryDirectory(prefix="aks-bench-") as folder:
            costs, objects = measure.estates(ROOT, Path(folder), sizes, rounds, report)
            report("who reaches whom")
            reached = measure.reaching(ROOT, Path(folder), rounds)
            report("the cluster part")
            ours, sdk = measure.azure_part(ROOT, Path(folder), CLUSTER_OF, rounds)
            found = {}
            for size in sizes:
                if size >= review.GROWTH_FROM:
                    report(f"a review of {size:,} workloads")
                    found[size] = review.reviewing(
                        ROOT, Path(folder, f"review-{size}"), size, rounds
                    )
        report("the shipped stacks")
        together, alone = measure.preview(ROOT, stacks(ROOT), rounds)
        shown = measure.help_page(ROOT, rounds)
    except BenchError as error:
        raise UserError(str(error)) from error
    figures = [
        *bounds.of_estates(costs),
        bounds.of_preview(together, alone),
        bounds.of_azure(ours, sdk),
        bounds.of_help(shown),
        *reachability.figures(reached),
        *review.figures(found, costs),
    ]
    click.echo(table.costs_table(costs, objects))
    click.echo(f"\n{table.figures_table(figures)}")
    return 1 if any(it.fails for it in figures) else 0
