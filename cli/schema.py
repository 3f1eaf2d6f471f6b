"""`./aks schema`: the JSON Schemas that editors read, and the reference that people read."""

import click

from cli.environment import ROOT
from settings import reference, schema


@click.command(name="schema")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a committed file is stale.")
def command(check: bool) -> int:
    """Write editors' JSON Schemas to docs/schemas and the reference of every key to docs/reference."""
    if check:
        stale = [f"{it.FOLDER}/{name}" for it in (schema, reference) for name in it.stale(ROOT)]
        for name in stale:
            click.echo(f"{name} is stale: run './aks schema'", err=True)
        return 1 if stale else 0
    for path in (*schema.write(ROOT), *reference.write(ROOT)):
        click.echo(path.relative_to(ROOT))
    return 0
