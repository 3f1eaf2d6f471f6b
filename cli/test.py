"""`./aks test`: pytest over tests/, with its pinned tools installed first."""

import os
import subprocess
import sys

import click

from cli.environment import ROOT, install_dev_tools
from cli.errors import BAD_INPUT, UserError
from cli.options import Options, pass_options

CLUSTER_TESTS = ROOT / "tests" / "cluster"
_MOST_WORKERS = 4
"""A worker takes about a second to start: beyond four the suite does not earn that back."""


@click.command(name="test", context_settings={"ignore_unknown_options": True})
@click.option("--cluster", is_flag=True, help="Add the tests on a real Kubernetes API server.")
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
@pass_options
def command(options: Options, cluster: bool, pytest_arguments: tuple[str, ...]) -> int:
    """Run the tests that need no cluster.

    What is no option of this command goes to pytest, for example `-k quantity` or `-n 0 --pdb`;
    paths are relative to the project.
    """
    if cluster and not CLUSTER_TESTS.is_dir():
        raise UserError("this checkout has no tests for a cluster: tests/cluster does not exist")
    install_dev_tools()
    workers = min(os.cpu_count() or 1, _MOST_WORKERS)
    pytest = [sys.executable, "-m", "pytest", f"--numprocesses={workers}"]
    scope = [] if cluster else [f"--ignore={CLUSTER_TESTS}"]
    color = {"auto": [], "always": ["--color=yes"], "never": ["--color=no"]}[options.color]
    done = subprocess.run([*pytest, *scope, *color, *pytest_arguments], cwd=ROOT, check=False)
    return min(done.returncode, BAD_INPUT)  # beyond 1, a failure, pytest ran no test
