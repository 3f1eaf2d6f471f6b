"""Connections that a change opens and closes, as a reviewer reads them: further cases."""

import pickle
from dataclasses import replace

import pytest
from hypothesis import given

from manifests.charts import COMPONENT
from review.analyses.reachability import ports
from review.meaning import closure, connections
from review.meaning.frame import Frame
from tests.review.guard.plans import adding, edited, made, obj, plan, without
from tests.review.meaning.connecting import (
    LOGIN_OUT,
    REDIS_IN,
    by_protocol,
    changes,
    differences,
    opened,
    said,
    said_back,
    signs,
    slowly,
)
from tests.review.meaning.estates import (
    EVERY_POD,
    SECRET,
    UNKNOWN,
    block,
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
)


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


def cache(*pods):
    """A chart in the namespace of the ingress controller, with what its settings say of its pods."""
    release = next(it for it in plan().resources if it.type.endswith(":Release"))
    above = made(COMPONENT, "cache", {"pods": [{"labels": it} for it in pods]})
    inputs = {**release.inputs, "chart": "oci://example/redis", "name": "cache"}
    return above, replace(release, urn=release.urn + "2", parent=above.urn, inputs=inputs)


def test_a_chart_is_isolated_where_all_of_its_pods_are():
    first = {"podSelector": {"matchLabels": {"number": "0"}}, "policyTypes": ["Ingress"]}
    kept = without(plan(), "ingress-default-deny", "ingress-allow-dns")
    pods = [{"app": "cache", "number": f"{number}"} for number in range(2)]
    head = adding(kept, *cache(*pods), policy("first", first, "nginx-ingress"))
    [end] = [it for it in connections.of_plan(head).ends if it.title == "nginx-ingress/cache"]
    assert end.isolated == (False, False)
    assert len(end.pods) == 2


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
    head = adding(plan(), *cache())

    assert not any("chart makes them" in it for it in connections.notes(plan()))
    (note,) = [it for it in connections.notes(head) if "chart makes them" in it]
    assert "nginx-ingress/cache" in note
    told_ = connections.of_plan(adding(plan(), *cache({"app": "cache"})))
    assert "nginx-ingress/cache" in {it.title for it in told_.ends}


def test_what_a_policy_that_is_gone_opens_is_told_with_that_policy():
    pods = [
        obj("v1", "Pod", name, {"spec": {"containers": []}}, "bare").inputs
        for name in ("one", "two")
    ]
    for pod in pods:
        pod["metadata"]["labels"] = {"app": pod["metadata"]["name"]}
    spec = {"podSelector": {"matchLabels": {"app": "two"}}, "policyTypes": ["Ingress"]}
    shut = policy("shut", spec, "bare").inputs

    found = facts(connections, plan_of(*pods), plan_of(*pods, shut))
    assert any(
        it.message.startswith("bare/one may now call bare/two on every port; opened by no policy")
        and it.message.endswith("which before was shut by NetworkPolicy bare/shut")
        for it in found
    )


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
