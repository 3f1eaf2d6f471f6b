"""`./aks render`: the Kubernetes objects of a stack as files, for kubectl or GitOps."""

from pathlib import Path
from typing import Literal

import click

from cli.environment import ROOT
from cli.errors import UserError
from cli.options import format_option


@click.command(name="render")
@click.argument("stack")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write: new, empty, or written by this command before.",
)
@format_option("yaml", "json", help="YAML documents, or a JSON List a file.")
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help="Fill a placeholder; NAME=@FILE takes the value from a file, as secrets must.",
)
def command(
    stack: str, output: Path, form: Literal["yaml", "json"], assignments: tuple[str, ...]
) -> None:
    """Write the Kubernetes objects of STACK to a folder, one folder a namespace, in apply order.

    Values that only Azure can give, and secrets, become placeholders; they are listed at the end.
    """
    from review.rendering.folder import FolderError
    from review.rendering.placeholders import PlaceholderError
    from review.rendering.stack import render
    from settings.faults import SettingsError

    try:
        done = render(ROOT, stack, output, form, assignments)
    except (SettingsError, PlaceholderError, FolderError) as error:
        raise UserError(str(error)) from error
    click.echo(done.summary(output))
    for line in done.notes(output):
        click.echo(line, err=True)
