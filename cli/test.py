"""`./aks test`: pytest over tests/, with its pinned tools installed first."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from cli.environment import ROOT, install_dev_tools
from cli.errors import BAD_INPUT, UserError
from cli.options import Options, pass_options

CLUSTER_TESTS = ROOT / "tests" / "cluster"
BROWSER_TESTS = ROOT / "tests" / "browser"
_MOST_WORKERS = 4
"""A worker takes about a second to start: beyond four the suite does not earn that back."""
_MOST_CLUSTER_WORKERS = 2
"""Each starts control planes of its own, of 600 MB each."""


@click.command(name="test", context_settings={"ignore_unknown_options": True})
@click.option("--cluster", is_flag=True, help="Add the tests on a real Kubernetes API server.")
@click.option("--browser", is_flag=True, help="Add the tests of the HTML review in Chromium.")
@click.option(
    "--kubernetes",
    metavar="MINORS",
    help="With --cluster: the Kubernetes minors to run on, as '1.35,1.36'; otherwise the stacks'.",
)
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
@pass_options
def command(
    options: Options,
    cluster: bool,
    browser: bool,
    kubernetes: str | None,
    pytest_arguments: tuple[str, ...],
) -> int:
    """Run the tests that need neither a cluster nor a browser.

    What is no option of this command goes to pytest, for example `-k quantity` or `-n 0 --pdb`;
    paths are relative to the project.
    """
    if kubernetes and not cluster:
        raise UserError("--kubernetes chooses what --cluster runs on; add --cluster")
    if cluster and not CLUSTER_TESTS.is_dir():
        raise UserError("this checkout has no tests for a cluster: tests/cluster does not exist")
    if browser:
        _look_for_a_browser()
    install_dev_tools()
    most = _MOST_CLUSTER_WORKERS if cluster else _MOST_WORKERS
    workers = min(os.cpu_count() or 1, most)
    pytest = [sys.executable, "-m", "pytest", f"--numprocesses={workers}"]
    tiers = ((CLUSTER_TESTS, cluster), (BROWSER_TESTS, browser))
    scope = [f"--ignore={folder}" for folder, asked in tiers if not asked]
    scope += ["--dist=loadfile"] if cluster else []
    color = {"auto": [], "always": ["--color=yes"], "never": ["--color=no"]}[options.color]
    whole = [*pytest, *scope, *color, *pytest_arguments]
    if cluster:
        return _with_cluster(whole, kubernetes)
    if reason := _hindrance():
        click.echo(f"tests/cluster is left out: {reason}", err=True)
    done = subprocess.run(whole, cwd=ROOT, check=False)
    return min(done.returncode, BAD_INPUT)  # beyond 1, a failure, pytest ran no test


def _look_for_a_browser() -> None:
    """Raise UserError where there is none, or where this checkout has no tests for it."""
    if not BROWSER_TESTS.is_dir():
        raise UserError("this checkout has no tests for a browser: tests/browser does not exist")
    from tests.browser.chromium import ChromiumError, program

    try:
        program()
    except ChromiumError as error:
        raise UserError(str(error)) from error


def _hindrance() -> str:
    """Why this machine could not run the tests of a cluster; empty where it could."""
    from tests.cluster.control_plane import programs
    from tests.cluster.control_plane.errors import ControlPlaneError

    try:
        return programs.hindrance(_minors(None)[0])
    except ControlPlaneError as error:
        return str(error)


def _with_cluster(pytest: list[str], kubernetes: str | None) -> int:
    """Run pytest with a control plane that can be had, and say how long build, start and tests took."""
    from tests.cluster.control_plane import programs
    from tests.cluster.control_plane.errors import ControlPlaneError

    minors = _minors(kubernetes)
    begin = time.monotonic()
    try:
        for minor in minors:
            programs.find(minor, lambda line: click.echo(line, err=True))
    except ControlPlaneError as error:
        raise UserError(str(error)) from error
    built = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aks-test-") as folder:
        times = Path(folder, "times")
        environment = {
            **os.environ,
            "AKS_CLUSTER_REQUIRED": "1",
            "AKS_CLUSTER_KUBERNETES": ",".join(minors),
            "AKS_CLUSTER_TIMES": str(times),
        }
        done = subprocess.run(pytest, cwd=ROOT, env=environment, check=False)
        starts = times.read_text().split() if times.exists() else []
    click.echo(
        f"Kubernetes {', '.join(map(programs.version, minors))}: build {built - begin:.0f} s, "
        f"{len(starts)} starts of {max(map(float, starts), default=0):.1f} s at most, "
        f"tests {time.monotonic() - built:.0f} s"
    )
    return min(done.returncode, BAD_INPUT)


def _minors(asked: str | None) -> list[str]:
    """What was asked for, or the minor of the stacks."""
    if asked is None:
        from settings.load import load, stacks

        return sorted({load(ROOT, it).cluster.kubernetes_version for it in stacks(ROOT)})
    return list(dict.fromkeys(it.strip() for it in asked.split(",")))
