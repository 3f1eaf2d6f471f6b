"""Which policy opens a connection, and which one shuts it: asked of small clusters."""

import pytest

from review.analyses.reachability import ports
from review.meaning import deciding, network_side
from tests.review.meaning.estates import EVERY_POD, block, deployment, plan_of, rule, to

HTTP = ports.of("TCP", 80, 80)
EVERYTHING = [(4, 0, 2**32 - 1)]


def app(name):
    return {"podSelector": {"matchLabels": {"app": name}}}


def cluster(*policies):
    """A side of three workloads of namespace `a` and one of `b`, and its ends by title."""
    workloads = [deployment(it) for it in ("caller", "called", "other")]
    side = network_side.of_plan(plan_of(*workloads, deployment("far", "b"), *policies))
    return side, {it.title: it for it in side.ends}


def between(*policies):
    side, ends = cluster(*policies)
    found = deciding.between(
        ends["a/caller"], ends["a/called"], HTTP, side.policies, side.namespaces
    )
    return [(it.opened, [policy.title for policy in it.policies]) for it in found]


OPEN = (True, [])


def test_where_nothing_isolates_both_ends_everything_is_open_by_nobody():
    assert between() == [OPEN, OPEN]
    assert between(to("other", "elsewhere", ingress=[])) == [OPEN, OPEN]


def test_a_policy_that_names_the_caller_and_the_port_opens_it():
    assert between(to("called", "in", ingress=[rule(app("caller"), 80)])) == [
        (True, ["a/in"]),
        OPEN,
    ]
    egress = {"policyTypes": ["Egress"], "egress": [rule(app("called"), 80, key="to")]}
    assert between(to("caller", "out", **egress)) == [OPEN, (True, ["a/out"])]


@pytest.mark.parametrize(
    "opens",
    [
        [],
        [rule(app("other"), 80)],
        [rule(app("called"), 80)],
        [rule(app("caller"), 81)],
        [rule(app("other"), 81)],
    ],
)
def test_a_policy_that_names_another_caller_or_another_port_shuts_it(opens):
    assert between(to("called", "in", ingress=opens)) == [(False, ["a/in"]), OPEN]


def test_of_two_policies_the_one_that_opens_is_named_alone_and_both_where_none_does():
    deny = to("called", "deny", ingress=[])
    one, other = (to("called", it, ingress=[rule(app(it), 80)]) for it in ("caller", "other"))

    assert between(deny, one, other)[0] == (True, ["a/caller"])
    assert between(deny, other)[0] == (False, ["a/deny", "a/other"])


def outside(direction, *policies, ranges=EVERYTHING, wanted=HTTP):
    side, ends = cluster(*policies)
    found = deciding.outside(ends["a/caller"], direction, ranges, wanted, side.policies)
    return found.opened, [it.title for it in found.policies]


def egress(*rules, name="out"):
    return to("caller", name, policyTypes=["Egress"], egress=[*rules])


def test_outside_is_open_by_nobody_where_nothing_isolates_that_direction():
    assert outside("egress") == OPEN
    assert outside("ingress", egress()) == OPEN
    assert outside("egress", egress()) == (False, ["a/out"])


def test_outside_is_open_by_whoever_names_an_address_of_it_and_the_port():
    private = [(4, 10 << 24, (10 << 24) + 255)]

    assert outside("egress", egress(rule(None, 80))) == (True, ["a/out"])
    assert outside("egress", egress(rule(None, 81))) == (False, ["a/out"])
    ten, eleven = (egress(rule(block(f"{it}.0.0.0/8"), 80, key="to")) for it in (10, 11))
    assert outside("egress", ten, ranges=private) == (True, ["a/out"])
    assert outside("egress", eleven, ranges=private) == (False, ["a/out"])
    assert outside("egress", egress(rule(EVERY_POD, 80, key="to"))) == (False, ["a/out"])


def test_an_address_of_one_family_is_none_of_the_other():
    six = egress(rule(block("::/0"), 80, key="to"))

    assert outside("egress", six) == (False, ["a/out"])
    assert outside("egress", six, ranges=[(6, 0, 2**128 - 1)]) == (True, ["a/out"])


def test_ports_by_name_are_those_of_the_pods_that_are_called():
    named = to("caller", "in", ingress=[{"ports": [{"port": "http"}]}])

    assert outside("ingress", named) == (True, ["a/in"])
    assert outside("ingress", named, wanted=ports.of("TCP", 81, 81)) == (False, ["a/in"])


def declared(peer, *numbers, other="a/caller", wanted=HTTP):
    side, ends = cluster(to("called", "in", ingress=[rule(peer, *numbers)]))
    [policy] = side.policies
    it = ends[other]
    return deciding.declares(policy, "ingress", it, wanted, side.space(it.key.namespace))


def test_a_rule_declares_what_it_names_by_labels_and_port():
    assert declared(app("caller"), 80)
    assert declared(app("caller"))
    assert not declared(app("caller"), 81)
    assert not declared(app("other"), 80)


def test_a_rule_for_everybody_or_for_a_whole_namespace_declares_nothing():
    everywhere = {"namespaceSelector": {}}

    assert not declared(None, 80)
    assert not declared(EVERY_POD, 80)
    assert not declared(everywhere, 80)


def test_a_rule_names_pods_of_its_own_namespace_or_of_those_that_it_selects():
    far = app("far")

    assert not declared(far, 80, other="b/far")
    here = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "b"}}, **far}
    assert declared(here, 80, other="b/far")
    there = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "a"}}, **far}
    assert not declared(there, 80, other="b/far")


def test_the_world_of_cilium_is_every_address():
    world = {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": {"name": "world", "namespace": "a"},
        "spec": {
            "endpointSelector": {"matchLabels": {"app": "caller"}},
            "egress": [{"toEntities": ["world"]}],
        },
    }

    assert outside("egress", world)[0] is True
