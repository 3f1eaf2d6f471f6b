"""The analysis answers as the documentation does, on clusters that nobody thought of."""

from collections import Counter
from ipaddress import ip_address, ip_network
from itertools import pairwise, permutations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from review.analyses.reachability.connections import connections
from review.analyses.reachability.network import Network, objects
from review.given import Given
from tests.review.analyses.reachability.oracle import Cluster, types

NAMESPACES = ("default", "a", "b")
KEYS, VALUES = ("app", "tier"), ("x", "y")
PROTOCOLS = ("TCP", "UDP", "SCTP")
NUMBERS = st.sampled_from((1, 2, 79, 80, 81, 443, 65534, 65535))
NAMES = st.sampled_from(("http", "dns"))

labels = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=2)
expressions = st.one_of(
    st.builds(
        lambda operator, key, values: {"operator": operator, "key": key, "values": values},
        st.sampled_from(("In", "NotIn")),
        st.sampled_from(KEYS),
        st.lists(st.sampled_from(VALUES), min_size=1, max_size=2, unique=True),
    ),
    st.builds(
        lambda operator, key: {"operator": operator, "key": key},
        st.sampled_from(("Exists", "DoesNotExist")),
        st.sampled_from(KEYS),
    ),
)
selectors = st.one_of(
    st.just({}),
    st.builds(lambda it: {"matchLabels": it}, labels),
    st.builds(lambda it: {"matchExpressions": it}, st.lists(expressions, max_size=2)),
    st.builds(
        lambda one, other: {"matchLabels": one, "matchExpressions": [other]}, labels, expressions
    ),
)
by_name = st.builds(
    lambda it: {"matchLabels": {"kubernetes.io/metadata.name": it}}, st.sampled_from(NAMESPACES)
)
blocks = st.sampled_from(
    (
        {"cidr": "0.0.0.0/0"},
        {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8", "10.1.0.0/16", "192.168.0.0/16"]},
        {"cidr": "10.0.0.0/8", "except": ["10.0.0.0/9"]},
        {"cidr": "10.0.0.0/9"},
        {"cidr": "10.128.0.0/9"},
        {"cidr": "255.255.255.255/32"},
        {"cidr": "128.0.0.0/1"},
        {"cidr": "::/0", "except": ["fd00::/8"]},
        {"cidr": "fd00::/8"},
        {"cidr": "::/0"},
    )
)
peers = st.one_of(
    st.builds(lambda it: {"podSelector": it}, selectors),
    st.builds(lambda it: {"namespaceSelector": it}, selectors | by_name),
    st.builds(
        lambda one, other: {"namespaceSelector": one, "podSelector": other},
        selectors | by_name,
        selectors,
    ),
    st.builds(lambda it: {"ipBlock": it}, blocks),
)


@st.composite
def port_specs(draw):
    spec = {}
    if draw(st.booleans()):
        spec["protocol"] = draw(st.sampled_from(PROTOCOLS))
    kind = draw(st.sampled_from(("number", "range", "name", "none")))
    if kind == "name":
        spec["port"] = draw(NAMES)
    elif kind != "none":
        spec["port"] = draw(NUMBERS)
        if kind == "range":
            spec["endPort"] = max(spec["port"], draw(NUMBERS))
    return spec


@st.composite
def rules(draw, key):
    rule = {}
    if draw(st.integers(0, 4)):
        rule[key] = draw(st.lists(peers, min_size=draw(st.sampled_from((0, 1, 1))), max_size=2))
    if draw(st.booleans()):
        rule["ports"] = draw(st.lists(port_specs(), max_size=2))
    return rule


@st.composite
def policies(draw, number):
    spec = {"podSelector": draw(st.just({}) | selectors)}
    for direction, key in (("ingress", "from"), ("egress", "to")):
        if draw(st.integers(0, 2)):
            spec[direction] = draw(
                st.lists(rules(key), min_size=draw(st.integers(0, 1)), max_size=2)
            )
    if draw(st.booleans()):
        spec["policyTypes"] = draw(
            st.lists(st.sampled_from(("Ingress", "Egress")), max_size=2, unique=True)
        )
    metadata = {"name": f"p{number}"}
    if draw(st.booleans()):
        metadata["namespace"] = draw(st.sampled_from(NAMESPACES))
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata,
        "spec": spec,
    }


@st.composite
def pod_specs(draw):
    def container(number):
        ports = draw(
            st.lists(
                st.builds(
                    lambda name, protocol, port: {
                        "name": name,
                        "protocol": protocol,
                        "containerPort": port,
                    },
                    NAMES,
                    st.sampled_from(("TCP", "UDP")),
                    NUMBERS,
                ),
                max_size=2,
            )
        )
        return {"name": f"c{number}", "ports": ports}

    spec = {"containers": [container(0)]}
    if draw(st.booleans()):
        spec["initContainers"] = [container(1)]
        if draw(st.booleans()):
            spec["initContainers"][0]["restartPolicy"] = "Always"
    if draw(st.integers(0, 5)) == 0:
        spec["hostNetwork"] = True
    return spec


KINDS = {
    "Pod": "v1",
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "ReplicaSet": "apps/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "ReplicationController": "v1",
}


