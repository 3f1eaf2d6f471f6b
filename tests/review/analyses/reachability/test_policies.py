"""Each documented rule of NetworkPolicy by an example, and what the API server would refuse."""

import pytest

from tests.review.analyses.reachability.cluster import (
    ANYWHERE,
    EVERYTHING,
    allowed,
    namespace,
    pod,
    policy,
    taken,
)

TO_WEB = "podSelector: {matchLabels: {app: web}}\n"
TCP_80 = {"TCP": "80"}


def into_web(rules, *others):
    """Who reaches `web` once its ingress is `rules`."""
    found = allowed(pod("web"), pod("db"), *others, policy(f"{TO_WEB}{rules}"))
    return {source: opened for (source, target), opened in found.items() if target == "web"}


def test_without_policies_everyone_reaches_everyone_but_itself():
    assert allowed(pod("web"), pod("db")) == {
        ("web", "db"): EVERYTHING,
        ("db", "web"): EVERYTHING,
        **{(name, ANYWHERE): EVERYTHING for name in ("web", "db")},
        **{(ANYWHERE, name): EVERYTHING for name in ("web", "db")},
    }


@pytest.mark.parametrize("rules", ["ingress: []", "policyTypes: [Ingress]", "ingress:", ""])
def test_a_policy_without_rules_shuts_its_pods_against_all(rules):
    assert into_web(rules) == {}


@pytest.mark.parametrize(
    "rules", ["ingress: [{}]", "ingress: [{from: []}]", "ingress: [{from: , ports: }]"]
)
def test_a_rule_without_peers_and_ports_allows_everything(rules):
    assert into_web(rules) == {"db": EVERYTHING, ANYWHERE: EVERYTHING}


def test_a_rule_without_peers_lets_everyone_in_on_its_ports():
    assert into_web("ingress: [{ports: [{port: 80}]}]") == {"db": TCP_80, ANYWHERE: TCP_80}


@pytest.mark.parametrize(
    ("ports", "opened"),
    [
        ("[{port: 80}]", TCP_80),
        ("[{port: 80, protocol: UDP}]", {"UDP": "80"}),
        ("[{port: 80, protocol: SCTP}, {port: 81}]", {"SCTP": "80", "TCP": "81"}),
        ("[{port: 80, endPort: 90}, {port: 91}, {port: 443}]", {"TCP": "80-91,443"}),
        ("[{port: 85, endPort: 95}, {port: 80, endPort: 90}]", {"TCP": "80-95"}),
        ("[{protocol: UDP}]", {"UDP": "1-65535"}),
        ("[{}]", {"TCP": "1-65535"}),
        ("[]", EVERYTHING),
    ],
)
def test_ports_are_numbers_ranges_and_protocols(ports, opened):
    assert into_web(f"ingress: [{{from: [{{podSelector: {{}}}}], ports: {ports}}}]") == {
        "db": opened
    }


@pytest.mark.parametrize(
    ("peer", "who"),
    [
        ("podSelector: {}", {"db"}),
        ("podSelector: {matchLabels: {app: other}}", set()),
        ("namespaceSelector: {}", {"db", "b/x", "c/y"}),
        ("namespaceSelector: {matchLabels: {team: b}}", {"b/x"}),
        ("namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: c}}", {"c/y"}),
        ("{namespaceSelector: {matchLabels: {team: b}}, podSelector: {}}", {"b/x"}),
        ("{namespaceSelector: {}, podSelector: {matchLabels: {app: y}}}", {"c/y"}),
        (
            "{namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: y}}}",
            set(),
        ),
    ],
)
def test_a_pod_selector_alone_means_the_own_namespace_and_both_selectors_are_anded(peer, who):
    peer = peer if peer.startswith("{") else f"{{{peer}}}"
    others = pod("x", "b"), pod("y", "c"), namespace("b", team="b")

    assert into_web(f"ingress: [{{from: [{peer}]}}]", *others) == dict.fromkeys(who, EVERYTHING)


