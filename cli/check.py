"""`./aks check`: every gate of a change, each as a step of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

import click

from cli.environment import ROOT, install_dev_tools


class Step(NamedTuple):
    """One line of the report: its name, and the arguments of the interpreter that decide it."""

    name: str
    arguments: list[str]


def steps(*, fix: bool, tests: bool) -> Iterator[Step]:
    """The steps in their order, the quickest first; with `fix`, format and lint mend files."""
    ruff = ["-m", "ruff"]
    checked = ["--check", "--output-format=concise"]  # one line a file
    yield Step("format", [*ruff, "format", *([] if fix else checked), "."])
    yield Step(
        "lint", [*ruff, "check", "--output-format=concise", *(["--fix"] if fix else []), "."]
    )
    yield Step("schemas", ["-m", "cli", "schema", "--check"])
    yield Step("types", ["-m", "mypy"])
    if tests:
        yield Step("tests", ["-m", "cli", "test"])


@click.command(name="check")
@click.option("--fix", is_flag=True, help="Apply the format and the safe fixes of the lint first.")
@click.option("--no-tests", is_flag=True, help="Leave the tests out.")
def command(fix: bool, no_tests: bool) -> int:
    """Check format, lint, types, schemas and tests.

    Every step runs, whatever the ones before it found; what a failed one printed follows its line.
    """
    install_dev_tools()
    results = [_passes(step) for step in steps(fix=fix, tests=not no_tests)]
    return 0 if all(results) else 1


def _passes(step: Step) -> bool:
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, *step.arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "FAILED" if done.returncode else "ok"
    click.echo(f"{step.name:<8} {verdict:<6} {time.monotonic() - start:6.1f} s")
    if done.returncode:
        click.echo(done.stdout.rstrip())
    return done.returncode == 0
