"""Connections as text, JSON and CSV. The last two are written row by row: an open estate has millions."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, TextIO

from review.analyses.reachability.connections import EVERY_END, Ends, named, rows
from review.analyses.reachability.explain import Explanation, Side, as_json
from review.analyses.reachability.exposure import OUTWARD, Exposure, Route, Service
from review.analyses.reachability.network import Network
from review.analyses.reachability.ports import LAST, PROTOCOLS

EVERYTHING = "everything"
MOST_RANGES = 2
"""Ranges of addresses named in one line of text; JSON names all."""

_ALL = f"1-{LAST}"


def write_json(
    out: TextIO,
    network: Network,
    exposure: Exposure,
    explained: Iterable[Explanation] | None = None,
    sources: Ends = EVERY_END,
    targets: Ends = EVERY_END,
) -> None:
    """`connections`, `exposure` and, if asked for, `explanation`; one line a connection.

    `names` holds the connections whose outside end is no address, in the same shape, where there are any.
    """

    def entry(target: str, protocol: str, text: str) -> str:
        return f', "to": {_quoted(target)}, "protocol": "{protocol}", "ports": "{text}"}}'

    out.write('{"connections": [')
    start = "\n"
    for source, found in rows(network, entry, sources, targets):
        head = f'{{"from": {_quoted(source)}'
        out.write(start + head)
        out.write(f",\n{head}".join(found))
        start = ",\n"
    out.write("\n],\n")
    if names := list(named(network, sources, targets)):
        lines = [
            json.dumps(
                {"from": it.source, "to": it.target, "protocol": it.protocol, "ports": it.ports},
                ensure_ascii=False,
            )
            for it in names
        ]
        out.write('"names": [\n' + ",\n".join(lines) + "\n],\n")
    out.write('"exposure": ')
    json.dump(exposure_data(exposure), out, ensure_ascii=False)
    if explained is not None:
        out.write(',\n"explanation": [')
        start = "\n"
        for it in explained:
            out.write(start + json.dumps(as_json(it), ensure_ascii=False))
            start = ",\n"
        out.write("\n]")
    out.write("}\n")


def write_csv(
    out: TextIO, network: Network, sources: Ends = EVERY_END, targets: Ends = EVERY_END
) -> None:
    """The columns of a connection in JSON, with a head."""

    def entry(target: str, protocol: str, text: str) -> str:
        return f",{_cell(target)},{protocol},{_cell(text)}\n"

    out.write("from,to,protocol,ports\n")
    for source, found in rows(network, entry, sources, targets):
        head = _cell(source)
        out.write(head + head.join(found))


def exposure_data(exposure: Exposure) -> Mapping[str, Any]:
    """For JSON: `services` and `routes`."""
    services = [
        {
            "service": it.title,
            "type": it.type,
            "internal": it.internal,
            "sourceRanges": list(it.source_ranges),
            "ports": [
                {
                    "port": port.port,
                    "protocol": port.protocol,
                    "targetPort": port.target,
                    "nodePort": port.node_port,
                    "workloads": list(port.workloads),
                    "allowedFrom": list(port.allowed_from),
                }
                for port in it.ports
            ],
        }
        for it in exposure.services
    ]
    routes = [
        {
            "host": it.host,
            "path": it.path,
            "kind": it.kind,
            "object": it.title,
            "service": it.service,
            "port": it.port,
            "workloads": list(it.workloads),
        }
        for it in exposure.routes
    ]
    return {"services": services, "routes": routes}


def text(
    network: Network,
    exposure: Exposure,
    sources: Ends = EVERY_END,
    targets: Ends = EVERY_END,
) -> Iterator[str]:
    """Lines: each source with what it reaches, then what is exposed and who reaches nobody."""
    silent = {str(it.key) for it in network.workloads if sources.has(str(it.key))}
    names = list(named(network, sources, targets))
    silent -= {it.source for it in names}
    any_row = bool(names)
    for source, found in rows(network, lambda *it: it, sources, targets):
        silent.discard(source)
        any_row = True
        yield source
        yield from _table(grouped(found))
    if not any_row:
        yield "no connection is allowed"
    if silent and targets == EVERY_END:
        yield ""
        yield f"reach nobody: {', '.join(sorted(silent))}"
    if names:
        yield ""
        yield "by name, without an address"
        for (one, other), same in groupby(names, key=lambda it: (it.source, it.target)):
            yield f"  {one} -> {other}  {spoken([(it.protocol, it.ports) for it in same])}"
    shown = [*_services(exposure.services), *_routes(exposure.routes)]
    if shown:
        yield ""
        yield "exposed"
        yield from shown


def grouped(found: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """Target and ports, the protocols of one target together and ranges with the same ports in one."""
    by_target: dict[str, list[tuple[str, str]]] = {}
    for target, protocol, ports_ in found:
        by_target.setdefault(target, []).append((protocol, ports_))
    outside: dict[str, list[str]] = {}
    for target, opened in by_target.items():
        said = spoken(opened)
        if "[" in target:
            yield target, said
        else:
            outside.setdefault(said, []).append(target)
    for said, ranges in outside.items():
        yield ranges_shown(sorted(ranges, key=address_order)), said


def spoken(opened: Sequence[tuple[str, str]]) -> str:
    """`TCP 80,443; UDP 53`, or that all is open."""
    if len(opened) == len(PROTOCOLS) and all(it == _ALL for _, it in opened):
        return EVERYTHING
    return "; ".join(f"{protocol} {'all' if it == _ALL else it}" for protocol, it in opened)


def ranges_shown(ranges: Sequence[str]) -> str:
    """At most `MOST_RANGES`, and how many more."""
    more = len(ranges) - MOST_RANGES
    shown = ", ".join(ranges[:MOST_RANGES])
    return f"{shown} and {more} more" if more > 0 else shown


def address_order(text: str) -> tuple[int, list[int] | str]:
    """IPv4 by number, before IPv6."""
    first = text.partition("-")[0]
    return (4, [int(it) for it in first.split(".")]) if "." in first else (6, first)


def explained_text(found: Iterable[Explanation]) -> Iterator[str]:
    """Lines for `--explain`."""
    for number, it in enumerate(found):
        if number:
            yield ""
        yield f"{it.source} -> {it.target}: {_allowed(it) or 'nothing is allowed'}"
        for side in (it.egress, it.ingress):
            yield from _side(side)


def _allowed(it: Explanation) -> str:
    """What is open, with the ranges that it is open to where an end is outside."""
    outward = "[" not in it.target
    cells = grouped(
        ((row.target if outward else row.source), row.protocol, row.ports) for row in it.connections
    )
    outside = outward or "[" not in it.source
    return "; ".join(f"{said} ({ranges})" if outside else said for ranges, said in cells)


def _side(side: Side) -> Iterator[str]:
    yield f"  {side.direction} of {side.end}: {side.verdict}"
    for cause in side.causes:
        rule = f" {cause.rule}" if cause.rule else ""
        yield f"    {cause.policy}{rule} ({cause.place}) {cause.effect}"


def _table(cells: Iterable[tuple[str, str]]) -> Iterator[str]:
    listed = list(cells)
    width = min(max(len(it[0]) for it in listed), 60)
    yield from (f"  -> {target:<{width}}  {said}" for target, said in listed)


def _services(services: Iterable[Service]) -> Iterator[str]:
    """Those that are open outwards; the others are names inside."""
    for it in services:
        if it.type not in OUTWARD:
            continue
        for port in it.ports:
            node = f", node port {port.node_port}" if port.node_port else ""
            to = ", ".join(port.workloads) or "nobody"
            kind = f"{'internal ' if it.internal else ''}{it.type}"
            line = (
                f"  {kind} {it.title} {port.protocol} {port.port} -> {to}, port {port.target}{node}"
            )
            allowed = ranges_shown(port.allowed_from) if port.allowed_from else "nobody"
            line += f"; policies let in {allowed}"
            if it.source_ranges:
                line += f"; the balancer {', '.join(it.source_ranges)}"
            yield line


def _routes(routes: Iterable[Route]) -> Iterator[str]:
    for it in routes:
        to = ", ".join(it.workloads) or "nobody"
        yield f"  {it.kind} {it.title} {it.host}{it.path} -> {to}, Service {it.service} {it.port}".rstrip()


def _cell(value: str) -> str:
    if not any(it in value for it in ',"\r\n'):
        return value
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow([value])
    return buffer.getvalue()


_quoted = json.JSONEncoder(ensure_ascii=False).encode