def test_two_peers_of_one_rule_are_ored():
    rule = (
        "ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}, "
        "{podSelector: {matchLabels: {app: db}}}]}]"
    )

    assert into_web(rule, pod("x", "b"), pod("y", "c"), namespace("b", team="b")).keys() == {
        "db",
        "b/x",
    }


def test_a_namespace_that_nobody_described_has_its_name_as_a_label():
    rule = (
        "ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: b}}}]}]"
    )

    assert into_web(rule, pod("x", "b")).keys() == {"b/x"}


@pytest.mark.parametrize(
    ("expression", "who"),
    [
        ("{key: tier, operator: In, values: [x, z]}", {"x"}),
        ("{key: tier, operator: NotIn, values: [x, z]}", {"y", "none"}),
        ("{key: tier, operator: Exists}", {"x", "y"}),
        ("{key: tier, operator: DoesNotExist}", {"none"}),
        (
            "{key: tier, operator: Exists}, {key: tier, operator: NotIn, values: [x]}",
            {"y"},
        ),
    ],
)
def test_expressions_are_anded_and_not_in_takes_what_lacks_the_key(expression, who):
    found = allowed(
        pod("web", "b"),
        pod("x", labels={"tier": "x"}),
        pod("y", labels={"tier": "y"}),
        pod("none"),
        policy(
            "podSelector: {}\ningress: [{from: [{namespaceSelector: {}, "
            f"podSelector: {{matchExpressions: [{expression}]}}}}]}}]",
            namespace="b",
        ),
    )

    assert {source for source, target in found if target == "b/web"} == who


def test_egress_rules_without_policy_types_isolate_both_directions():
    found = allowed(
        pod("web"), pod("db"), policy(f"{TO_WEB}egress: [{{to: [{{podSelector: {{}}}}]}}]")
    )

    assert found[("web", "db")] == EVERYTHING
    assert ("db", "web") not in found
    assert ("web", ANYWHERE) not in found


def test_an_empty_list_of_egress_rules_isolates_no_egress():
    found = allowed(pod("web"), pod("db"), policy(f"{TO_WEB}egress: []"))

    assert ("web", "db") in found
    assert ("db", "web") not in found


def test_policy_types_decide_whatever_rules_are_there():
    found = allowed(
        pod("web"),
        pod("db"),
        policy(f"{TO_WEB}policyTypes: [Egress]\ningress: []\negress: [{{ports: [{{port: 53}}]}}]"),
    )

    assert found[("db", "web")] == EVERYTHING
    assert found[("web", "db")] == {"TCP": "53"}


def test_a_connection_needs_both_ends_and_the_ports_of_both():
    found = allowed(
        pod("web"),
        pod("db"),
        policy(f"{TO_WEB}egress: [{{ports: [{{port: 80, endPort: 100}}]}}]", "out"),
        policy(
            "podSelector: {matchLabels: {app: db}}\n"
            "ingress: [{from: [{podSelector: {}}], ports: [{port: 90, endPort: 110}]}]",
            "in",
        ),
    )

    assert found[("web", "db")] == {"TCP": "90-100"}
    assert found[("web", ANYWHERE)] == {"TCP": "80-100"}


def test_policies_add_up_and_rules_do_too():
    rules = "ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}, {ports: [{port: 82}]}]"
    found = allowed(
        pod("web"),
        pod("db"),
        policy(f"{TO_WEB}{rules}", "one"),
        policy(f"{TO_WEB}ingress: [{{ports: [{{port: 81}}]}}]", "two"),
        policy("podSelector: {}", "deny"),
    )

    assert found[("db", "web")] == {"TCP": "80-82"}
    assert found[(ANYWHERE, "web")] == {"TCP": "81-82"}


def test_a_policy_speaks_for_its_own_namespace_alone():
    found = allowed(pod("web"), pod("web", "b"), policy("podSelector: {}"))

    assert ("web", "b/web") in found
    assert ("b/web", "web") not in found


HTTP = {"name": "http", "containerPort": 8080}


