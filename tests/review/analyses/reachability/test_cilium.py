"""Cilium's kinds, rule by rule, where the oracle has no say: names, what is not told, what agents refuse."""

import io
import json

import pytest
import yaml

from review.analyses.reachability.connections import EVERY_END, named
from review.analyses.reachability.ends import ends
from review.analyses.reachability.explain import explanations
from review.analyses.reachability.exposure import Exposure
from review.renderers import reachability
from tests.review.analyses.reachability.cluster import (
    ANYWHERE,
    EVERYTHING,
    allowed,
    network,
    pod,
    policy,
    taken,
)

WEB, DB = pod("web"), pod("db")


def cilium(spec, name="c", namespace="a"):
    """A CiliumNetworkPolicy from the YAML of its spec; without a namespace a cluster-wide one."""
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    kind = "CiliumNetworkPolicy" if namespace else "CiliumClusterwideNetworkPolicy"
    head = {"apiVersion": "cilium.io/v2", "kind": kind, "metadata": metadata}
    return {**head, "spec": yaml.safe_load(spec)}


def names(*manifests):
    return [tuple(it) for it in named(network(*manifests))]


def notes(*manifests):
    return [str(it) for it in taken(*manifests).faults]


def test_a_section_without_a_rule_isolates_nobody_and_an_empty_rule_isolates_and_opens_nothing():
    some = (
        "endpointSelector: {matchLabels: {app: db}}\ningress: [%s]\negress: [{toEntities: [all]}]"
    )
    assert allowed(WEB, DB, cilium(some % ""))["web", "db"] == EVERYTHING
    assert ("web", "db") not in allowed(WEB, DB, cilium(some % "{}"))


def test_ports_alone_open_to_everybody():
    spec = "endpointSelector: {matchLabels: {app: db}}\ningress: [{toPorts: [{ports: [{port: '80'}]}]}]"
    found = allowed(WEB, DB, cilium(spec))
    assert found["web", "db"] == found[ANYWHERE, "db"] == dict.fromkeys(EVERYTHING, "80")


def test_a_deny_rule_wins_over_an_allow_of_any_kind():
    allow = policy("podSelector: {matchLabels: {app: db}}\ningress: [{}]")
    deny = cilium(
        "endpointSelector: {}\nenableDefaultDeny: {ingress: false}\n"
        "ingressDeny: [{fromEntities: [cluster], toPorts: [{ports: [{port: '81', protocol: TCP}]}]}]"
    )
    found = allowed(WEB, DB, allow, deny)
    assert found["web", "db"] == {**EVERYTHING, "TCP": "1-80,82-65535"}
    assert found[ANYWHERE, "db"] == EVERYTHING


def test_without_default_deny_a_rule_shuts_nobody_out():
    spec = "endpointSelector: {}\nenableDefaultDeny: {egress: false}\negress: [{toEntities: [kube-apiserver]}]"
    assert allowed(WEB, DB, cilium(spec))["web", "db"] == EVERYTHING


def test_a_cluster_wide_policy_speaks_of_pods_in_every_namespace():
    other = pod("other", namespace="b")
    shut = cilium("endpointSelector: {}\ningress: [{}]", namespace=None)
    assert allowed(WEB, other, shut) == {
        ("web", ANYWHERE): EVERYTHING,
        ("b/other", ANYWHERE): EVERYTHING,
    }


TO_HOST = """
endpointSelector: {matchLabels: {app: web}}
egress:
  - {toFQDNs: [{matchName: API.example.com}, {matchPattern: "*.example.org"}],
     toPorts: [{ports: [{port: "443", protocol: TCP}]}]}
  - {toEntities: [kube-apiserver]}
"""


def test_a_host_and_an_entity_are_ends_of_their_own_by_name():
    manifests = (WEB, cilium(TO_HOST))
    every = [("a/web[Pod]", "kube-apiserver", it, "1-65535") for it in ("SCTP", "TCP", "UDP")]
    hosts = [("a/web[Pod]", it, "TCP", "443") for it in ("*.example.org", "api.example.com")]
    assert names(*manifests) == sorted([*hosts, *every])
    assert ("web", ANYWHERE) not in allowed(*manifests)


def test_what_is_denied_to_all_the_world_is_denied_to_a_name():
    deny = "endpointSelector: {}\negressDeny: [{toEntities: [world], toPorts: [{ports: [{port: '443'}]}]}]"
    assert {it[1] for it in names(WEB, cilium(TO_HOST), cilium(deny, "d"))} == {"kube-apiserver"}


def test_names_stand_apart_in_json_in_the_shape_of_a_connection():
    given = network(WEB, cilium(TO_HOST))
    out = io.StringIO()
    reachability.write_json(out, given, Exposure())
    found = json.loads(out.getvalue())
    assert {"from": "a/web[Pod]", "to": "api.example.com", "protocol": "TCP", "ports": "443"} in (
        found["names"]
    )
    assert all("-" in it["to"] or "[" in it["to"] for it in found["connections"])
    lines = list(reachability.text(given, Exposure()))
    assert "  a/web[Pod] -> api.example.com  TCP 443" in lines


def test_without_names_the_answer_has_the_shape_it_always_had():
    out = io.StringIO()
    reachability.write_json(out, network(WEB, DB), Exposure())
    assert set(json.loads(out.getvalue())) == {"connections", "exposure"}


