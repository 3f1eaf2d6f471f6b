"""The analysis answers as Cilium's documentation does, for its kinds and NetworkPolicy together."""

from collections import Counter
from ipaddress import ip_address, ip_network
from itertools import permutations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.review.analyses.reachability.cilium_oracle import KINDS, SPACE, CiliumCluster
from tests.review.analyses.reachability.test_oracle import (
    KEYS,
    NAMES,
    NAMESPACES,
    NUMBERS,
    PROTOCOLS,
    VALUES,
    blocks,
    edges_of_ports,
    expressions,
    has,
    labels,
    policies,
    ports_at,
    told,
    verdicts,
    workloads,
)

prefixes = st.sampled_from(("", "k8s:", "any:"))
of_space = st.builds(
    lambda prefix, name: {"matchLabels": {f"{prefix}{SPACE}": name}},
    prefixes,
    st.sampled_from(NAMESPACES),
)
over_spaces = st.builds(
    lambda operator, names: {
        "matchExpressions": [{"key": f"k8s:{SPACE}", "operator": operator, "values": names}]
    },
    st.sampled_from(("In", "NotIn")),
    st.lists(st.sampled_from(NAMESPACES), min_size=1, max_size=2, unique=True),
)
by_labels_of_space = st.builds(
    lambda key, value: {"matchLabels": {f"k8s:io.cilium.k8s.namespace.labels.{key}": value}},
    st.sampled_from(KEYS),
    st.sampled_from(VALUES),
)
of_pods = st.builds(
    lambda prefix, given_, more: {
        "matchLabels": {f"{prefix}{key}": value for key, value in given_.items()},
        "matchExpressions": [{**it, "key": f"{prefix}{it['key']}"} for it in more],
    },
    prefixes,
    labels,
    st.lists(expressions, max_size=1),
)
both = st.builds(
    lambda one, other: {
        "matchLabels": {**one["matchLabels"], **other.get("matchLabels", {})},
        "matchExpressions": [
            *one.get("matchExpressions", []),
            *other.get("matchExpressions", []),
        ],
    },
    of_pods,
    of_space | over_spaces | by_labels_of_space,
)
selectors = st.just({}) | of_pods | both
entities = st.sampled_from(
    ("world", "world-ipv4", "world-ipv6", "cluster", "all", "host", "remote-node", "none")
)


@st.composite
def port_specs(draw):
    if draw(st.integers(0, 3)) == 0:
        spec = {"port": draw(NAMES)}
    else:
        spec = {"port": str(draw(NUMBERS | st.just(0)))}
        if draw(st.booleans()) and spec["port"] != "0":
            spec["endPort"] = max(int(spec["port"]), draw(NUMBERS))
    if draw(st.booleans()):
        spec["protocol"] = draw(st.sampled_from((*PROTOCOLS, "ANY")))
    return spec


