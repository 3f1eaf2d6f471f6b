"""What a change opens to the outside and withdraws from it: hosts, paths and their TLS, load balancers, node ports.

Whether a request gets to a pod in the end is for the network policies to say, and told with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from review.analyses.reachability import ports
from review.analyses.reachability.ports import Ports
from review.analyses.reachability.workloads import KINDS as POD_KINDS
from review.chart_pods import WEB
from review.meaning import azure_doors, balancers, group_changes, hosts, ways_in, words
from review.meaning.balancers import REACH
from review.meaning.reading import doubted, said_places, undetermined
from review.meaning.ways_in import Controller, Side
from review.plan import Plan
from review.report import AreaFinding, Fact

__all__ = ["Side", "compare", "notes", "of_plan"]

of_plan = ways_in.of_plan

_INTERNAL: Final = "https://learn.microsoft.com/azure/aks/internal-lb"
_PUBLIC: Final = "exposure-controller-public"


def notes(of: Plan | Side) -> Iterator[str]:
    """What exposure does not see of a plan; of its side, where that is at hand, at no cost."""
    side = of if isinstance(of, Side) else of_plan(of)
    if side.undetermined:
        yield f"exposure: left out for what is known after a deployment only: {said_places(side.undetermined)}"
    known = {it.ingress_class for it in side.controllers}
    foreign = sorted({it.ingress_class or "(none)" for it in side.hosts} - known)
    if foreign:
        yield (
            f"exposure: who serves the ingress class {words.listed(foreign)} is not in this program: "
            "from where its hosts can be reached, and what certificate they show, is not told"
        )


def compare(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """What is exposed, withdrawn, or led elsewhere."""
    yield from azure_doors.compare(before.doors, after.doors)
    yield from group_changes.compare(before.groups, after.groups, _served(after))
    yield from undetermined("exposure", "what it exposes", before.undetermined, after.undetermined)
    yield from _refused(before, after)
    yield from doubted(
        _known(before, after),
        (*before.undetermined, *before.hidden),
        (*after.undetermined, *after.hidden),
        _behind(before, after),
    )


def _served(side: Side) -> Ports:
    """Ports that are open to the Internet on purpose."""
    found = ports.NONE
    for controller in side.controllers:
        if controller.reach == "internet":
            for it in WEB.values():
                found = ports.union(found, ports.of(it.protocol, it.number, it.number))
    for service in side.services:
        if service.reach != "network":
            for one in service.ports:
                found = ports.union(found, ports.of(one.protocol, one.port, one.port))
    return found


def _behind(before: Side, after: Side) -> dict[str, set[str]]:
    """What is said of an object that leads to pods hangs on Services, on the pods, and on what policies say of them."""
    found: dict[str, set[str]] = {}
    if not any((before.undetermined, before.hidden, after.undetermined, after.hidden)):
        return found
    for side in (before, after):
        services = {it.title: it for it in side.services}
        urns = {title: urn for title, _, urn in side.kinds}
        policies: dict[str, set[str]] = {}
        for it in (*before.hidden, *after.hidden):
            if it.resource.partition(" ")[0] not in POD_KINDS:
                policies.setdefault(it.namespace, set()).add(it.urn)
        for path in side.paths:
            behind = found.setdefault(path.urn, set())
            if path.service in services:
                behind |= {services[path.service].urn}
            behind |= _of_workloads(path.workloads, urns, policies)
            for title in path.workloads:
                found.setdefault(urns[title], set()).update(behind, {path.urn})
        for service in side.services:
            behind = found.setdefault(service.urn, set())
            behind |= _of_workloads(service.workloads, urns, policies)
    return found


def _of_workloads(
    titles: Iterable[str], urns: Mapping[str, str], policies: Mapping[str, set[str]]
) -> set[str]:
    found: set[str] = set()
    for title in titles:
        home = title.partition("/")[0]
        found |= {urns[title], *policies.get(home, ()), *policies.get("", ())}
    return found


def _known(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    yield from _controllers(before, after)
    yield from hosts.compare(before, after)
    old = {it.title: it for it in before.services}
    new = {it.title: it for it in after.services}
    for title in sorted({*old, *new}):
        yield from balancers.compare(old.get(title), new.get(title))
    yield from _reached(before, after)


def _refused(before: Side, after: Side) -> Iterator[AreaFinding]:
    for urn, rule in sorted({*after.refused} - {*before.refused}):
        resource, _, said = rule.partition(": ")
        yield AreaFinding(
            rule="exposure-refused-object",
            severity="advisory",
            resource=resource,
            message=f"is left out of what is exposed, for the API server would refuse it: {said}",
            why="whatever it exposes is not told here",
            remedy="correct it",
            urn=urn,
            area="exposure",
        )


def _controllers(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """The ingress controller itself: from where it takes requests."""
    old = {it.title: it for it in before.controllers}
    for it in after.controllers:
        was = old.pop(it.title, None)
        count = len({path.host for path in after.paths if path.ingress_class == it.ingress_class})
        behind = f"{count} host{'' if count == 1 else 's'} behind it"
        if was is None:
            yield Fact(
                area="exposure",
                sign="gained",
                resource=f"Release {it.title}",
                message=f"ingress controller {it.title} takes requests from {_from(it)}, {behind}",
                rank=0,
                urn=it.urn,
            )
        elif (was.reach, was.source_ranges) != (it.reach, it.source_ranges):
            yield from _turned(was, it, behind)
    for was in old.values():
        yield Fact(
            area="exposure",
            sign="lost",
            resource=f"Release {was.title}",
            message=f"ingress controller {was.title} is gone: nobody answers for its hosts",
            rank=0,
            urn=was.urn,
        )


def _from(it: Controller) -> str:
    return words.listed(it.source_ranges) or REACH[it.reach]


def _turned(was: Controller, it: Controller, behind: str) -> Iterator[Fact | AreaFinding]:
    wider = words.is_wider(was.source_ranges, it.source_ranges)
    opened = it.reach == "internet" and (was.reach != "internet" or wider)
    if opened:
        yield AreaFinding(
            rule=_PUBLIC,
            severity="mandatory" if not it.source_ranges else "advisory",
            resource=f"Release {it.title}",
            message=f"the ingress controller takes requests from {_from(it)}, and no longer from {_from(was)} alone: "
            f"{behind}",
            path="values.controller.service",
            why="every host that it serves can be reached from there",
            remedy="keep it internal, or name the sources that may call it",
            source=_INTERNAL,
            urn=it.urn,
            area="exposure",
        )
    yield Fact(
        area="exposure",
        sign="changed",
        resource=f"Release {it.title}",
        message=f"ingress controller {it.title} takes requests from {_from(it)}, before from {_from(was)}; {behind}",
        rank=0,
        path="values.controller.service",
        old=_from(was),
        new=_from(it),
        urn=it.urn,
        told=_PUBLIC if opened else "",
    )


def _reached(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """Workloads that the Internet reaches by any way, and did not, or no longer does."""
    was, now = _from_internet(before), _from_internet(after)
    kinds = {title: (resource, urn) for title, resource, urn in (*before.kinds, *after.kinds)}
    for title in sorted({*now} - {*was}):
        resource, urn = kinds[title]
        yield AreaFinding(
            rule="exposure-internet",
            severity="advisory",
            resource=resource,
            message=f"{title} can be reached from the Internet now, and could not before: "
            f"by {words.listed(now[title])}",
            why="whoever finds a fault in it needs no foothold inside",
            remedy="look at who may sign in, and at its policies; or lead to it from inside alone",
            urn=urn,
            area="exposure",
        )
    for title in sorted({*was} - {*now}):
        resource, urn = kinds[title]
        yield Fact(
            area="exposure",
            sign="lost",
            resource=resource,
            message=f"{title} can no longer be reached from the Internet: it was by {words.listed(was[title])}",
            rank=7,
            urn=urn,
        )


def _from_internet(side: Side) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in side.paths:
        controller = side.controller(path.ingress_class)
        if controller and controller.reach == "internet":
            for title in path.workloads:
                if title not in path.refused:
                    found.setdefault(title, []).append(path.url)
    for service in side.services:
        if service.reach == "internet":
            for port in service.ports:
                if port.workload and port.ranges:
                    said = f"Service {service.title} on {port.protocol} {port.port}"
                    found.setdefault(port.workload, []).append(said)
    return {title: list(dict.fromkeys(ways)) for title, ways in found.items()}
