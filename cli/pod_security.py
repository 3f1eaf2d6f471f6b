"""`./aks pod-security`: what Pod Security says of the workloads of a stack or of anyone's manifests."""

import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import click

from cli.environment import ROOT
from cli.errors import BAD_INPUT, UserError
from cli.options import Options, format_option, pass_options

if TYPE_CHECKING:
    from review.analyses.pod_security import Verdict
    from review.given import Tally
    from settings.faults import Fault

_STYLES: Mapping[str, Mapping[str, Any]] = {
    "heading": {"bold": True},
    "faint": {"dim": True},
    "good": {"fg": "green"},
    "bad": {"fg": "red", "bold": True},
}
_VERSION = re.compile(r"v?1\.([0-9]|[1-9][0-9]{1,2})")


def _minor(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int | None:
    found = _VERSION.fullmatch(value or "1.0")
    if not found:
        raise click.BadParameter("must be a minor of Kubernetes, for example 1.35")
    return int(found[1]) if value else None


@click.command(name="pod-security")
@click.argument("source", metavar="STACK|DIR|FILE|-")
@click.option(
    "--level",
    type=click.Choice(["baseline", "restricted"]),
    help="Hold every object against this level, whatever its namespace enforces.",
)
@click.option(
    "--kubernetes",
    "minor",
    metavar="VERSION",
    callback=_minor,
    help="The cluster's minor, for example 1.35. Without it a stack's own, else the newest known.",
)
@format_option("text", "json")
@pass_options
def command(
    options: Options,
    source: str,
    level: Literal["baseline", "restricted"] | None,
    minor: int | None,
    form: Literal["text", "json"],
) -> int:
    """Say which workloads Pod Security refuses, and why.

    SOURCE is a stack, a folder of YAML or JSON (hidden files left out), one file, or - for standard input.

    Without --level an object is held against what its Namespace enforces by label, of the version in
    enforce-version, and against restricted where the input has no such label. Controllers are judged by the pods they
    would make.

    JSON is a list of {"kind", "namespace", "name", "level", "allowed", "violations": [{"control", "message",
    "path"}]}; `level` is the one the object was held against.

    Exit code 0: all allowed, 1: something is refused, 2: something could not be read. That is named on stderr with
    file and line, the rest is judged and printed. Objects of other kinds are counted and skipped.
    """
    verdicts, tally = _judged(source, level, minor)
    if form == "json":
        from review.renderers.pod_security import as_json

        click.echo(as_json(verdicts), nl=False)
    else:
        from review.renderers.pod_security import as_text

        paint = _painted if options.colored(sys.stdout) else _plain
        for line in as_text(verdicts, paint):
            click.echo(line, color=True)
    click.echo(tally.summary(), err=form == "json")
    faults: list[Fault] = sorted({*tally.faults}, key=lambda it: (it.file, it.line or 0, it.rule))
    for fault in faults:
        click.echo(f"error: {fault}", err=True)
    if faults:
        return BAD_INPUT
    return 0 if all(it.allowed for it in verdicts) else 1


def _judged(source: str, level: Any, minor: int | None) -> "tuple[list[Verdict], Tally]":
    from review.analyses.pod_security import KINDS, verdicts
    from review.given import GivenError, Tally, manifests
    from review.plan import PlanError
    from settings.faults import SettingsError
    from settings.load import load, stacks
    from settings.pod_security import NEWEST

    tally, faults = Tally(), list["Fault"]()
    try:
        if minor is None:
            minor = NEWEST
            if source in stacks(ROOT):
                version = load(ROOT, source).cluster.kubernetes_version
                minor = int(version.partition(".")[2])
        found = verdicts(manifests(ROOT, source, KINDS, tally), faults, level, minor)
    except (GivenError, SettingsError) as error:
        raise UserError(str(error)) from error
    except PlanError as error:
        raise UserError(f"{source}: {error}") from error
    tally.faults += faults
    return found, tally


def _painted(text: str, style: str) -> str:
    return click.style(text, **_STYLES[style])


def _plain(text: str, _style: str) -> str:
    return text
