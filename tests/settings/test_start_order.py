"""In which order the containers of a pod start."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from settings.demand import Demand, one_pod
from settings.quantity import amount
from settings.start_order import cycle, start_order
from tests.manifests.samples import web

NAMES = tuple("abcdefg")


def with_before(**before):
    return web(containers={name: {"before": it} if it else {} for name, it in before.items()})


def order(**before):
    found = start_order(with_before(**before))
    return [name for name, _ in found.first], [name for name, _ in found.beside]


def test_what_others_wait_for_comes_first_and_the_rest_as_typed():
    assert order(z=None, m="started", a="complete", b=None) == (["m", "a"], ["z", "b"])


def test_who_waits_for_a_container_starts_after_it():
    assert order(a="complete", b={"a": "started"}) == (["b", "a"], [])
    assert order(a="complete", b="complete", c={"a": "healthy"}) == (["b", "c", "a"], [])


def test_waiting_for_one_that_starts_with_the_workloads_own_is_waiting_for_all():
    assert order(a="complete", b={"late": "started"}, late=None) == (["a", "b"], ["late"])


def test_a_circle_is_told_from_its_beginning_to_its_end():
    found = cycle(with_before(a={"b": "started"}, b={"c": "started"}, c={"a": "started"}))
    assert (len(found), found[0]) == (4, found[-1])
    pairs = set(itertools.pairwise(found))
    assert pairs == {("a", "b"), ("b", "c"), ("c", "a")}
    assert order(a={"b": "started"}, b={"a": "started"}) == (["a", "b"], [])


@st.composite
def acyclic(draw):
    """Containers in any typed order; each may stand before some that come later in the alphabet."""
    waits = {
        name: sorted(draw(st.sets(st.sampled_from([*NAMES[index + 1 :], "main"]))))
        for index, name in enumerate(NAMES)
    }
    typed = draw(st.permutations(NAMES))
    return {name: dict.fromkeys(waits[name], "started") for name in typed}


@given(acyclic())
def test_every_before_holds_and_the_same_file_gives_the_same_order(before):
    first, beside = order(**before)
    assert [*first, *beside] == [*dict.fromkeys([*first, *beside])]
    assert set(first) == {name for name, it in before.items() if it}
    turn = {name: index for index, name in enumerate([*first, *beside])}
    for name, others in before.items():
        assert all(turn[name] < turn[other] for other in others if other != "main")
    for one, two in itertools.pairwise(first):
        typed = [*before]
        # Only what waits for its turn lets a later typed one pass.
        assert typed.index(one) < typed.index(two) or any(
            two in before[it] for it in first[: turn[two]]
        )


def asks(cpu):
    return {"resources": {"requests": {"cpu": cpu}}}


def test_a_pod_asks_for_what_runs_together_or_for_its_largest_first_step():
    containers = {
        "proxy": {"before": "started", **asks("100m")},
        "migrate": {"before": "complete", **asks("2")},
        "log": asks("50m"),
    }
    subject = web(containers=containers, **asks("500m"))
    assert one_pod(subject, None) == Demand(1, amount("2100m"))
    small = web(containers=containers | {"migrate": {"before": "complete"}}, **asks("500m"))
    assert one_pod(small, None) == Demand(1, amount("650m"))
    late = {"migrate": containers["migrate"], "proxy": containers["proxy"]}
    assert one_pod(web(containers=late, **asks("500m")), None) == Demand(1, amount("2"))
