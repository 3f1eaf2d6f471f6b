"""Azure's security groups: what a change of their rules opens and shuts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.analyses.reachability import ports
from review.meaning import azure_groups, exposure
from review.meaning.azure_groups import INTERNET, NETWORK, allowed, covers
from review.plan import SECRET, UNKNOWN
from tests.review.guard.plans import adding, edited, find, made, obj, plan, without
from tests.review.meaning.telling import facts, findings, messages, one, rules, shuffled

NODES = "aks-network-security-groups-nodes"
SUBNET = "aks-network-nodes-subnet"
TITLE = "NetworkSecurityGroup nsg-course-prod-nodes"


def rule(name, priority, source, port, access="Allow", direction="Inbound", **more):
    return {
        "name": name,
        "priority": priority,
        "direction": direction,
        "access": access,
        "protocol": "Tcp",
        "sourcePortRange": "*",
        "sourceAddressPrefix": source,
        "destinationAddressPrefix": "*",
        "destinationPortRange": port,
        **more,
    }


def with_rules(*more, base=None):
    return edited(base or plan(), NODES, lambda it: it["securityRules"].extend(more))


def test_a_port_newly_open_to_the_internet_is_mandatory_and_names_the_rule():
    head = with_rules(rule("ssh", 300, "Internet", "22"))

    it = one(findings(exposure, head))
    assert (it.rule, it.severity, it.resource) == ("exposure-group-opened", "mandatory", TITLE)
    assert it.message == (
        "lets the Internet in on TCP 22, by rule ssh, and nothing of this program serves there"
    )
    assert it.path == "securityRules[ssh]"
    assert facts(exposure, head) == []


@pytest.mark.parametrize("source", ["*", "0.0.0.0/0", "Any", "internet"])
def test_everybody_by_any_word_is_everybody(source):
    head = with_rules(rule("more", 300, source, "8000-8100"))

    assert "on TCP 8000-8100" in one(findings(exposure, head)).message


def test_a_port_that_is_shut_is_a_fact():
    head = plan()

    it = one(facts(exposure, head, with_rules(rule("ssh", 300, "Internet", "22"))))
    assert (it.sign, it.message) == ("lost", f"{TITLE} no longer lets the Internet in on TCP 22")


def test_a_denial_with_a_lower_number_wins_and_one_with_a_higher_does_not():
    opened = rule("web", 300, "Internet", "8080")

    for priority, count in ((250, 0), (350, 1)):
        denied = rule("no", priority, "*", "8000-9000", access="Deny")
        head = with_rules(opened, denied)
        assert len(findings(exposure, head)) == count, priority


def test_a_denial_for_some_source_ports_denies_nobody_who_chooses_another():
    opened = rule("web", 300, "Internet", "8080")

    for more, count in (
        ({"sourcePortRange": "53"}, 1),
        ({"sourcePortRange": "", "sourcePortRanges": ["53", "123"]}, 1),
        ({"sourcePortRange": "0-65535"}, 0),
        ({"sourcePortRange": ""}, 0),
    ):
        head = with_rules(opened, rule("no", 250, "*", "*", "Deny", **more))
        assert len(findings(exposure, head)) == count, more


def test_a_denial_taken_away_opens_what_stood_behind_it():
    behind = with_rules(rule("web", 300, "Internet", "8080"), rule("no", 250, "*", "*", "Deny"))
    head = with_rules(rule("web", 300, "Internet", "8080"))

    assert "on TCP 8080, by rule web" in one(findings(exposure, head, behind)).message


def test_a_rule_for_several_addresses_is_told_for_each_and_counts_for_each():
    several = {
        "destinationAddressPrefix": "",
        "destinationAddressPrefixes": ["10.0.0.4", "10.0.0.5"],
    }
    head = with_rules(rule("web", 300, "Internet", "8080", **several))
    denied = with_rules(
        rule("web", 300, "Internet", "8080", **several),
        rule("no", 250, "*", "*", "Deny", destinationAddressPrefix="10.0.0.5"),
    )

    assert messages(findings(exposure, head)) == [
        f"lets the Internet in to 10.0.0.{host} on TCP 8080, by rule web, "
        "and nothing of this program serves there"
        for host in (4, 5)
    ]
    assert "to 10.0.0.4 on" in one(findings(exposure, denied)).message


def test_a_rule_without_a_name_is_told_by_its_number_and_one_for_a_group_of_addresses_by_that():
    web = {"id": "/a/b/web"}
    to = {"destinationAddressPrefix": "", "destinationApplicationSecurityGroups": [web, {}]}
    head = with_rules(rule("", 300, "Internet", "8080", **to))

    assert one(findings(exposure, head)).message == (
        "lets the Internet in to /a/b/web on TCP 8080, by rule 6, and nothing of this program serves there"
    )


@pytest.mark.parametrize("port", ["http", "0", "80-http", "90-80", "9" * 5_000, "²"])
def test_a_port_that_is_none_opens_nothing_and_hides_no_other(port):
    odd = {"destinationPortRange": "", "destinationPortRanges": [port, "8080"]}
    head = with_rules(rule("web", 300, "Internet", "", **odd))

    assert "on TCP 8080, by rule web" in one(findings(exposure, head)).message


@pytest.mark.parametrize("port", ["*", "0-65535", "1-65535"])
def test_every_port_by_any_range_is_every_port(port):
    head = with_rules(rule("web", 300, "Internet", port, protocol="*"))

    assert "in on every port but TCP 80,443, by rule web" in one(findings(exposure, head)).message


def test_a_wider_end_with_other_ports_hides_no_narrower_one():
    head = with_rules(
        rule("web", 300, "Internet", "8080"),
        rule("office", 310, "198.51.100.0/24", "8080-8081"),
    )

    assert "lets the Internet in on TCP 8080, by rule web" in one(findings(exposure, head)).message
    it = one(facts(exposure, head))
    assert f"{TITLE} lets 198.51.100.0/24 in on TCP 8080-8081 from now on" in it.message
    assert it.path == "securityRules"


def test_what_the_ingress_controller_serves_is_no_finding():
    base = edited(plan(), NODES, lambda it: it["securityRules"].pop(0))

    assert not [it for it in findings(exposure, plan(), base) if "group" in it.rule]
    it = one(facts(exposure, plan(), base), resource=TITLE)
    assert (
        it.message
        == f"{TITLE} lets the Internet in on TCP 80,443 from now on, by rule allow-ingress"
    )


def test_what_a_public_service_opens_is_told_with_the_service_and_the_group_is_a_fact():
    spec = {
        "type": "LoadBalancer",
        "selector": {"app.kubernetes.io/name": "web"},
        "ports": [{"port": 8443, "targetPort": 8080}],
    }
    service = obj("v1", "Service", "open", {"spec": spec})
    head = adding(with_rules(rule("allow-web-tcp", 200, "Internet", "8443")), service)

    assert "exposure-group-opened" not in rules(findings(exposure, head))
    it = one(facts(exposure, head), resource=TITLE)
    assert it.message.endswith(
        "lets the Internet in on TCP 8443 from now on, by rule allow-web-tcp"
    )


def test_a_named_range_is_a_fact_and_a_private_one_that_the_network_has_anyway_is_none():
    office = with_rules(rule("office", 300, "198.51.100.0/24", "443"))
    inside = with_rules(rule("vpn", 300, "10.9.0.0/16", "9000"))
    outside = with_rules(rule("office", 300, "198.51.100.0/24", "9000"))

    assert facts(exposure, office) == []  # the Internet may already
    assert facts(exposure, inside) == []
    it = one(facts(exposure, outside))
    assert it.message == f"{TITLE} lets 198.51.100.0/24 in on TCP 9000 from now on, by rule office"


def test_what_leaves_is_told_too():
    head = with_rules(rule("out", 300, "*", "*", "Deny", "Outbound", protocol="*"))

    assert messages(facts(exposure, head)) == [
        f"{TITLE} no longer lets out to the Internet on every port",
        f"{TITLE} no longer lets the virtual network out to the virtual network on every port",
    ]


def test_a_rule_that_is_a_resource_of_its_own_counts_with_its_group():
    own = made(
        "azure-native:network:SecurityRule",
        "ssh",
        {**rule("x", 300, "Internet", "22"), "securityRuleName": "ssh",
         "networkSecurityGroupName": "nsg-course-prod-nodes"},
    )  # fmt: skip
    behind = made(
        "azure-native:network:SecurityRule",
        "rdp",
        {**rule("x", 301, "Internet", "3389"), "networkSecurityGroupName": dict(UNKNOWN)},
        dependencies=(find(plan(), NODES).urn,),
    )

    it = one(findings(exposure, adding(plan(), own, behind)))
    assert "on TCP 22,3389, by rules ssh, rdp" in it.message


def test_a_subnet_that_loses_its_group_is_told_with_what_that_held():
    head = edited(without(plan(), NODES), SUBNET, lambda it: it.pop("networkSecurityGroup"))

    it = one(findings(exposure, head), rule="exposure-group-gone")
    assert it.resource.startswith("Subnet ")
    assert it.message == (
        f"no security group stands before it any more: {TITLE} let in the Internet on TCP 80,443 alone"
    )
    back = one(facts(exposure, plan(), head), resource=TITLE)
    assert back.sign == "lost"
    assert "where there was none: it lets in the Internet on TCP 80,443 alone" in back.message
    assert not [it for it in findings(exposure, plan(), head) if "group" in it.rule]


def test_a_group_that_goes_with_its_subnet_is_a_fact():
    head = without(plan(), NODES, SUBNET)

    it = one(facts(exposure, head), resource=TITLE)
    assert it.message == f"{TITLE} is gone, with what it stood before"
    new = facts(exposure, plan(), head)
    assert f"{TITLE} is new before {azure_groups.of_plan(plan()).groups[0].subnets[0]}" in messages(
        new
    )


@pytest.mark.parametrize("mark", [UNKNOWN, SECRET])
@pytest.mark.parametrize(
    "key", ["sourceAddressPrefix", "priority", "access", "destinationPortRange"]
)
def test_a_rule_that_is_not_told_is_named_and_makes_the_rest_uncertain(key, mark):
    odd = {**rule("ssh", 300, "Internet", "22"), key: dict(mark)}
    head = with_rules(odd, rule("web", 400, "Internet", "8080"))

    unknown = one(findings(exposure, head), rule="exposure-group-unknown")
    assert unknown.verdict == "unknown"
    assert f"securityRules[6].{key} must be known" in unknown.message
    it = one(findings(exposure, head), rule="exposure-group-opened")
    assert (it.verdict, it.severity) == ("unknown", "advisory")
    assert "TCP 8080" in it.message


def test_groups_are_the_same_in_any_order_of_rows_and_rules():
    head = with_rules(rule("ssh", 300, "Internet", "22"))
    turned = edited(head, NODES, lambda it: it["securityRules"].reverse())

    assert azure_groups.of_plan(head) == azure_groups.of_plan(shuffled(head))
    assert findings(exposure, turned) == findings(exposure, head)


PRIORITIES = st.lists(st.integers(100, 4096), min_size=1, max_size=6, unique=True)
SOURCES = st.sampled_from(["*", "Internet", "VirtualNetwork", "203.0.113.0/24", "10.1.0.0/16"])


@given(st.data(), PRIORITIES)
def test_each_port_is_decided_by_the_first_rule_that_holds_it(data, priorities):
    given_ = [
        rule(
            f"r{number}",
            number,
            data.draw(SOURCES),
            data.draw(st.sampled_from(["*", "80", "81", "80-81"])),
            data.draw(st.sampled_from(["Allow", "Deny"])),
        )
        for number in priorities
    ]
    head = edited(plan(), NODES, lambda it: it.update(securityRules=given_))
    group = next(it for it in azure_groups.of_plan(head).groups if it.title == TITLE)

    for source in ("Internet", "203.0.113.7/32", "10.1.2.0/24"):
        found = allowed(group, "Inbound", (source, "*"))
        for port in (80, 81, 82):
            held = [
                it
                for it in sorted(given_, key=lambda it: it["priority"])
                if covers(it["sourceAddressPrefix"], source)
                and it["destinationPortRange"] in ("*", f"{port}", "80-81"[: 5 if port < 82 else 0])
            ]
            expected = held[0]["access"] == "Allow" if held else False
            assert (ports.common(found, ports.of("TCP", port, port)) != ports.NONE) is expected


def test_a_range_is_within_the_tag_that_has_all_of_it():
    for it in ("1.0.0.0/8", "8.8.8.0/24", "9.0.0.0/8", "11.0.0.0/8"):
        assert covers(INTERNET, it)
        assert not covers(NETWORK, it)
    assert not covers(INTERNET, "0.0.0.0/1")
    assert not covers(NETWORK, "0.0.0.0/1")
    assert not covers(INTERNET, "10.0.0.0/8")
    assert covers(NETWORK, "10.0.0.0/8")
    assert not covers(NETWORK, "8.8.8.8/32")
    assert covers("Storage", "Storage.WestEurope")
    assert not covers("Storage.WestEurope", "Storage")
    assert covers("10.0.0.0/8", "10.1.0.0/16")
    assert not covers("10.1.0.0/16", "10.0.0.0/8")


def test_the_internet_holds_the_services_that_have_tags_and_the_network_holds_its_own_groups():
    """https://learn.microsoft.com/azure/virtual-network/service-tags-overview"""
    web = "/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/applicationSecurityGroups/web"

    assert covers(INTERNET, "Storage")
    assert covers(INTERNET, "AzureFrontDoor.Backend")
    assert not covers(INTERNET, "AzurePlatformDNS")
    assert not covers(NETWORK, "Storage")
    assert covers(NETWORK, web)
    assert not covers(INTERNET, web)
    for tag in ("*", INTERNET, NETWORK, "AzureLoadBalancer"):
        assert not covers(web, tag)
        assert [it for it in (INTERNET, NETWORK, "AzureLoadBalancer") if covers(it, tag)] == (
            [] if tag == "*" else [tag]
        )


