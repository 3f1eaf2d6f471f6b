"""What NetworkPolicies allow: peers, addresses and ports of their rules."""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy.objects import Object, dig, items, listed, mapping
from policy.rule import Subjects
from policy.unknown import Undecided, parts

SIDES: Final[Mapping[str, str]] = {"ingress": "from", "egress": "to"}
Net = ipaddress.IPv4Network | ipaddress.IPv6Network


def rules_of(it: Object, side: str) -> Iterator[tuple[str, Any]]:
    """The rules of one side, `ingress` or `egress`, with their paths; an unknown one as its `Undecided`."""
    for at, item in parts(listed(it.manifest, "spec", side)):
        yield f"spec.{side}[{at}]", item


def peers(it: Object) -> Subjects:
    """Every peer of every rule, as subjects of their own."""
    for side, key in SIDES.items():
        for path, rule in rules_of(it, side):
            if isinstance(rule, Undecided):
                yield path, rule
                continue
            try:
                found = listed(rule, key)
            except Undecided as undecided:
                yield f"{path}.{key}", undecided
                continue
            for at, peer in parts(found):
                if isinstance(peer, Undecided | dict):
                    yield f"{path}.{key}[{at}]", peer


def net(value: Any) -> Net:
    """A block of addresses; raises `Undecided` for what is none, which the API server refuses."""
    try:
        return ipaddress.ip_network(str(value), strict=False)
    except ValueError:
        raise Undecided(f"{str(value)[:60]} is no block of addresses") from None


def covers(peer: Any, address: str) -> bool:
    """Whether the ipBlock of a peer holds an address or a smaller block, exceptions aside."""
    block, wanted = dig(peer, "ipBlock", "cidr"), net(address)
    if block is None or not _inside(wanted, net(block)):
        return False
    return not any(_inside(wanted, net(it)) for it in listed(peer, "ipBlock", "except"))


def _inside(small: Net, large: Net) -> bool:
    return small.version == large.version and small.subnet_of(large)  # type: ignore[arg-type]


def is_everywhere(peer: Any) -> bool:
    """Whether a peer is every address there is."""
    block = dig(peer, "ipBlock", "cidr")
    return block is not None and net(block).prefixlen == 0


def opens(rule: Any, port: int, protocol: str = "TCP") -> bool:
    """Whether a rule is about this port, or may be: a name of a port may mean any."""
    ports = [item for _, item in items(rule, "ports")]
    return not ports or any(_is(it, port, protocol) for it in ports)


def _is(given: Any, port: int, protocol: str) -> bool:
    if (dig(given, "protocol") or "TCP") != protocol:
        return False
    first, last = dig(given, "port"), dig(given, "endPort")
    if first is None or isinstance(first, str):
        return True
    return bool(first <= port <= (last if isinstance(last, int) else first))


def selects_all(selector: Any) -> bool:
    """Whether a selector of labels matches everything: it is there, and empty."""
    held = mapping(selector)
    return (
        isinstance(selector, dict)
        and not mapping(held, "matchLabels")
        and not listed(held, "matchExpressions")
    )
