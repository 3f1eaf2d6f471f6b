"""What test_connections and test_connections_further share."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from review.analyses.reachability import ports
from review.analyses.reachability.connections import connections as every_connection
from review.analyses.reachability.ports import joined
from review.meaning import connections, ends
from review.meaning.frame import pairs
from tests.review.analyses.reachability.test_oracle import policies, workloads
from tests.review.guard.plans import edited, plan
from tests.review.meaning.estates import (
    plan_of,
)
from tests.review.meaning.telling import (
    facts,
    one,
)

REDIS_IN = "course-redis-network-ingress"

LOGIN_OUT = "course-authentication-network-egress"

LOGIN_IN = "course-authentication-network-ingress"


def said(head, **fields):
    """The only fact with these fields."""
    return one(facts(connections, head), **fields).message


def opened(name, direction, *more):
    """The plan with further rules in one policy."""
    return edited(plan(), name, lambda it: it["spec"].setdefault(direction, []).extend(more))


def said_back(base):
    return one(facts(connections, plan(), base), sign="changed").message


@st.composite
def changes(draw):
    """Two clusters with most workloads in both, and policies that differ."""
    made = [draw(workloads(number)) for number in range(3)]
    there = [draw(policies(number)) for number in range(2)]
    more = [draw(policies(number)) for number in range(draw(st.integers(0, 2)))]
    kept = draw(st.integers(2, 3))
    return [*made, *there], [*made[:kept], *there[draw(st.integers(0, 2)) :], *more]


slowly = settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)


def differences(before, after):
    """Ranges by source, target and protocol that `after` opens, of workloads that both have; pair by pair."""
    found = []
    for manifests in (before, after):
        network = ends.known(plan_of(*manifests)).network
        entries = {}
        for it in every_connection(network):
            if "[" in it.source and "[" in it.target:
                key = it.source.split("[")[0], it.target.split("[")[0], it.protocol
                entries[key] = ranges(it.ports)
        found.append(({str(it.key).split("[")[0] for it in network.workloads}, entries))
    (old, was), (new, now) = found
    gained = {}
    for key, opened_ in now.items():
        source, target, protocol = key
        if {source, target} <= old & new and source != ends.DNS:
            shut = was.get(key, ())
            left = ports.less(of(protocol, opened_), of(protocol, shut))
            if left != ports.NONE:
                gained[key] = left[ports.PROTOCOLS.index(protocol)]
    return gained


def ranges(text):
    parts = (it.partition("-") for it in text.split(","))
    return tuple((int(first), int(last or first)) for first, _, last in parts)


def of(protocol, opened_):
    return tuple(opened_ if it == protocol else () for it in ports.PROTOCOLS)


def by_protocol(frame, opened_):
    found = {}
    for source, target, which in pairs(opened_):
        for protocol, here in zip(ports.PROTOCOLS, which, strict=True):
            if here:
                key = frame.titles[source], frame.titles[target], protocol
                found[key] = joined((*found.get(key, ()), *here))
    return found


def signs(found, sign):
    """Facts without the words for what opened and shut it."""
    words_ = {"may now": "", "may no longer": ""}
    texts = []
    for it in found:
        if it.__class__.__name__ == "Fact" and it.sign == sign and it.rank < 40:
            text = it.message.split("; ")[0]
            for word in words_:
                text = text.replace(word, "may")
            texts.append(text)
    return sorted(texts)
