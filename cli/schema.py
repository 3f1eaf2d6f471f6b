"""`./aks schema`: the JSON Schemas that editors read."""

import click

from cli.environment import ROOT
from settings import schema


@click.command(name="schema")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a committed schema is stale.")
def command(check: bool) -> int:
    """Write the JSON Schemas for editors to docs/schemas."""
    if check:
        stale = schema.stale(ROOT)
        for name in stale:
            click.echo(f"{schema.FOLDER}/{name} is stale: run './aks schema'", err=True)
        return 1 if stale else 0
    for path in schema.write(ROOT):
        click.echo(path.relative_to(ROOT))
    return 0
