"""Connections that a change opens and closes, as a reviewer reads them."""

import pickle
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from review.analyses.reachability import ports
from review.analyses.reachability.connections import connections as every_connection
from review.analyses.reachability.ports import joined
from review.meaning import closure, connections, ends
from review.meaning.frame import Frame, pairs
from tests.review.analyses.reachability.test_oracle import policies, workloads
from tests.review.guard.plans import adding, edited, obj, plan, without
from tests.review.meaning.estates import (
    EVERY_POD,
    SECRET,
    UNKNOWN,
    block,
    both_ways,
    plan_of,
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
    shuffled,
    told,
    with_pod,
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


def test_a_connection_that_both_ends_open_is_told_with_the_policies_that_decide():
    head = adding(plan(), *both_ways("web", "redis", 6379))

    message = said(head, sign="gained")
    assert message.startswith("course/web may now call course/redis on TCP 6379; opened by ")
    assert "NetworkPolicy course/redis-more" in message
    assert "NetworkPolicy course/web-more" in message
    assert "shut by NetworkPolicy course/default-deny, course/redis-ingress" in message
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
        "course/redis is gone: it could call kube-system/kube-dns on TCP 53; UDP 53; it was called by 3 workloads "
        "of course (admin-authorization, authentication, blob-service) on TCP 6379"
    )


def test_a_new_workload_is_one_fact_with_all_that_it_may_do():
    fact = one(facts(connections, plan(), without(plan(), REDIS)), sign="gained")

    assert fact.message.startswith(
        "course/redis is new: it may call kube-system/kube-dns on TCP 53; UDP 53; it may"
    )
    assert fact.resource == "StatefulSet course/redis"
    assert findings(connections, plan(), without(plan(), REDIS)) == []


def test_a_new_workload_that_no_policy_isolates_is_a_finding():
    template = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "x"}]}}
    new = obj("apps/v1", "Deployment", "x", {"spec": {"template": template}}, "elsewhere")

    found = one(findings(connections, adding(plan(), new)), rule="connections-never-isolated")
    assert found.resource == "Deployment elsewhere/x"
    assert "every pod and address may call it and it may call everything" in found.message


def test_a_host_by_name_is_told_though_it_has_no_address():
    spec = {
        "endpointSelector": {"matchLabels": {"app.kubernetes.io/name": "redis"}},
        "egress": [
            {
                "toFQDNs": [{"matchName": "db.example"}],
                "toPorts": [{"ports": [{"port": "443", "protocol": "TCP"}]}],
            }
        ],
    }  # fmt: skip
    head = adding(plan(), obj("cilium.io/v2", "CiliumNetworkPolicy", "names", {"spec": spec}))

    assert "course/redis may now call db.example on TCP 443" in messages(facts(connections, head))
    assert "course/redis may no longer call db.example on TCP 443" in messages(
        facts(connections, plan(), head)
    )


def test_a_selector_that_is_not_known_is_never_read_as_everybody():
    def change(it):
        it["spec"]["ingress"][0]["from"][0]["podSelector"] = dict(UNKNOWN)

    head = edited(plan(), REDIS_IN, change)
    found = findings(connections, head)
    unknown = one(found, rule="connections-unknown")
    assert (unknown.verdict, unknown.resource) == ("unknown", "NetworkPolicy course/redis-ingress")
    assert unknown.path == "spec.ingress[0].from[0].podSelector"
    assert "cannot be told: spec.ingress[0].from[0].podSelector must be known" in unknown.message
    assert all(it.verdict == "unknown" for it in found), "nothing that hangs on it is certain"
    assert "not for certain" in said(head, sign="lost")
    assert "can be told now" in said_back(head)


def test_a_rule_whose_only_peer_is_not_known_lets_nobody_in():
    one_peer = rule({"podSelector": dict(UNKNOWN)}, 6379)
    head = edited(plan(), REDIS_IN, lambda it: it["spec"].update(ingress=[one_peer]))

    found = findings(connections, head)
    assert "connections-ingress-open" not in rules(found)
    assert one(found, rule="connections-declared-cut").verdict == "unknown"