@pytest.mark.parametrize(
    ("ports", "sidecar", "opened"),
    [
        ([HTTP], None, {"TCP": "8080"}),
        ([{**HTTP, "protocol": "UDP"}], None, None),
        ([{"name": "other", "containerPort": 8080}], None, None),
        ([], {"restartPolicy": "Always"}, {"TCP": "8080"}),
        ([], {}, None),
    ],
    ids=[
        "by name",
        "another protocol",
        "another name",
        "of a native sidecar",
        "of an init container",
    ],
)
def test_a_named_port_is_what_the_called_pod_calls_so(ports, sidecar, opened):
    inits = [] if sidecar is None else [{"name": "i", "ports": [HTTP], **sidecar}]
    web = pod("web", ports=ports, initContainers=inits)
    for spec in (
        f"{TO_WEB}ingress: [{{from: [{{podSelector: {{}}}}], ports: [{{port: http}}]}}]",
        "podSelector: {matchLabels: {app: db}}\npolicyTypes: [Egress]\n"
        "egress: [{to: [{podSelector: {}}], ports: [{port: http}]}]",
    ):
        assert allowed(web, pod("db"), policy(spec)).get(("db", "web")) == opened


def test_a_named_port_may_differ_from_pod_to_pod():
    found = allowed(
        pod("web", ports=[HTTP]),
        pod("db", ports=[{**HTTP, "containerPort": 9090}]),
        pod("c"),
        policy(
            "podSelector: {matchLabels: {app: c}}\npolicyTypes: [Egress]\n"
            "egress: [{ports: [{port: http}]}]"
        ),
    )

    assert {to: it for (source, to), it in found.items() if source == "c"} == {
        "web": {"TCP": "8080"},
        "db": {"TCP": "9090"},
    }, "and it means nothing outside"


