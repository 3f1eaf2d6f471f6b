"""Connections that a change opens and closes, as a reviewer reads them."""

from review.meaning import connections
from tests.review.guard.plans import adding, edited, plan, without
from tests.review.meaning.connecting import LOGIN_IN, LOGIN_OUT, REDIS_IN, opened, said
from tests.review.meaning.estates import (
    EVERY_POD,
    block,
    both_ways,
    policy,
    rule,
)
from tests.review.meaning.telling import (
    REDIS,
    WEB,
    facts,
    findings,
    messages,
    one,
    rules,
    told,
    with_pod,
)


def test_a_connection_that_both_ends_open_is_told_with_the_policies_that_decide():
    head = adding(plan(), *both_ways("web", "redis", 6379))

    assert said(head, sign="gained") == (
        "course/web may now call course/redis on TCP 6379; "
        "ingress opened by NetworkPolicy course/redis-more; egress opened by NetworkPolicy course/web-more"
    )
    assert one(facts(connections, head), sign="gained").urn == head.resources[-2].urn


def test_a_connection_that_only_one_end_opens_is_none_and_the_policy_is_told_to_have_changed():
    head = opened(REDIS_IN, "ingress", rule(EVERY_POD, 6379))

    (fact,) = told(connections, head)
    assert (fact.sign, fact.rank) == ("changed", 70)
    assert "no connection follows from it" in fact.message


def test_what_one_widened_selector_opens_is_one_fact_with_a_count_and_some_names():
    many = [
        {
            "podSelector": {},
            "policyTypes": ["Egress"],
            "egress": [rule(EVERY_POD, 6379, key="to")],
        },
    ]
    base = adding(plan(), policy("out", many[0]))
    head = edited(base, REDIS_IN, lambda it: it["spec"]["ingress"].append(rule(EVERY_POD, 6379)))

    (fact,) = facts(connections, head, base)
    assert fact.message.startswith(
        "3 workloads of course (public-nginx, web, web-feature-login) may now call course/redis on TCP 6379; "
    )
    assert fact.resource == "StatefulSet course/redis"


def test_a_connection_that_is_shut_is_told_with_what_shut_it():
    head = edited(plan(), "course-web-network-ingress", lambda it: it["spec"].update(ingress=[]))

    message = said(head, sign="lost")
    assert message.startswith(
        "nginx-ingress/nginx-ingress may no longer call course/web on TCP 8080"
    )
    assert "shut by NetworkPolicy course/default-deny, course/web-ingress" in message
    assert "before was opened by NetworkPolicy course/web-ingress" in message


def test_a_connection_to_addresses_outside_is_told_by_cidr_and_port():
    head = opened(LOGIN_OUT, "egress", rule(block("10.70.0.0/24"), 5432, key="to"))

    assert said(head, sign="gained").startswith(
        "course/authentication may now call 10.70.0.0/24 on TCP 5432; opened by NetworkPolicy "
        "course/authentication-egress"
    )
    assert facts(connections, plan(), head)[0].sign == "lost"


def test_a_connection_from_addresses_outside_is_told_by_cidr_and_port():
    head = opened(LOGIN_IN, "ingress", rule(block("203.0.113.0/24"), 8080))

    assert said(head, sign="gained").startswith(
        "course/authentication may now be called from 203.0.113.0/24 on TCP 8080"
    )


def test_the_internet_is_called_by_its_name():
    private = "10.0.0.0/8", "100.64.0.0/10", "168.63.129.16/32", "169.254.0.0/16"
    to = block("0.0.0.0/0", *private, "172.16.0.0/12", "192.168.0.0/16")
    head = opened("course-redis-network-ingress", "ingress")
    head = adding(head, policy("out", {
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "redis"}},
        "policyTypes": ["Egress"], "egress": [rule(to, 443, key="to")],
    }))  # fmt: skip

    assert said(head, sign="gained").startswith("course/redis may now call the internet on TCP 443")
    assert not findings(connections, head), "443 to the Internet is what most need"


def test_default_allow_is_a_finding_of_its_own_in_each_direction():
    kept = {"spec": {"policyTypes": ["Ingress"], "podSelector": {"matchLabels": {"app": "nobody"}}}}
    head = plan()
    for name in ("course-default-deny", "course-allow-dns"):
        head = edited(head, name, lambda it: it.update(kept))

    found = findings(connections, head)
    out = one(found, rule="connections-default-allow-egress")
    assert out.severity == "mandatory"
    assert out.resource == "Namespace course"
    assert (
        "no policy isolates the egress of 4 workloads of course (public-nginx, redis, web and 1 more)"
        in out.message
    )
    assert "the metadata service of its node among them" in out.message
    assert "no longer selects them" in out.message
    assert "connections-metadata" not in rules(found), "the finding above has said so"


def test_workloads_that_nothing_isolates_any_more_call_each_other_in_one_fact():
    policies = [it.name for it in plan().resources if it.inputs.get("kind") == "NetworkPolicy"]
    head = without(plan(), *policies)

    fact = one(facts(connections, head), rank=19)
    assert "may now call 12 workloads of 5 namespaces" in fact.message
    assert "on every port (" in fact.message
    assert "no policy isolates them any more" in fact.message
    back = one(facts(connections, plan(), head), rank=29)
    assert "policies isolate them now" in back.message
    assert len(facts(connections, head)) < 12, "what everybody may do is not told of each"


def test_a_policy_that_is_gone_is_named_as_the_reason():
    head = without(plan(), "course-default-deny", "course-redis-network-ingress")

    found = one(findings(connections, head), rule="connections-default-allow-ingress")
    assert found.resource == "StatefulSet course/redis"
    assert found.message.endswith("NetworkPolicy course/default-deny, course/redis-ingress is gone")
    message = said(head, sign="gained", resource="StatefulSet course/redis", rank=5)
    assert "course/redis may now be called from every address on every port" in message