def test_a_service_whose_port_the_internet_has_anyway_opens_nothing():
    head = with_rules(rule("door", 300, "AzureFrontDoor.Backend", "443"))

    assert facts(exposure, head) == findings(exposure, head) == []


def test_a_denial_for_some_taken_away_opens_what_another_rule_gives_everybody():
    given_ = rule("web", 300, "Internet", "8080", destinationAddressPrefix="10.0.0.4")
    denied = rule("no", 250, "203.0.113.0/24", "*", "Deny")
    head, base = with_rules(given_), with_rules(given_, denied)

    it = one(facts(exposure, head, base))
    assert it.message == (
        f"{TITLE} lets 203.0.113.0/24 in to 10.0.0.4 on TCP 8080 from now on, by rule web"
    )
    it = one(facts(exposure, base, head), path="")
    assert it.message == f"{TITLE} no longer lets 203.0.113.0/24 in to 10.0.0.4 on TCP 8080"


def test_everybody_is_not_let_in_where_the_internet_is_denied_first():
    head = with_rules(rule("no", 250, "Internet", "*", "Deny"), rule("more", 300, "*", "9000"))
    base = with_rules(rule("no", 250, "Internet", "*", "Deny"))

    assert facts(exposure, head, base) == findings(exposure, head, base) == []