def test_a_policy_whose_egress_is_not_known_isolates_all_the_same():
    unknown = {"podSelector": {}, "egress": [rule({"podSelector": dict(UNKNOWN)}, 80, key="to")]}
    base = without(plan(), "course-default-deny", "course-allow-dns")
    out = policy("out", {"podSelector": {}, "policyTypes": ["Egress"], "egress": []})
    base, head = adding(base, out), adding(base, policy("out", unknown))

    assert rules(findings(connections, head, base)) == ["connections-unknown"]


def test_a_rule_for_every_pod_declares_nothing():
    open_ = policy("in", {"podSelector": {}, "ingress": [rule(EVERY_POD)]})
    out = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [rule(EVERY_POD, key="to")]}
    base = adding(plan(), open_, policy("out", out))

    assert findings(connections, adding(plan(), open_), base) == []


def test_a_chart_is_isolated_where_all_of_its_pods_are():
    release = next(it for it in plan().resources if it.type.endswith(":Release"))
    cache = replace(
        release, urn=release.urn + "2", inputs={**release.inputs, "chart": "x", "name": "cache"}
    )

    def pod(number):
        owner = {"apiVersion": "helm.sh/v3", "kind": "Chart", "name": "cache", "controller": True}
        metadata = {
            "name": f"cache-{number}",
            "namespace": "nginx-ingress",
            "ownerReferences": [owner],
        }
        metadata["labels"] = {"app": "cache", "number": str(number)}
        return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": []}}

    first = {"podSelector": {"matchLabels": {"number": "0"}}, "policyTypes": ["Ingress"]}
    kept = without(plan(), "ingress-default-deny", "ingress-allow-dns")
    head = adding(kept, cache, policy("first", first, "nginx-ingress"))
    [end] = [
        it
        for it in connections.of_plan(head, [pod(0), pod(1)]).ends
        if it.title == "nginx-ingress/cache"
    ]
    assert end.isolated == (False, False)
    assert len(end.pods) == 2


def said_back(base):
    return one(facts(connections, plan(), base), sign="changed").message


@pytest.mark.parametrize(
    ("mark", "word"), [(UNKNOWN, "must be known"), (SECRET, "is a secret that no plan shows")]
)
@pytest.mark.parametrize(
    ("name", "path", "change"),
    [
        (REDIS_IN, "spec.podSelector", lambda it, mark: it["spec"].update(podSelector=mark)),
        (REDIS_IN, "spec.ingress", lambda it, mark: it["spec"].update(ingress=mark)),
        (REDIS_IN, "metadata.name", lambda it, mark: it["metadata"].update(name=mark)),
        (
            REDIS_IN,
            "spec.ingress[0].ports[0].port",
            lambda it, mark: it["spec"]["ingress"][0]["ports"][0].update(port=mark),
        ),
        (
            WEB,
            "spec.template.metadata.labels.app",
            lambda it, mark: it["spec"]["template"]["metadata"]["labels"].update(app=mark),
        ),
        (
            WEB,
            "spec.template.spec.hostNetwork",
            lambda it, mark: it["spec"]["template"]["spec"].update(hostNetwork=mark),
        ),
        (WEB, "metadata.name", lambda it, mark: it["metadata"].update(name=mark)),
        (WEB, "spec.template", lambda it, mark: it["spec"].update(template=mark)),
        (WEB, "spec", lambda it, mark: it.update(spec=mark)),
        (WEB, "metadata", lambda it, mark: it.update(metadata=mark)),
        (
            WEB,
            "spec.template.metadata.labels",
            lambda it, mark: it["spec"]["template"]["metadata"].update(labels=mark),
        ),
        (REDIS_IN, "metadata", lambda it, mark: it.update(metadata=mark)),
        (REDIS_IN, "spec", lambda it, mark: it.update(spec=mark)),
    ],
)
def test_whatever_is_not_known_is_told_by_its_path(name, path, change, mark, word):
    head = edited(plan(), name, lambda it: change(it, dict(mark)))

    found = one(findings(connections, head), rule="connections-unknown")
    assert found.path == path
    assert found.message == f"which connections it allows cannot be told: {path} {word}"
    assert all(it.verdict == "unknown" for it in findings(connections, head)), "nothing is certain"
    assert any(path in it for it in connections.notes(head))


