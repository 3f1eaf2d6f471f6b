"""What may enter a subnet: whatever AKS needs, the load balancers of the stack, and nothing else from the Internet."""

import pytest

from components.azure.security_rules import REASON_MAX_CHARACTERS, RULE_NAME_MAX_CHARACTERS, rules
from components.azure.stack import AksStack
from tests.components.azure.cloud import LOCATION, STACK, stack
from tests.components.azure.test_network import ALL_SUBNETS

SUBNETS = ("nodes", "system", "apiServer", "privateEndpoints")
WEB = STACK["workloads"]["web"] | {"ports": {"http": 8080, "dns": {"port": 53, "protocol": "UDP"}}}


def found(subnet, **changes):
    return rules(AksStack.of(stack(**ALL_SUBNETS, **changes), LOCATION), subnet)


def named(subnet, **changes):
    return {it["name"]: it for it in found(subnet, **changes)}


def sources(rule):
    return rule.get("source_address_prefixes") or [rule["source_address_prefix"]]


def ports(rule):
    return rule.get("destination_port_ranges") or [rule["destination_port_range"]]


def balanced(**service):
    given = {"type": "LoadBalancer", "ports": {"http": 80, "dns": 53}, "internal": False, **service}
    return {"workloads.web": WEB | {"service": given}}


def from_the_internet(subnet, **changes):
    return {
        name: (sources(it), ports(it))
        for name, it in named(subnet, **changes).items()
        if it["access"] == "Allow"
        and not {*sources(it)} <= {"VirtualNetwork", "AzureLoadBalancer"}
        and not all(source.startswith("10.") for source in sources(it))
    }


def test_the_ingress_is_open_to_everyone_and_nothing_else_is():
    assert from_the_internet("nodes") == {"allow-ingress": (["Internet"], ["80", "443"])}


@pytest.mark.parametrize("changes", [{"ingress.internal": True}, {"ingress.controller": "none"}])
def test_without_a_public_ingress_nothing_is_open(changes):
    assert from_the_internet("nodes", **changes) == {}


@pytest.mark.parametrize("subnet", ["system", "privateEndpoints"])
def test_system_nodes_and_endpoints_are_open_to_nobody(subnet):
    assert from_the_internet(subnet) == {}


def test_a_workload_with_a_public_load_balancer_is_open_on_its_ports_by_protocol():
    opened = from_the_internet("nodes", **balanced())
    assert opened["allow-web-tcp"] == (["Internet"], ["80"])
    assert opened["allow-web-udp"] == (["Internet"], ["53"])
    protocols = {name: it["protocol"] for name, it in named("nodes", **balanced()).items()}
    assert (protocols["allow-web-tcp"], protocols["allow-web-udp"]) == ("Tcp", "Udp")


def test_it_is_open_to_the_sources_that_it_names_alone():
    opened = from_the_internet("nodes", **balanced(allowedSources=["203.0.113.0/24"]))
    assert opened["allow-web-tcp"][0] == ["203.0.113.0/24"]


def test_a_load_balancer_sends_to_system_nodes_too_unless_it_keeps_to_its_pods():
    assert {*from_the_internet("system", **balanced())} == {"allow-web-tcp", "allow-web-udp"}
    assert from_the_internet("system", **balanced(externalTrafficPolicy="Local")) == {}


@pytest.mark.parametrize("service", [{"internal": True}, {"type": "NodePort", "internal": True}])
def test_what_has_no_public_load_balancer_opens_nothing(service):
    assert {*from_the_internet("nodes", **balanced(**service))} == {"allow-ingress"}


@pytest.mark.parametrize("subnet", ["nodes", "system"])
def test_nodes_pods_and_the_api_server_meet_unhindered(subnet):
    inside = {name: (sources(it), ports(it), it["protocol"]) for name, it in named(subnet).items()}
    assert inside["allow-nodes"] == (["10.40.0.0/22", "10.40.4.0/24"], ["*"], "*")
    assert inside["allow-pods"] == (["10.200.0.0/16"], ["*"], "*")
    assert inside["allow-api-server"] == (["10.40.5.0/28"], ["*"], "*")
    assert inside["allow-network"] == (["VirtualNetwork"], ["*"], "*")
    assert inside["allow-probes"] == (["AzureLoadBalancer"], ["*"], "*")


def test_nodes_reach_the_api_server_and_its_tunnel_and_the_load_balancer_asks_it():
    given = named("apiServer")
    assert ports(given["allow-nodes"]) == ["443", "4443"]
    assert sources(given["allow-nodes"]) == ["10.40.0.0/22", "10.40.4.0/24"]
    assert (sources(given["allow-probes"]), ports(given["allow-probes"])) == (
        ["AzureLoadBalancer"],
        ["*"],
    )


def test_a_public_api_server_is_open_to_its_authorised_ranges_and_a_private_one_to_none():
    assert from_the_internet("apiServer") == {"allow-authorized": (["203.0.113.0/24"], ["443"])}
    assert from_the_internet("apiServer", **{"cluster.apiServer": {"private": True}}) == {}


def test_an_endpoint_answers_and_begins_nothing():
    out = named("privateEndpoints")["nothing-out"]
    assert (out["direction"], out["access"], sources(out)) == ("Outbound", "Deny", ["*"])


@pytest.mark.parametrize("subnet", SUBNETS)
def test_whatever_no_rule_lets_in_stays_out(subnet):
    last = max(
        (it for it in found(subnet) if it["direction"] == "Inbound"), key=lambda it: it["priority"]
    )
    assert (last["name"], last["access"], sources(last), ports(last)) == (
        "nothing-else-in",
        "Deny",
        ["*"],
        ["*"],
    )


@pytest.mark.parametrize("subnet", SUBNETS)
def test_every_rule_has_its_reason_a_name_and_a_priority_of_its_own(subnet):
    web = balanced()["workloads.web"]
    many = {f"workloads.{name}": web | {"name": name} for name in map("w{:050}".format, range(40))}
    given = found(subnet, **many)
    assert all(10 < len(it["description"]) <= REASON_MAX_CHARACTERS for it in given)
    assert all(len(it["name"]) <= RULE_NAME_MAX_CHARACTERS for it in given)
    assert len({it["name"] for it in given}) == len(given)
    kinds = [(it["direction"], it["priority"]) for it in given]
    assert len({*kinds}) == len(kinds)
    assert all(100 <= priority <= 4096 for _, priority in kinds)