def test_a_pod_in_the_network_of_its_node_is_past_every_policy():
    head = with_pod(WEB, hostNetwork=True)

    found = findings(connections, head)
    assert rules(found) == ["connections-default-allow-egress", "connections-default-allow-ingress"]
    assert "moved into the network of their node" in found[0].message


def test_a_default_deny_that_is_gone_is_told_though_all_pods_of_today_have_policies():
    head = without(plan(), "course-default-deny")

    found = one(findings(connections, head), rule="connections-default-deny-gone")
    assert (found.severity, found.resource) == ("advisory", "Namespace course")
    assert "in its ingress" in found.message, "the DNS policy still isolates all egress"


def test_egress_to_every_address_is_a_finding_and_so_is_the_metadata_service_in_it():
    head = opened(LOGIN_OUT, "egress", rule(block("0.0.0.0/0"), key="to"))

    found = findings(connections, head)
    assert rules(found) == ["connections-egress-everything", "connections-metadata"]
    assert {it.severity for it in found} == {"mandatory"}
    assert (
        "course/authentication may now call every address, 0.0.0.0/0, on every port"
        in messages(found)[0]
    )
    assert "opened by NetworkPolicy course/authentication-egress" in messages(found)[0]
    assert said(head, sign="gained").startswith(
        "course/authentication may now call every address on every port"
    )


def test_egress_to_every_address_on_one_port_is_advisory():
    head = opened(
        LOGIN_OUT, "egress", rule(block("0.0.0.0/0", "169.254.169.254/32"), 5432, key="to")
    )
    whole = opened(LOGIN_OUT, "egress", rule(block("0.0.0.0/0"), 5432, key="to"))

    assert findings(connections, head) == []
    (found,) = findings(connections, whole)
    assert (found.rule, found.severity) == ("connections-egress-everything", "advisory")


def test_the_internet_on_every_tcp_port_is_advisory():
    to = block("0.0.0.0/0", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12")
    (found,) = findings(connections, opened(LOGIN_OUT, "egress", rule(to, key="to")))

    assert (found.rule, found.severity) == ("connections-egress-internet", "advisory")


def test_the_metadata_service_alone_is_a_finding():
    head = opened(LOGIN_OUT, "egress", rule(block("169.254.169.254/32"), 80, key="to"))

    (found,) = findings(connections, head)
    assert found.rule == "connections-metadata"
    assert "169.254.169.254 on TCP 80" in found.message


def test_ingress_from_every_address_is_a_finding():
    head = opened(LOGIN_IN, "ingress", rule(None, 8080))

    (found,) = findings(connections, head)
    assert (found.rule, found.severity) == ("connections-ingress-open", "advisory")
    assert "may now be called from every address outside on TCP 8080" in found.message


def test_workloads_that_can_no_longer_resolve_names_are_one_finding_a_namespace():
    head = without(plan(), "course-allow-dns")

    (found,) = findings(connections, head)
    assert (found.rule, found.severity) == ("connections-dns-cut", "mandatory")
    assert found.resource == "Namespace course"
    assert "can no longer resolve names" in found.message
    assert "shut by NetworkPolicy course/default-deny" in found.message


def test_a_local_resolver_is_as_good_as_the_clusters():
    to = block("169.254.10.0/24")
    local = {**rule(to, key="to"), "ports": [{"port": 53, "protocol": "UDP"}]}
    head = edited(plan(), "course-allow-dns", lambda it: it["spec"].update(egress=[local]))

    assert "connections-dns-cut" not in rules(findings(connections, head))


def test_a_declared_connection_that_one_end_cuts_is_a_finding():
    head = without(plan(), REDIS_IN)

    (found,) = findings(connections, head)
    assert (found.rule, found.severity) == ("connections-declared-cut", "mandatory")
    assert "can no longer call course/redis on TCP 6379, though NetworkPolicy" in found.message
    assert "shut by NetworkPolicy course/default-deny" in found.message
    cut = without(plan(), "course-admin-authorization-network-egress")
    cut_messages = messages(findings(connections, cut))
    assert any(
        "course/admin-authorization can no longer call course/redis on TCP 6379" in it
        and "still lets it in" in it
        for it in cut_messages
    )


def test_a_connection_that_both_ends_drop_is_a_plain_fact():
    base = adding(plan(), *both_ways("web", "redis", 6379))

    assert findings(connections, plan(), base) == []
    assert one(facts(connections, plan(), base), sign="lost").message.startswith(
        "course/web may no longer call course/redis on TCP 6379"
    )


def test_rules_for_a_workload_that_is_gone_are_a_finding():
    head = without(plan(), REDIS)

    (found,) = findings(connections, head)
    assert (found.rule, found.severity) == ("connections-declared-gone", "mandatory")
    assert found.message.startswith("course/redis is gone, and 3 workloads of course")
    fact = one(facts(connections, head), sign="lost")
    assert fact.message == (
        "course/redis is gone: it could call kube-system/kube-dns on TCP 53 and UDP 53; it was called by 3 workloads "
        "of course (admin-authorization, authentication, blob-service) on TCP 6379"
    )


def test_a_new_workload_is_one_fact_with_all_that_it_may_do():
    fact = one(facts(connections, plan(), without(plan(), REDIS)), sign="gained")

    assert fact.message.startswith(
        "course/redis is new: it may call kube-system/kube-dns on TCP 53 and UDP 53; it may"
    )
    assert fact.resource == "StatefulSet course/redis"
    assert findings(connections, plan(), without(plan(), REDIS)) == []