@pytest.mark.parametrize(
    ("rule", "note"),
    [
        ("{toPorts: [{ports: [{port: '80'}], rules: {http: [{}]}}]}",
         "L7 rules at spec.ingress[0].toPorts[0].rules; taken as open on that port"),
        ("{fromGroups: [{aws: {}}]}", "spec.ingress[0].fromGroups; it opens nothing here"),
        ("{fromNodes: [{}]}", "spec.ingress[0].fromNodes; it opens nothing here"),
        ("{fromRequires: [{}], fromEndpoints: [{}]}", "fromRequires; the rest of the rule holds"),
        ("{fromEndpoints: [{}], authentication: {mode: required}}", "taken as open without it"),
        ("{fromCIDRSet: [{cidrGroupRef: g}]}", "spec.ingress[0].fromCIDRSet[0], a group of addresses"),
        ("{fromEndpoints: [{matchLabels: {io.cilium.k8s.policy.serviceaccount: x}}]}",
         "selects by 'io.cilium.k8s.policy.serviceaccount'; it selects nobody here"),
        ("{fromEndpoints: [{matchLabels: {'container:app': x}}]}", "selects by 'container:app'"),
    ],
)  # fmt: skip
def test_what_is_not_told_is_named_with_what_it_is_taken_for(rule, note):
    [said] = notes(WEB, cilium(f"endpointSelector: {{}}\ningress: [{rule}]"))
    assert "CiliumNetworkPolicy c: not read: " in said
    assert note in said


def test_names_that_a_pod_may_ask_for_are_no_matter_of_the_connection():
    rule = "{toEndpoints: [{}], toPorts: [{ports: [{port: '53'}], rules: {dns: [{matchPattern: '*'}]}}]}"
    assert notes(WEB, cilium(f"endpointSelector: {{}}\negress: [{rule}]")) == []


def test_a_policy_about_nodes_is_named_and_holds_no_workload():
    spec = "nodeSelector: {}\ningress: [{}]"
    [said] = notes(WEB, DB, cilium(spec, namespace=None))
    assert "not read: spec.nodeSelector, a policy about nodes; it holds no workload" in said


@pytest.mark.parametrize(
    ("spec", "fault"),
    [
        ("ingress: [{}]", "spec.endpointSelector: is required"),
        ("endpointSelector: {}", "must have a rule in one of ingress, ingressDeny, egress"),
        ("endpointSelector: {}\ningress: [{fromCIDR: [10.0.0.0/8], fromEntities: [host]}]",
         "must have only one of fromCIDR and fromEntities"),
        ("endpointSelector: {}\ningress: [{fromEntities: [internet]}]", "one of Cilium's entities; got 'internet'"),
        ("endpointSelector: {}\ningress: [{fromCIDR: [ten]}]", "must be an address or a CIDR; got 'ten'"),
        ("endpointSelector: {}\ningress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [11.0.0.0/8]}]}]",
         "must lie in 10.0.0.0/8; got '11.0.0.0/8'"),
        ("endpointSelector: {}\ningress: [{toPorts: [{ports: [{port: '80', protocol: QUIC}]}]}]",
         "must be TCP, UDP, SCTP or ANY"),
        ("endpointSelector: {}\ningress: [{toPorts: [{ports: [{port: '70000'}]}]}]", "must be 0 to 65535, or a name"),
        ("endpointSelector: {}\ningress: [{toPorts: [{ports: [{port: '80', endPort: 79}]}]}]", "must be 80 to 65535"),
        ("endpointSelector: {}\ningress: [{toPorts: [{ports: [{port: 80}]}]}]", "ports[0].port: must be text"),
    ],
)  # fmt: skip
def test_what_an_agent_would_refuse_is_left_out_and_named(spec, fault):
    [said] = notes(WEB, cilium(spec))
    assert fault in said
    assert said.endswith("Cilium would refuse it; it is left out")


def test_an_explanation_names_what_allows_and_what_denies():
    given = network(
        WEB,
        DB,
        cilium("endpointSelector: {matchLabels: {app: db}}\ningress: [{fromEndpoints: [{}]}]"),
        cilium("endpointSelector: {}\ningressDeny: [{fromEndpoints: [{}], toPorts: [{ports: [{port: '80'}]}]}]",
               "no-http", None),
    )  # fmt: skip
    one, other = ends("a/web", given.workloads), ends("a/db", given.workloads)
    [found] = explanations(given, one, other)
    assert found.ingress.verdict == "isolated, and allowed by rule, less what is denied"
    assert [(it.policy, it.rule, it.effect) for it in found.ingress.causes] == [
        ("a/c[CiliumNetworkPolicy]", "ingress[0]", "allows every port"),
        ("no-http[CiliumClusterwideNetworkPolicy]", "ingressDeny[0]",
         "denies SCTP 80, TCP 80, UDP 80"),
    ]  # fmt: skip
    assert {it.ports for it in found.connections} == {"1-79,81-65535"}


def test_the_ends_of_names_follow_what_is_asked_for():
    given = network(WEB, DB, cilium(TO_HOST))
    database = ends("a/db", given.workloads)
    assert list(named(given, database)) == []
    assert list(named(given, EVERY_END, ends("10.0.0.0/8", given.workloads))) == []
    assert len(list(named(given, EVERY_END, ends("internet", given.workloads)))) == 5
