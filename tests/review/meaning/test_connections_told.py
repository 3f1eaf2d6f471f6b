"""Of which object a connection is told, with what count, and what of two pods of one chart."""

import pytest

from review.analyses.pods import RELEASE
from review.meaning import connections
from review.plan import UNKNOWN, Resource
from tests.review.guard.plans import adding, obj, plan
from tests.review.meaning.connecting import REDIS_IN, opened
from tests.review.meaning.estates import EVERY_POD, block, deployment, plan_of, policy, rule, to
from tests.review.meaning.telling import facts, findings, one
from tests.review.meaning.test_chart_pods import with_chart


def labelled(name):
    return {"podSelector": {"matchLabels": {"app.kubernetes.io/name": name}}}


def cluster(*policies):
    """Four workloads of one namespace."""
    return plan_of(*(deployment(it) for it in "abcd"), *policies)


def test_what_the_api_server_refused_before_is_not_told_again():
    refused = opened(REDIS_IN, "ingress", rule(block("10.0.0.0"), 6379))

    assert findings(connections, refused, refused) == []
    assert facts(connections, refused, refused) == []


def test_what_some_may_call_of_some_is_told_of_the_namespace_with_a_count():
    def some(*targets):
        who = {"matchExpressions": [{"key": "app", "operator": "In", "values": ["a", "b"]}]}
        return [
            to(it, f"in-{it}", ingress=[rule({"podSelector": who}, 80)] if it in targets else [])
            for it in "cd"
        ]

    fact = one(facts(connections, cluster(*some("c", "d")), cluster(*some())), sign="gained")
    assert fact.resource == "Namespace a"
    assert fact.message.startswith(
        "2 workloads of a (a, b) may now call 2 workloads of a (c, d) on TCP 80 (4 connections); "
    )
    fact = one(facts(connections, cluster(*some("c")), cluster(*some())), sign="gained")
    assert fact.resource == "Deployment a/c"
    assert fact.message.startswith("2 workloads of a (a, b) may now call a/c on TCP 80; ")


def test_workloads_that_call_each_other_freely_are_counted_without_themselves():
    shut = to("a", "all", podSelector={}, policyTypes=["Ingress", "Egress"])

    fact = one(facts(connections, cluster(), cluster(shut)), rank=19)
    assert fact.message == (
        "every workload of a (4: a, b, c and 1 more) may now call every workload of a (4: a, b, c and 1 more) "
        "on every port (12 connections); no policy isolates them any more"
    )
    back = one(facts(connections, cluster(shut), cluster()), rank=29)
    assert "(12 connections); policies isolate them now" in back.message


def test_two_workloads_that_call_a_host_by_name_are_told_of_their_namespace():
    def naming(*names):
        values = {"key": "app.kubernetes.io/name", "operator": "In", "values": [*names]}
        spec = {
            "endpointSelector": {"matchExpressions": [values]},
            "egress": [{
                "toFQDNs": [{"matchName": "db.example"}],
                "toPorts": [{"ports": [{"port": "443", "protocol": "TCP"}]}],
            }],
        }  # fmt: skip
        return adding(plan(), obj("cilium.io/v2", "CiliumNetworkPolicy", "names", {"spec": spec}))

    both = one(facts(connections, naming("redis", "web")), rank=12)
    assert both.resource == "Namespace course"
    assert both.message == "2 workloads of course (redis, web) may now call db.example on TCP 443"
    assert one(facts(connections, naming("web")), rank=12).resource == "Deployment course/web"


def test_a_chart_of_two_kinds_of_pods_may_do_what_either_may():
    kinds = [{"labels": {"app.kubernetes.io/name": it}} for it in ("server", "agent")]
    before = with_chart(kinds)
    in_ = {**labelled("redis"), "ingress": [rule(labelled("server"), 6379)]}
    out = {
        **labelled("server"),
        "policyTypes": ["Egress"],
        "egress": [rule(labelled("redis"), 6379, key="to")],
    }
    head = adding(before, policy("redis-more", in_), policy("server-out", out))

    fact = one(facts(connections, head, before), sign="gained")
    assert fact.message.startswith("course/exporter may now call course/redis on TCP 6379; ")
    turned = with_chart(kinds[::-1])
    assert [it.message for it in facts(connections, head, before)] == [
        it.message
        for it in facts(
            connections,
            adding(turned, policy("redis-more", in_), policy("server-out", out)),
            turned,
        )
    ]


def test_a_policy_that_isolates_nobody_in_a_direction_shuts_nothing_there():
    """Cilium isolates by no rule where `enableDefaultDeny` says so."""
    spec = {
        "endpointSelector": {"matchLabels": {"app": "a"}},
        "enableDefaultDeny": {"egress": False},
        "egress": [{"toCIDR": ["10.0.0.0/8"]}],
    }
    odd = {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": {"name": "odd", "namespace": "a"},
        "spec": spec,
    }
    shut = to("a", "none", policyTypes=["Egress"], egress=[rule(EVERY_POD, key="to")])

    found = facts(connections, cluster(odd, shut), cluster(odd))
    [message] = [it.message for it in found if "every address" in it.message]
    assert message == (
        "a/a may no longer call every address on every port; shut by NetworkPolicy a/none, "
        "which before was opened by no policy that isolates the egress"
    )


def test_addresses_that_are_shut_in_part_are_told_with_what_shuts_them_not_with_what_opens_the_rest():
    one_, two = (rule(block(it), key="to") for it in ("0.0.0.0/0", "10.0.0.0/8"))
    all_, some, none = (
        to("a", name, policyTypes=["Egress"], egress=list(rules))
        for name, rules in (("all", [one_]), ("some", [two]), ("none", []))
    )

    [fact] = facts(connections, cluster(some, none), cluster(all_, some, none))
    assert fact.message.partition("; ")[2] == (
        "shut by NetworkPolicy a/none, a/some, which before was opened by NetworkPolicy a/all, a/some"
    )
    assert fact.urn.endswith("NetworkPolicy-a-none")


def test_names_are_resolved_by_udp_and_by_tcp():
    """https://kubernetes.io/docs/tasks/administer-cluster/declare-network-policy/ ; DNS answers on 53 by both."""
    dns = {"namespaceSelector": {}, "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}
    none, some = (
        to("a", "out", policyTypes=["Egress"], egress=egress)
        for egress in ([], [rule(dns, "dns-tcp", key="to")])
    )

    fact = one(facts(connections, cluster(some), cluster(none)), sign="gained")
    assert fact.message.startswith("a/a may now call kube-system/kube-dns on TCP 53; ")


@pytest.mark.parametrize("chart", [dict(UNKNOWN), ["nginx-ingress"], None])
def test_a_chart_without_a_name_is_no_controller_and_ends_no_review(chart):
    release = Resource(
        urn="urn:odd",
        type=RELEASE,
        name="odd",
        inputs={"name": "odd", "namespace": "course", "chart": chart},
    )
    side = connections.of_plan(adding(plan(), release))

    assert "course/odd" not in {it.title for it in side.ends}
