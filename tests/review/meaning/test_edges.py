"""The graph of connections: all of it while it can be drawn, and never more than that."""

from hypothesis import HealthCheck, given, settings

from review.analyses.reachability.selectors import bits
from review.meaning import connections
from review.meaning.edges import MOST
from review.meaning.ends import DNS
from tests.review.analyses.reachability.test_oracle import clusters
from tests.review.guard.plans import adding, edited, plan, without
from tests.review.meaning.estates import both_ways, plan_of, rule


def sides(before, after):
    return connections.of_plan(before), connections.of_plan(after)


def drawn(before, after, **fields):
    found = connections.edges(*sides(before, after))
    return [it for it in found if all(getattr(it, key) == value for key, value in fields.items())]


def test_all_of_the_head_is_drawn_and_what_did_not_change_says_so():
    found = drawn(plan(), plan())

    assert {it.sign for it in found} == {"same"}
    assert ("course/authentication", "course/redis", "TCP 6379") in {
        (it.source, it.target, it.ports) for it in found
    }
    assert connections.folded(*sides(plan(), plan())) == ""


def test_the_internet_is_one_end_and_a_block_another():
    found = drawn(plan(), plan(), source="course/authentication")

    assert {it.target for it in found} >= {"internet", "course/redis"}
    incoming = drawn(plan(), plan(), target="nginx-ingress/nginx-ingress")
    assert [(it.source, it.ports) for it in incoming] == [("every address", "TCP 80,443")]


def test_what_is_gained_and_lost_has_its_sign():
    head = adding(plan(), *both_ways("web", "redis", 6379))

    (edge,) = drawn(plan(), head, sign="gained")
    assert (edge.source, edge.target, edge.ports) == ("course/web", "course/redis", "TCP 6379")
    (edge,) = drawn(head, plan(), sign="lost")
    assert (edge.source, edge.target) == ("course/web", "course/redis")
    head = edited(
        plan(),
        "course-authentication-network-ingress",
        lambda it: it["spec"]["ingress"].append(rule(None, 9090)),
    )
    assert ("every address", "TCP 9090") in {
        (it.source, it.ports) for it in drawn(plan(), head, sign="gained")
    }


def test_the_clusters_dns_is_drawn_where_that_changed():
    assert drawn(plan(), plan(), target=DNS) == []
    assert len(drawn(plan(), without(plan(), "course-allow-dns"), target=DNS, sign="lost")) == 7
    assert drawn(plan(), adding(plan(), *both_ways("web", "redis", 6379)), target=DNS) == []


def many(count, namespaces):
    return plan_of(*(
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": f"w{number}", "namespace": f"n{number % namespaces}"},
            "spec": {"template": {"metadata": {"labels": {"n": str(number)}}, "spec": {}}},
        }
        for number in range(count)
    ))  # fmt: skip


def shut(count):
    return [
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": "deny", "namespace": f"n{number}"},
            "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
        }
        for number in range(count)
    ]


def test_an_open_network_of_hundreds_is_drawn_by_namespace_and_says_so():
    before = after = many(300, 10)

    found = drawn(before, after)
    assert len(found) <= MOST
    assert ("n0/*", "n1/*", "900 connections") in {(it.source, it.target, it.ports) for it in found}
    said = connections.folded(*sides(before, after))
    assert said == "graph: connections are drawn by namespace, for they are many: 90,300 that stay"
    assert said in connections.notes(after)


def test_a_network_that_is_opened_whole_is_drawn_by_namespace_too():
    open_ = many(300, 300)
    closed = plan_of(*(it.inputs for it in open_.resources), *shut(300))

    found = drawn(closed, open_)
    assert len(found) <= MOST
    assert "that are gained" in connections.folded(*sides(closed, open_))
    assert {it.sign for it in found} == {"gained"}
    assert {it.sign for it in drawn(open_, closed)} == {"lost"}


def test_what_stays_is_folded_first():
    open_ = many(44, 2)
    base = plan_of(*(it.inputs for it in open_.resources), *shut(1))

    found = drawn(base, open_)
    assert len(found) <= MOST
    assert "n1/*" in {it.source for it in found if it.sign == "same"}
    gained = [it for it in found if it.sign == "gained"]
    assert not any("*" in it.source for it in gained), (
        "what changed is told one by one as long as it can be"
    )


def test_of_many_namespaces_those_with_the_most_connections_are_drawn():
    """Of 305 workloads in 20 namespaces the first five have 16 and the others 15."""
    found = drawn(many(305, 20), many(305, 20))
    drawn_ = {(it.source, it.target) for it in found if it.ports == "256 connections"}

    assert drawn_ == {(f"n{a}/*", f"n{b}/*") for a in range(5) for b in range(5) if a != b}
    [rest] = [it for it in found if it.source == "other namespaces"]
    assert rest.target == "other namespaces"


def test_what_is_open_to_the_outside_still_is_drawn_beside_what_opened():
    where = "course-authentication-network-ingress"
    before, after = (
        edited(plan(), where, lambda it, more=more: it["spec"]["ingress"].extend(more))
        for more in ([rule(None, 9090)], [rule(None, 9090), rule(None, 9091)])
    )

    end = {"target": "course/authentication", "source": "every address"}
    assert [it.ports for it in drawn(before, after, sign="gained", **end)] == ["TCP 9091"]
    assert [it.ports for it in drawn(before, after, sign="same", **end)] == ["TCP 9090"]
    assert [it.ports for it in drawn(after, before, sign="lost", **end)] == ["TCP 9091"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(clusters(), clusters())
def test_edges_of_the_head_are_its_connections(before, after):
    old, new = sides(plan_of(*before), plan_of(*after))
    titles = [it.title for it in new.ends]

    found = {
        (it.source, it.target)
        for it in connections.edges(old, new)
        if it.sign != "lost" and {it.source, it.target} <= {*titles}
    }
    expected = {
        (titles[at], titles[to])
        for at, row in enumerate(new.rows)
        for _, there in row
        for to in bits(there)
        if to != at and titles[at] != DNS
    }
    assert {it for it in found if it[1] != DNS} == {it for it in expected if it[1] != DNS}
