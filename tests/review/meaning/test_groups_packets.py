"""What a change of rules opens and shuts, against single packets decided as Azure's documentation says.

https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules : rules count by
priority, the lowest number first, and the first that a packet matches decides.
"""

from dataclasses import replace
from ipaddress import ip_address, ip_network
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from review.analyses.reachability import ports
from review.meaning import azure_groups
from tests.review.guard.plans import edited, find, plan
from tests.review.meaning.test_groups import NODES

# An address of each part that the ends below tell apart, the rest of each wider one included.
PROBES = "168.63.129.16"
INSIDE = ("10.9.0.1", "10.1.0.1", "10.1.2.3")
HOSTS = ("8.8.8.8", "8.8.4.4", "9.9.9.9", *INSIDE)
TAGS = ("*", "AzureLoadBalancer", "Internet", "VirtualNetwork")
OUTER = (*TAGS, "8.8.0.0/16", "8.8.8.0/24", "10.1.0.0/16", "10.1.2.0/24")
INNER = ("*", "VirtualNetwork", "10.1.0.0/16", "10.1.2.0/24")
SPANS = {"*": (1, 65535), "80": (80, 80), "81": (81, 81), "80-81": (80, 81)}
PORTS = (80, 81, 82)
PRIVATE = ip_network("10.0.0.0/8")
PLAN = replace(plan(), resources=(find(plan(), NODES),))


def _holds(end, host):
    if end not in TAGS:
        return ip_address(host) in ip_network(end)
    inside = ip_address(host) in PRIVATE
    public = not inside and host != PROBES
    return {"*": True, "AzureLoadBalancer": host == PROBES}.get(
        end, public if end == "Internet" else inside
    )


def _decided(rules, direction, source, destination, port):
    """Whether Azure lets one packet through."""
    ours = [
        *[it for it in rules if it["direction"] == direction],
        {"priority": 65000, "access": "Allow", "destinationPortRange": "*",
         "sourceAddressPrefix": "VirtualNetwork", "destinationAddressPrefix": "VirtualNetwork"},
        {"priority": 65001, "access": "Allow", "destinationPortRange": "*",
         "sourceAddressPrefix": "AzureLoadBalancer" if direction == "Inbound" else "*",
         "destinationAddressPrefix": "*" if direction == "Inbound" else "Internet"},
        {"priority": 65500, "access": "Deny", "destinationPortRange": "*",
         "sourceAddressPrefix": "*", "destinationAddressPrefix": "*"},
    ]  # fmt: skip
    for it in sorted(ours, key=lambda it: it["priority"]):
        low, high = SPANS[it["destinationPortRange"]]
        if (
            low <= port <= high
            and _holds(it["sourceAddressPrefix"], source)
            and _holds(it["destinationAddressPrefix"], destination)
        ):
            return it["access"] == "Allow"
    raise AssertionError("the last rule denies whatever is left")


@st.composite
def changes(draw):
    """A direction, and rules before and after: some left out, some added, some with another number."""
    direction = draw(st.sampled_from(azure_groups.DIRECTIONS))
    source, destination = (OUTER, INNER) if direction == "Inbound" else (INNER, OUTER)
    rule = st.fixed_dictionaries(
        {
            "direction": st.just(direction),
            "access": st.sampled_from(["Allow", "Deny"]),
            "protocol": st.just("Tcp"),
            "sourceAddressPrefix": st.sampled_from(source),
            "destinationAddressPrefix": st.sampled_from(destination),
            "destinationPortRange": st.sampled_from(sorted(SPANS)),
        }
    )
    rules = draw(st.lists(rule, min_size=1, max_size=5))
    numbers = st.lists(
        st.integers(100, 4096), min_size=len(rules), max_size=len(rules), unique=True
    )
    sides = []
    for _ in range(2):
        kept = draw(st.lists(st.booleans(), min_size=len(rules), max_size=len(rules)))
        sides.append([
            {**it, "priority": number, "name": f"r{number}"}
            for it, number, keep in zip(rules, draw(numbers), kept, strict=True)
            if keep
        ])  # fmt: skip
    return direction, *sides


def _group(rules):
    head = edited(PLAN, NODES, lambda it: it.update(securityRules=rules))
    [found] = azure_groups.of_plan(head).groups
    return found


@given(changes())
def test_a_packet_is_told_as_opened_or_shut_where_it_is_and_nowhere_else(change):
    direction, before, after = change
    told = [*azure_groups.changed(_group(before), _group(after), direction)]
    from_, to = ((*HOSTS, PROBES), INSIDE) if direction == "Inbound" else (INSIDE, HOSTS)
    moved = {"opened": set(), "shut": set()}
    for packet in product(from_, to, PORTS):
        was, now = (_decided(rules, direction, *packet) for rules in (before, after))
        if was is not now:
            moved["opened" if now else "shut"].add(packet)

    for which, packets in sorted(moved.items()):
        found = set()
        for ends, opened, shut in told:
            here = opened if which == "opened" else shut
            ours = {
                (source, destination, port)
                for source, destination, port in product(from_, to, PORTS)
                if ports.common(here, ports.of("TCP", port, port)) != ports.NONE
                and _holds(ends[0], source)
                and _holds(ends[1], destination)
            }
            assert not ours or ours & packets, (which, ends)
            found |= ours
        assert packets <= found, which