@pytest.mark.parametrize(
    ("block", "ranges"),
    [
        ("{cidr: 10.0.0.0/8}", ["10.0.0.0-10.255.255.255"]),
        ("{cidr: 10.1.2.3/32}", ["10.1.2.3-10.1.2.3"]),
        ("{cidr: 10.1.2.3/8}", ["10.0.0.0-10.255.255.255"]),
        (
            "{cidr: 0.0.0.0/0, except: [10.0.0.0/8]}",
            ["0.0.0.0-9.255.255.255", "11.0.0.0-255.255.255.255"],
        ),
        ("{cidr: 10.0.0.0/8, except: [10.0.0.0/9, 10.128.0.0/9]}", []),
        ("{cidr: fd00::/8}", ["fd00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]),
    ],
)
def test_a_block_is_a_range_without_its_exceptions(block, ranges):
    assert into_web(f"ingress: [{{from: [{{ipBlock: {block}}}]}}]") == dict.fromkeys(
        ranges, EVERYTHING
    )


def test_neighbouring_ranges_with_the_same_ports_are_one():
    peers = "{ipBlock: {cidr: 10.0.0.0/9}}, {ipBlock: {cidr: 10.128.0.0/9}}"

    assert into_web(f"ingress: [{{from: [{peers}]}}]") == {"10.0.0.0-10.255.255.255": EVERYTHING}


def test_ranges_are_parted_where_their_ports_differ_each_protocol_by_itself():
    rules = (
        "ingress:\n- {from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 80}, {port: 53, protocol: UDP}]}\n"
        "- {from: [{ipBlock: {cidr: 10.0.0.0/9}}], ports: [{port: 443}]}"
    )

    assert into_web(rules) == {
        "10.0.0.0-10.127.255.255": {"TCP": "80,443"},
        "10.128.0.0-10.255.255.255": TCP_80,
        "10.0.0.0-10.255.255.255": {"UDP": "53"},
    }


def test_a_block_selects_no_pod():
    assert "db" not in into_web("ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]")


def test_ipv6_is_told_where_a_policy_names_it_and_nowhere_else():
    six = "podSelector: {}\negress: [{to: [{ipBlock: {cidr: 'fd00::/8'}}]}]"
    assert into_web("ingress: [{}]").keys() == {"db", ANYWHERE}

    found = into_web("ingress: [{}]", policy(six, "six", "b"), pod("x", "b"))

    assert found.keys() == {"db", ANYWHERE, "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}


def test_policies_do_not_apply_to_pods_in_the_network_of_their_node():
    rules = "ingress: [{from: [{podSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8}}]}]"
    host = pod("host", hostNetwork=True)
    found = allowed(
        pod("web"),
        pod("db"),
        host,
        policy(f"{TO_WEB}{rules}"),
        policy("podSelector: {}\npolicyTypes: [Ingress]", "all"),
    )

    assert ("db", "host") in found, "none selects it"
    assert ("db", "web") in found
    assert ("host", "web") not in found, (
        "it is no pod to a selector, and no known address to a block"
    )
    everyone = "ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]"
    assert into_web(everyone, host).keys() == {"host", ANYWHERE}
    assert into_web("ingress: [{}]", host).keys() == {"db", "host", ANYWHERE}


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("podSelector: [a]", "spec.podSelector: must be a map; got a list"),
        (
            "podSelector: {matchLabels: {app: 1}}",
            "spec.podSelector.matchLabels.app: must be text; got 1",
        ),
        (
            "podSelector: {matchExpressions: [{key: a, operator: in, values: [x]}]}",
            "operator: must be one of In, NotIn, Exists, DoesNotExist; got 'in'",
        ),
        (
            "podSelector: {matchExpressions: [{key: a, operator: In}]}",
            "values: must name values with In",
        ),
        (
            "podSelector: {matchExpressions: [{key: a, operator: Exists, values: [x]}]}",
            "values: must be empty with Exists",
        ),
        ("policyTypes: [ingress]", "spec.policyTypes: must be Ingress or Egress; got 'ingress'"),
        ("ingress: {}", "spec.ingress: must be a list; got a map"),
        ("ingress: [{from: [{}]}]", "spec.ingress[0].from[0]: must have a podSelector"),
        ("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0}}]}]", "ipBlock.cidr: must be a CIDR"),
        ("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}]", "ipBlock.cidr: must be a CIDR"),
        (
            "ingress: [{from: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]",
            "an ipBlock stands alone",
        ),
        ("ingress: [{ports: [{port: 0}]}]", "ports[0].port: must be 1 to 65535; got 0"),
        ("ingress: [{ports: [{port: '80'}]}]", "ports[0].port: must be 1 to 65535; got '80'"),
        (
            "ingress: [{ports: [{port: 80, protocol: tcp}]}]",
            "protocol: must be TCP, UDP or SCTP; got 'tcp'",
        ),
        ("ingress: [{ports: [{port: 80, endPort: 79}]}]", "endPort: must be 80 to 65535; got 79"),
        (
            "ingress: [{ports: [{port: http, endPort: 80}]}]",
            "must be a number beside endPort; got 'http'",
        ),
        ("ingress: [{ports: [{endPort: 80}]}]", "must be a number beside endPort"),
        (
            "egress: [{to: [{namespaceSelector: x}]}]",
            "spec.egress[0].to[0].namespaceSelector: must be a map",
        ),
    ],
)
def test_a_policy_that_the_api_server_would_refuse_is_named_and_left_out(spec, says):
    found = taken(pod("web"), policy(spec, "wrong"))

    (fault,) = found.faults
    assert found.policies == []
    assert (fault.file, fault.line) == ("f.yaml", 2)
    assert str(fault).startswith("f.yaml:2: NetworkPolicy wrong: ")
    assert says in str(fault)
    assert "it is left out" in str(fault)


def test_an_exception_outside_of_its_block_is_named_and_takes_nothing_away():
    spec = (
        "podSelector: {}\ningress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/8]}}]}]"
    )
    found = taken(pod("web"), policy(spec))

    assert len(found.policies) == 1
    assert "except: must lie in 10.0.0.0/8 and be smaller; got '11.0.0.0/8'" in str(found.faults[0])


def test_the_later_of_two_policies_of_one_name_counts():
    found = allowed(
        pod("web"), pod("db"), policy("podSelector: {}"), policy(f"{TO_WEB}ingress: [{{}}]")
    )

    assert found[("db", "web")] == found[("web", "db")] == EVERYTHING
