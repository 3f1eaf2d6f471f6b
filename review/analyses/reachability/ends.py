"""The ends that a user asks about: a workload, a namespace, an address, or all that lies outside."""

import re
from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from review.analyses.reachability.addresses import WHOLE
from review.analyses.reachability.connections import Ends
from review.analyses.reachability.workloads import Workload
from settings.faults import did_you_mean

INTERNET = "internet"
_TITLE = re.compile(r"(?:(?P<namespace>[^/\[\]]+)/)?(?P<name>[^/\[\]]+)(?:\[(?P<kind>\w+)\])?")


def ends(text: str, workloads: Iterable[Workload]) -> Ends:
    """What `text` names: `ns/name`, `name`, `ns/name[Kind]`, `ns/*`, `internet`, an address, a CIDR or a range.

    `internet` is every address outside of the cluster. Raises `ValueError` for a name that nobody has.
    """
    if text == INTERNET:
        return Ends(frozenset(), WHOLE)
    if found := _addresses(text):
        return found
    keys = [it.key for it in workloads]
    if text.endswith("/*"):
        namespace = text.removesuffix("/*")
        known = {it.namespace for it in keys}
        if namespace not in known:
            near = did_you_mean(namespace, known)
            raise ValueError(f"no workload is in a namespace {namespace!r}{_hint(near)}")
        return Ends(frozenset(str(it) for it in keys if it.namespace == namespace), {})
    match = _TITLE.fullmatch(text)
    named = frozenset(
        str(it)
        for it in keys
        if match
        and it.name == match["name"]
        and match["namespace"] in (None, it.namespace)
        and match["kind"] in (None, it.kind)
    )
    if not named:
        spelled = {str(it).partition("[")[0] for it in keys}
        near = did_you_mean(text, spelled) or did_you_mean(text, {it.name for it in keys})
        raise ValueError(f"there is no workload {text!r}{_hint(near)}")
    return Ends(named, {})


def _hint(near: str) -> str:
    return (
        f"; {near}"
        if near
        else "; name one as ns/name, name or ns/*, or say 'internet', an address or a CIDR"
    )


def _addresses(text: str) -> Ends | None:
    first, dash, last = text.partition("-")
    try:
        if dash:
            low, high = ip_address(first), ip_address(last)
            if low.version != high.version or int(low) > int(high):
                return None
            return Ends(frozenset(), {low.version: ((int(low), int(high)),)})
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    return Ends(frozenset(), {network.version: ((int(network[0]), int(network[-1])),)})