@st.composite
def workloads(draw, number):
    kind = draw(st.sampled_from(tuple(KINDS)))
    metadata = {"name": f"w{number}"}
    if draw(st.booleans()):
        metadata["namespace"] = draw(st.sampled_from(NAMESPACES))
    pod = {"metadata": {"labels": draw(labels)}, "spec": draw(pod_specs())}
    whole = {"apiVersion": KINDS[kind], "kind": kind, "metadata": metadata}
    if kind == "Pod":
        return {**whole, "metadata": {**metadata, **pod["metadata"]}, "spec": pod["spec"]}
    if kind == "CronJob":
        return {**whole, "spec": {"jobTemplate": {"spec": {"template": pod}}}}
    return {**whole, "spec": {"template": pod}}


@st.composite
def clusters(draw):
    found = [draw(workloads(number)) for number in range(draw(st.integers(2, 4)))]
    found += [draw(policies(number)) for number in range(draw(st.integers(1, 4)))]
    for name in NAMESPACES:
        if draw(st.booleans()):
            found.append(
                {
                    "apiVersion": "v1",
                    "kind": "Namespace",
                    "metadata": {"name": name, "labels": draw(labels)},
                }
            )
    return found


def told(manifests):
    """What the analysis says, by ends and protocol."""
    network = objects(Given(it, "f.yaml", 1) for it in manifests)
    assert network.faults == []
    entries = list(connections(Network(network)))
    assert entries == sorted(entries)
    found = {(it.source, it.target, it.protocol): it.ports for it in entries}
    assert len(found) == len(entries), "one entry a protocol"
    return found


def has(text, number):
    """Whether `80,443-445` holds a number."""
    for part in text.split(","):
        first, _, last = part.partition("-")
        if int(first) <= number <= int(last or first):
            return True
    return False


def edges_of_ports(found):
    """Ports at which any answer can change, with their neighbours."""
    numbers = {1, 2, 79, 80, 81, 82, 442, 443, 444, 3, 65533, 65534, 65535}
    for text in found.values():
        for part in text.replace("-", ",").split(","):
            numbers |= {int(part) - 1, int(part), int(part) + 1}
    return sorted(it for it in numbers if 1 <= it <= 65535)


def edges_of_addresses(manifests, found):
    """Addresses at which any answer can change, with their neighbours."""
    edges = {ip_address("0.0.0.0"), ip_address("255.255.255.255")}
    for policy in (it for it in manifests if it["kind"] == "NetworkPolicy"):
        for direction, key in (("ingress", "from"), ("egress", "to")):
            if direction.capitalize() not in types(policy["spec"]):
                continue
            for rule in policy["spec"].get(direction) or []:
                for peer in rule.get(key) or []:
                    block = peer.get("ipBlock", {})
                    for cidr in (*([block["cidr"]] if block else []), *block.get("except", [])):
                        edges |= {ip_network(cidr)[0], ip_network(cidr)[-1]}
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


def ports_at(found, source, target, protocol):
    """What the analysis opens between two ends, an address taken for its range."""
    texts = [
        text
        for (one, other, of), text in found.items()
        if of == protocol and covers(one, source) and covers(other, target)
    ]
    assert len(texts) <= 1, "ranges overlap"
    return texts[0] if texts else ""


def covers(end, wanted):
    if "[" in wanted or "[" in end:
        return end == wanted
    first, _, last = end.partition("-")
    address, low, high = ip_address(wanted), ip_address(first), ip_address(last)
    return address.version == low.version and low <= address <= high


def test_every_pair_and_port_is_answered_as_documented(record_property):
    seen = Counter()

    @settings(max_examples=500)
    @given(clusters())
    def holds(manifests):
        found = told(manifests)
        cluster = Cluster(manifests)
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
    record_property("reachability of pods", verdicts(seen))


def test_every_address_outside_is_answered_as_documented(record_property):
    seen = Counter()

    @settings(max_examples=200)
    @given(clusters())
    def holds(manifests):
        found = told(manifests)
        cluster = Cluster(manifests)
        numbers = edges_of_ports(found)
        addresses = edges_of_addresses(manifests, found)
        has_ipv6 = any(":" in it for it in addresses)
        assert has_ipv6 or not any("::" in end for ends in found for end in ends[:2])
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
    record_property("reachability of addresses", verdicts(seen))


def verdicts(seen):
    """How many answers were compared, as the summary of a run prints it."""
    assert min(seen["open"], seen["shut"]) > 0, "nothing to tell apart"
    compared = seen["open"] + seen["shut"]
    return f"{compared} comparisons on {seen['clusters']} clusters, {seen['open']} open"


@given(clusters())
def test_ranges_are_the_fewest_and_ports_are_spelled_shortest(manifests):
    found = told(manifests)
    for (source, target, protocol), text in found.items():
        parts = [tuple(map(int, it.split("-"))) for it in text.split(",")]
        ends = [(it[0], it[-1]) for it in parts]
        assert all(len(it) == 1 or it[0] < it[1] for it in parts)
        assert all(one[1] + 1 < two[0] for one, two in pairwise(ends))
        for at, end in enumerate((source, target)):
            if "[" not in end:
                after = ip_address(end.partition("-")[2])
                if int(after) + 1 < 2**after.max_prefixlen:
                    pair = [source, target]
                    pair[at] = str(after + 1)
                    assert ports_at(found, *pair, protocol) != text, "two ranges could be one"


@given(clusters(), st.randoms())
def test_the_order_of_objects_says_nothing(manifests, draw):
    shuffled = list(manifests)
    draw.shuffle(shuffled)

    assert told(shuffled) == told(manifests)