def test_what_the_api_server_would_refuse_is_told():
    head = opened(REDIS_IN, "ingress", rule(block("10.0.0.0"), 6379))

    found = one(findings(connections, head), rule="connections-refused")
    assert found.resource == "NetworkPolicy redis-ingress"
    assert "must be a CIDR" in found.message


def test_charts_whose_pods_nobody_declared_are_a_note_and_the_controller_is_known():
    release = next(it for it in plan().resources if it.type.endswith(":Release"))
    other = replace(
        release,
        urn=release.urn + "2",
        inputs={**release.inputs, "chart": "oci://example/redis", "name": "cache"},
    )
    head = adding(plan(), other)

    assert not any("chart makes them" in it for it in connections.notes(plan()))
    (note,) = [it for it in connections.notes(head) if "chart makes them" in it]
    assert "nginx-ingress/cache" in note
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "cache-0",
            "namespace": "nginx-ingress",
            "labels": {"app": "cache"},
            "ownerReferences": [{"apiVersion": "helm.sh/v3", "kind": "Chart", "name": "cache", "controller": True}],
        },
        "spec": {"containers": []},
    }  # fmt: skip
    assert "nginx-ingress/cache" in {it.title for it in connections.of_plan(head, [pod]).ends}


def test_nothing_is_told_of_a_plan_and_itself():
    for stack in ("dev", "prod", "local"):
        assert told(connections, plan(stack), plan(stack)) == []


def test_the_order_of_rows_changes_nothing():
    head = without(
        opened(LOGIN_OUT, "egress", rule(block("0.0.0.0/0"), key="to")), REDIS, "course-allow-dns"
    )

    expected = told(connections, head)
    assert told(connections, shuffled(head), shuffled(plan(), 2)) == expected
    assert connections.edges(
        connections.of_plan(shuffled(plan())), connections.of_plan(shuffled(head))
    ) == connections.edges(connections.of_plan(plan()), connections.of_plan(head))


def test_names_that_are_hostile_stay_as_they_are():
    evil = "x\x1b[31m<b>|`"
    head = edited(plan(), WEB, lambda it: it["metadata"].update(name=evil))

    assert any(evil in it for it in messages(facts(connections, head)))


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


@slowly
@given(changes())
def test_what_is_opened_and_closed_is_the_difference_of_both_networks_pair_by_pair(change):
    before, after = change
    sides = [connections.of_plan(plan_of(*it)) for it in (before, after)]
    old, new = (pickle.loads(pickle.dumps(it)) for it in sides)
    frame = Frame([it.title for it in old.ends], [it.title for it in new.ends])

    assert by_protocol(frame, frame.gained(old.rows, new.rows)) == differences(before, after)
    assert by_protocol(frame, frame.lost(old.rows, new.rows)) == differences(after, before)


@slowly
@given(changes())
def test_what_is_told_one_way_is_told_the_other_way_round(change):
    before, after = change
    old, new = (connections.of_plan(plan_of(*it)) for it in (before, after))

    there, back = ([*connections.compare(*pair)] for pair in ((old, new), (new, old)))
    assert [*connections.compare(old, old)] == []
    assert signs(there, "gained") == signs(back, "lost")
    assert signs(there, "lost") == signs(back, "gained")


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


@slowly
@given(changes())
def test_addresses_that_are_gained_are_those_that_only_the_head_opens(change):
    before, after = change
    old, new = (connections.of_plan(plan_of(*it)) for it in (before, after))

    for one_, other in zip(old.outward, new.outward, strict=False):
        gained, lost = closure.less(other, one_), closure.less(one_, other)
        for address in (0, 1, 2**31, 10 * 2**24, 10 * 2**24 + 2**23, 192 * 2**24, 2**32 - 1):
            was, now = (closure.open_to(it, address, address) for it in (one_, other))
            assert closure.open_to(gained, address, address) == ports.less(now, was)
            assert closure.open_to(lost, address, address) == ports.less(was, now)
