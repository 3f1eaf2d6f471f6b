"""What is dangerous among connections with addresses outside, in small clusters: when, how bad, and by whom."""

import pytest

from review.meaning import connections
from tests.review.meaning.estates import EVERY_POD, block, deployment, plan_of, rule, to
from tests.review.meaning.telling import findings, one

METADATA = "169.254.169.254/32"


def cluster(*policies):
    return plan_of(*map(deployment, ("one", "two")), deployment("far", "b"), *policies)


def egress(*rules, name="out", app="one"):
    return to(app, name, policyTypes=["Egress"], egress=[*rules])


def ingress(*rules):
    return to("one", "in", ingress=[*rules])


def ports(*ends):
    return [{"port": first, "endPort": last, "protocol": it} for it, first, last in ends]


def found(head, base):
    return findings(connections, cluster(*head), cluster(*base))


def to_world(*ends, cidr="0.0.0.0/0"):
    return {"to": [block(cidr)], "ports": ports(*ends)}


EVERY_TCP = ("TCP", 1, 65535)


@pytest.mark.parametrize(
    ("ends", "severity"),
    [
        ([EVERY_TCP], "mandatory"),
        ([EVERY_TCP, ("UDP", 1, 65535)], "mandatory"),
        ([("UDP", 1, 65535)], "advisory"),
        ([("TCP", 1, 65534)], "advisory"),
    ],
)
def test_every_address_on_every_tcp_port_is_mandatory_and_on_fewer_advisory(ends, severity):
    it = one(found([egress(to_world(*ends))], [egress()]), rule="connections-egress-everything")

    assert it.severity == severity
    assert it.resource == "Deployment a/one"
    assert it.message.endswith("; opened by NetworkPolicy a/out")


def test_the_metadata_service_is_named_with_the_policy_that_opens_it():
    [it] = found([egress(rule(block(METADATA), 80, key="to"))], [egress()])

    assert (it.rule, it.severity) == ("connections-metadata", "mandatory")
    assert it.message == (
        "a/one may now call the metadata service of its node, 169.254.169.254 on TCP 80; opened by NetworkPolicy a/out"
    )
    assert found([egress(rule(block(METADATA), 443, key="to"))], [egress()]) == []


def test_ingress_from_every_address_names_the_policy_that_opens_it():
    both = to("one", "in", ingress=[rule(EVERY_POD, 80)])
    open_ = to("one", "in", ingress=[rule(None)])

    [it] = found([open_], [both])
    assert it.rule == "connections-ingress-open"
    assert it.message.endswith("; opened by NetworkPolicy a/in")


def test_two_policies_are_named_and_more_are_counted():
    many = [egress(to_world(EVERY_TCP), name=it) for it in ("p", "q", "r")]

    it = one(found([egress(), *many], [egress()]), rule="connections-egress-everything")
    assert it.message.endswith("; opened by NetworkPolicy a/p, a/q and 1 more")


def test_addresses_that_are_not_all_are_no_danger():
    some = rule(block("203.0.113.0/24"), 80)

    assert found([ingress(some)], [ingress()]) == []
    assert found([ingress(rule(None, 80))], [ingress(rule(None, 80))]) == []


def test_several_workloads_that_open_the_same_are_one_finding_of_their_namespace():
    base = [egress(name=it, app=it) for it in ("one", "two")]
    head = [egress(to_world(EVERY_TCP), name=it, app=it) for it in ("one", "two")]

    it = one(found(head, base), rule="connections-egress-everything")
    assert it.resource == "Namespace a"
    assert it.message.startswith("2 workloads of a (one, two) may now call every address")


def test_the_internet_on_every_tcp_port_is_told_once_it_is_so():
    private = ("10.0.0.0/8", "100.64.0.0/10", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12")
    world = block("0.0.0.0/0", *private, "192.168.0.0/16")
    head = [egress({"to": [world], "ports": ports(EVERY_TCP)})]
    some = [egress({"to": [world], "ports": ports(("TCP", 443, 443))})]

    [it] = found(head, some)
    assert (it.rule, it.severity) == ("connections-egress-internet", "advisory")
    assert found(head, head) == []
    assert found(some, [egress()]) == []


def test_of_two_policies_the_one_that_opens_is_named_alone():
    """The other one isolates, too, and opens nothing."""
    shut = egress(name="deny")

    for to_, rule_ in (
        (rule(block(METADATA), 80, key="to"), "connections-metadata"),
        (to_world(EVERY_TCP), "connections-egress-everything"),
    ):
        it = one(found([shut, egress(to_)], [shut, egress()]), rule=rule_)
        assert it.message.endswith("; opened by NetworkPolicy a/out")


def test_a_new_workload_that_nothing_isolates_is_told_as_that_and_not_of_each_danger():
    head = plan_of(*map(deployment, ("one", "two", "new")), deployment("far", "b"), egress())

    found_ = findings(connections, head, cluster(egress()))
    assert [it.rule for it in found_] == ["connections-never-isolated"]
