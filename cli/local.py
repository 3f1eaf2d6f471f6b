"""`./aks local`: a Kubernetes control plane without machines, kept running for kubectl and the local stack."""

from typing import Literal

import click

from cli.environment import ROOT
from cli.errors import UserError


@click.command(name="local")
@click.argument("action", type=click.Choice(["up", "down", "status"]))
@click.option(
    "--kubernetes", metavar="MINOR", help="Kubernetes minor; otherwise the local stack's."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port of the API server on 127.0.0.1; otherwise a free one.",
)
def command(action: Literal["up", "down", "status"], kubernetes: str | None, port: int) -> int:
    """Keep a Kubernetes API server on loopback: up, down or status.

    Nothing is executed in its pods: see docs/local.md. Exit code 1 of `status` means that none runs.
    """
    from settings.load import load
    from tests.cluster.control_plane import keeper
    from tests.cluster.control_plane.errors import ControlPlaneError

    try:
        if action == "up":
            minor = kubernetes or load(ROOT, "local").cluster.kubernetes_version
            kept = keeper.up(minor, port)
            click.echo(f"Kubernetes {kept.kubernetes} runs as process {kept.pid}")
            _say_where()
            return 0
        if action == "down":
            click.echo("ended" if keeper.down() else "nothing ran")
            return 0
        kept = keeper.look()
    except ControlPlaneError as error:
        raise UserError(str(error)) from error
    if not kept.pid:
        remains = "; a run that was killed left files, which 'up' and 'down' remove"
        click.echo(f"nothing runs{remains if kept.remains else ''}")
        return 1
    state = "runs" if kept.ready else "is starting"
    click.echo(f"Kubernetes {kept.kubernetes} {state} as process {kept.pid}")
    _say_where()
    return 0


def _say_where() -> None:
    from tests.cluster.control_plane.keeper import folder, kubeconfig

    click.echo(f"  export KUBECONFIG={kubeconfig()}")
    click.echo(f"  logs: {folder()}/*.log")