@st.composite
def rules(draw, to):
    rule = {}
    form = draw(st.sampled_from(("", "Endpoints", "Endpoints", "CIDR", "CIDRSet", "Entities")))
    items = {
        "Endpoints": selectors,
        "CIDR": st.sampled_from(("10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "fd00::/8", "::/0")),
        "CIDRSet": blocks,
        "Entities": entities,
    }
    if form:
        rule[f"{to}{form}"] = draw(
            st.lists(items[form], min_size=draw(st.sampled_from((0, 1, 1, 1))), max_size=2)
        )
    if draw(st.booleans()):
        rule["toPorts"] = [
            {"ports": draw(st.lists(port_specs(), min_size=1, max_size=2))}
            for _ in range(draw(st.integers(1, 2)))
        ]
    return rule


@st.composite
def specs(draw, clusterwide):
    spec = {"endpointSelector": draw(selectors if clusterwide else st.just({}) | of_pods)}
    sections = draw(
        st.sets(
            st.sampled_from(("ingress", "egress", "ingressDeny", "egressDeny")),
            min_size=1,
            max_size=3,
        )
    )
    for section in sorted(sections):
        to = "from" if section.startswith("ingress") else "to"
        spec[section] = draw(st.lists(rules(to), min_size=1, max_size=2))
    if draw(st.integers(0, 2)) == 0:
        spec["enableDefaultDeny"] = draw(
            st.dictionaries(st.sampled_from(("ingress", "egress")), st.booleans(), max_size=2)
        )
    return spec


@st.composite
def cilium_policies(draw, number):
    kind = draw(st.sampled_from(KINDS))
    clusterwide = kind == KINDS[1]
    metadata = {"name": f"c{number}"}
    if not clusterwide:
        metadata["namespace"] = draw(st.sampled_from(NAMESPACES))
    found = {"apiVersion": "cilium.io/v2", "kind": kind, "metadata": metadata}
    if draw(st.booleans()):
        found["spec"] = draw(specs(clusterwide))
    if "spec" not in found or draw(st.integers(0, 3)) == 0:
        found["specs"] = [draw(specs(clusterwide)) for _ in range(draw(st.integers(1, 2)))]
    return found


@st.composite
def clusters(draw):
    found = [draw(workloads(number)) for number in range(draw(st.integers(2, 4)))]
    found += [draw(cilium_policies(number)) for number in range(draw(st.integers(1, 3)))]
    found += [draw(policies(number)) for number in range(draw(st.integers(0, 1)))]
    for name in NAMESPACES:
        if draw(st.booleans()):
            metadata = {"name": name, "labels": draw(labels)}
            found.append({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
    return found


def texts(node):
    if isinstance(node, dict):
        return [text for it in node.values() for text in texts(it)]
    if isinstance(node, list):
        return [text for it in node for text in texts(it)]
    return [node] if isinstance(node, str) else []


def edges_of_addresses(manifests, found):
    edges = {ip_address("0.0.0.0"), ip_address("255.255.255.255")}
    for text in texts(manifests):
        if (text[0].isdigit() and "." in text) or "::" in text:
            edges |= {ip_network(text)[0], ip_network(text)[-1]}
    for ends in found:
        for end in ends[:2]:
            if "[" not in end:
                first, _, last = end.partition("-")
                edges |= {ip_address(first), ip_address(last)}
    near = {
        type(it)(number)
        for it in edges
        for number in range(int(it) - 1, int(it) + 2)
        if 0 <= number < 2**it.max_prefixlen
    }
    return sorted(map(str, near))


def test_every_pair_and_port_is_answered_as_documented(record_property):
    seen = Counter()

    @settings(max_examples=200)
    @given(clusters())
    def holds(manifests):
        found = told(manifests)
        cluster = CiliumCluster(manifests)
        numbers = edges_of_ports(found)
        for source, target in permutations(cluster.pods, 2):
            for protocol in PROTOCOLS:
                text = ports_at(found, source.title, target.title, protocol)
                for number in numbers:
                    expected = cluster.open(source, target, protocol, number)
                    said = bool(text) and has(text, number)
                    assert said == expected, (source.title, target.title, protocol, number, text)
                    seen["open" if said else "shut"] += 1
        seen["clusters"] += 1

    holds()
    record_property("reachability of pods under Cilium", verdicts(seen))


def test_every_address_outside_is_answered_as_documented(record_property):
    seen = Counter()

    @settings(max_examples=80)
    @given(clusters())
    def holds(manifests):
        found = told(manifests)
        cluster = CiliumCluster(manifests)
        numbers = edges_of_ports(found)
        addresses = edges_of_addresses(manifests, found)
        for pod, address in product(cluster.pods, addresses):
            for source, target in ((pod, address), (address, pod)):
                titles = [it if isinstance(it, str) else it.title for it in (source, target)]
                for protocol in PROTOCOLS:
                    text = ports_at(found, *titles, protocol)
                    for number in numbers:
                        expected = cluster.open(source, target, protocol, number)
                        said = bool(text) and has(text, number)
                        assert said == expected, (*titles, protocol, number, text)
                        seen["open" if said else "shut"] += 1
        seen["clusters"] += 1

    holds()
    record_property("reachability of addresses under Cilium", verdicts(seen))
