"""`./aks reachability`: which connections network policies allow, on a stack or on anyone's manifests."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

import click

from cli.environment import ROOT
from cli.errors import BAD_INPUT, UserError
from cli.options import format_option

if TYPE_CHECKING:
    from review.analyses.reachability.connections import Ends
    from review.analyses.reachability.exposure import Exposure
    from review.analyses.reachability.network import Network
    from review.given import Tally
    from settings.faults import Fault

Format = Literal["text", "json", "csv", "matrix", "dot", "svg", "mermaid"]


@click.command(name="reachability")
@click.argument("source", metavar="STACK|DIR|FILE|-")
@click.option("--from", "from_", metavar="X", help="Only what X reaches.")
@click.option("--to", metavar="Y", help="Only what reaches Y.")
@click.option("--explain", is_flag=True, help="Name the policy and rule that allows or denies.")
@format_option(
    "text",
    "json",
    "csv",
    "matrix",
    "dot",
    "svg",
    "mermaid",
    help="csv has the columns of a connection in JSON.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file instead of stdout.",
)
def command(
    source: str,
    from_: str | None,
    to: str | None,
    explain: bool,
    form: Format,
    output: Path | None,
) -> int:
    """Say which connections network policies allow.

    SOURCE is a stack, a folder of YAML or JSON (hidden files left out), one file, or - for standard
    input. X and Y are ns/name, name, ns/name[Kind], ns/*, 'internet' (all outside), an address or a
    CIDR.

    What cannot be read is named on stderr with file and line, the rest is still analysed and
    printed, and the exit code is 2: no gate may take half an answer for a whole one. Objects of
    other kinds are counted and skipped.
    """
    if explain and form not in ("text", "json"):
        raise UserError(f"--explain writes text or json, not {form}")
    if explain and not (from_ or to):
        raise UserError("--explain needs --from, --to or both: say which ends it is about")
    network, exposure, tally = _analysed(source)
    sources, targets = _ends(from_, network, "--from"), _ends(to, network, "--to")
    with _written(output) as out:
        _write(out, form, network, _narrowed(exposure, targets), sources, targets, explain)
    faults: list[Fault] = sorted(
        {*tally.faults, *exposure.faults}, key=lambda it: (it.file, it.line or 0, it.rule)
    )
    click.echo(tally.summary(), err=True)
    for fault in faults:
        click.echo(f"error: {fault}", err=True)
    return BAD_INPUT if faults else 0


def _analysed(source: str) -> "tuple[Network, Exposure, Tally]":
    """What was given; raises `UserError` where nothing could be read."""
    from review.analyses.reachability import exposure as exposures
    from review.analyses.reachability import network as networks
    from review.given import Given, GivenError, Tally, manifests
    from review.plan import PlanError
    from settings.faults import SettingsError

    tally = Tally()
    leading: list[Given] = []

    def others() -> Iterator[Given]:
        kinds = {**networks.KINDS, **exposures.KINDS}
        for it in manifests(ROOT, source, kinds, tally, of_charts=True):
            if it.manifest["kind"] in exposures.KINDS:
                leading.append(it)
            else:
                yield it

    try:
        objects = networks.objects(others())
    except GivenError as error:
        raise UserError(str(error)) from error
    except SettingsError as error:
        raise UserError(str(error)) from error
    except PlanError as error:
        raise UserError(f"{source}: {error}") from error
    tally.faults += objects.faults
    network = networks.Network(objects)
    return network, exposures.exposure(leading, network), tally


def _ends(text: str | None, network: "Network", option: str) -> "Ends":
    from review.analyses.reachability.connections import EVERY_END
    from review.analyses.reachability.ends import ends

    if text is None:
        return EVERY_END
    try:
        return ends(text, network.workloads)
    except ValueError as error:
        raise UserError(f"{option}: {error}") from error


def _narrowed(exposure: "Exposure", targets: "Ends") -> "Exposure":
    """What leads to the targets that were asked for."""
    from review.analyses.reachability.exposure import Exposure

    if targets.workloads is None:
        return exposure
    return Exposure(
        [
            it
            for it in exposure.services
            if any(targets.has(name) for port in it.ports for name in port.workloads)
        ],
        [it for it in exposure.routes if any(map(targets.has, it.workloads))],
        exposure.faults,
    )


def _write(
    out: TextIO,
    form: Format,
    network: "Network",
    exposure: "Exposure",
    sources: "Ends",
    targets: "Ends",
    explain: bool,
) -> None:
    from review.analyses.reachability.explain import explanations
    from review.renderers import graph, graph_svg, reachability

    explained = explanations(network, sources, targets) if explain else None
    if form == "json":
        reachability.write_json(out, network, exposure, explained, sources, targets)
    elif form == "csv":
        reachability.write_csv(out, network, sources, targets)
    elif explained is not None:
        _lines(out, reachability.explained_text(explained))
    elif form == "text":
        _lines(out, reachability.text(network, exposure, sources, targets))
    else:
        drawn = {
            "dot": graph.dot,
            "matrix": graph.matrix,
            "mermaid": graph.mermaid,
            "svg": graph_svg.svg,
        }
        _lines(out, drawn[form](graph.graph(network, sources, targets)))


def _lines(out: TextIO, lines: Iterable[str]) -> None:
    out.writelines(f"{line}\n" for line in lines)


@contextmanager
def _written(output: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that is there once it is whole."""
    if output is None:
        yield sys.stdout
        return
    beside = output.with_name(f"{output.name}.new")
    try:
        with beside.open("w", encoding="utf-8") as out:
            yield out
        beside.replace(output)
    except OSError as error:
        raise UserError(f"{output}: cannot be written: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)
