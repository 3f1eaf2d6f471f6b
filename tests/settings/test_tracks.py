"""How many pods of each version there are at every step, and who serves."""

from dataclasses import astuple
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.demand import extra_pods, pods_at_peak, pods_at_rest
from settings.stack import Image
from settings.standing import standing
from settings.tracks import beside, running, share_of, taken, tracks
from settings.workload import Workload
from tests.manifests.samples import stack, web

STEPS = st.lists(st.integers(1, 99), max_size=6, unique=True).map(sorted).map(lambda it: [*it, 100])
GRAY_STEPS = (
    st.lists(st.integers(1, 50), max_size=6, unique=True).map(sorted).map(lambda it: [*it, 100])
)
SCALES = st.one_of(
    st.integers(1, 60).map(lambda it: {"replicas": it}),
    st.tuples(st.integers(1, 60), st.integers(0, 60)).map(
        lambda it: {"autoscale": {"min": it[0], "max": it[0] + it[1], "cpu": 70}}
    ),
)


def released(strategy, scale, **release):
    return web(release={"strategy": strategy, **release}, **scale)


def at(strategy, scale, steps, step):
    return tracks(released(strategy, scale, steps=steps, step=step))


@given(st.sampled_from(["canary", "gray"]), SCALES, st.data())
def test_at_every_step_pods_serve_and_the_top_of_the_scale_is_not_below_its_bottom(
    strategy, scale, data
):
    steps = data.draw(GRAY_STEPS if strategy == "gray" else STEPS)
    for step in range(len(steps) + 1):
        runs = at(strategy, scale, steps, step)
        assert sum(it.fewest for it in runs if it.serves) >= 1
        assert all(0 <= it.fewest <= it.most for it in runs)
        assert all(it.fewest >= 1 for it in runs if it.serves)


@given(SCALES, STEPS)
def test_a_canary_takes_its_pods_from_the_stable_ones(scale, steps):
    whole = released("canary", scale)
    for step in range(len(steps) + 1):
        runs = at("canary", scale, steps, step)
        for bound in ("fewest", "most"):
            all_pods = getattr(whole, f"{bound}_replicas")
            beside_one = all_pods == 1 and 0 < step < len(steps)
            assert sum(getattr(it, bound) for it in runs) == all_pods + beside_one


@given(SCALES, GRAY_STEPS)
def test_gray_leaves_the_stable_pods_alone_and_never_has_more_candidates_than_those(scale, steps):
    whole = released("gray", scale)
    for step in range(len(steps) + 1):
        stable, *second = at("gray", scale, steps, step)
        assert (stable.fewest, stable.most) == (whole.fewest_replicas, whole.most_replicas)
        assert all(it.fewest <= stable.fewest and it.most <= stable.most for it in second)


@given(st.sampled_from(["canary", "gray"]), SCALES, st.data())
def test_a_step_forward_never_takes_pods_from_the_candidate_or_gives_some_to_the_stable(
    strategy, scale, data
):
    steps = data.draw(GRAY_STEPS if strategy == "gray" else STEPS)
    shares = []
    for step in range(1, len(steps) + 1):
        stable, candidate = at(strategy, scale, steps, step)
        shares.append((candidate.fewest, candidate.most, -stable.fewest, -stable.most))
    for before, after in pairwise(shares):
        assert all(a <= b for a, b in zip(before, after, strict=True))


@given(SCALES, STEPS)
def test_at_100_percent_a_canary_leaves_no_stable_pod_and_gray_none_that_serves(scale, steps):
    stable, candidate = at("canary", scale, steps, len(steps))
    assert (stable.fewest, stable.most, stable.serves, stable.scales) == (0, 0, False, False)
    assert candidate.serves
    stable, candidate = at("gray", scale, [100], 1)
    assert stable.fewest == candidate.fewest >= 1
    assert (stable.serves, candidate.serves) == (False, True)


@pytest.mark.parametrize(
    ("replicas", "share", "candidate", "stable"),
    [(1, 5, 1, 1), (2, 5, 1, 1), (3, 5, 1, 2), (3, 99, 2, 1), (4, 25, 1, 3), (10, 25, 3, 7), (10, 5, 1, 9),
     (20, 5, 1, 19), (30, 5, 2, 28), (7, 50, 4, 3), (2, 100, 2, 0), (0, 50, 0, 0), (0, 100, 0, 0)],
)  # fmt: skip
def test_a_share_is_rounded_to_whole_pods_the_half_up_at_least_one_and_at_most_all_but_one(
    replicas, share, candidate, stable
):
    runs = at("canary", {"replicas": replicas}, sorted({share, 100}), 1)
    assert [it.fewest for it in runs] == [stable, candidate]


@pytest.mark.parametrize(
    ("replicas", "share", "candidates"),
    [(3, 25, 1), (4, 25, 2), (9, 10, 1), (10, 10, 2), (19, 5, 1), (20, 5, 2), (4, 50, 4), (1, 1, 1), (0, 5, 0)],
)  # fmt: skip
def test_gray_adds_as_many_candidates_as_give_at_least_the_share(replicas, share, candidates):
    assert beside(replicas, share) == candidates
    if replicas:
        assert 100 * candidates >= share * (replicas + candidates)


@given(st.integers(2, 200), st.integers(1, 99))
def test_a_share_of_a_canary_is_off_by_half_a_pod_at_most_except_where_a_pod_is_the_least(
    replicas, share
):
    exact = replicas * share / 100
    if 1 <= exact <= replicas - 1:
        assert abs(taken(replicas, share) - exact) <= 0.5


@pytest.mark.parametrize(("step", "share"), [(0, 0), (1, 5), (2, 25), (3, 50), (4, 100), (9, 100)])
def test_the_step_counts_from_one_and_none_is_beyond_the_last(step, share):
    assert share_of(web(release={"strategy": "canary", "step": step}).release) == share


@pytest.mark.parametrize("active", ["blue", "green"])
def test_blue_and_green_both_run_whole_and_the_active_one_serves(active):
    blue, green = tracks(released("blueGreen", {"replicas": 3}, active=active))
    assert astuple(blue) == ("blue", "", 3, 3, active == "blue")
    assert astuple(green) == ("green", "green", 3, 3, active == "green")
    [alone] = tracks(released("blueGreen", {"replicas": 3}), second=False)
    assert alone == tracks(released("blueGreen", {"replicas": 3}))[0]


@pytest.mark.parametrize("kind", ["statefulset", "daemonset", "job"])
def test_what_is_no_deployment_has_one_version_whatever_its_release_says(kind):
    subject = Workload.model_construct(
        **{**web().__dict__, "kind": kind, "release": web(release="canary").release}
    )
    assert [it.name for it in tracks(subject)] == ["stable"]


def test_a_second_version_runs_only_where_the_stack_names_it():
    def runs(subject, **tracks):
        settings = stack(subject, images={"web": {"tag": "1.4.3", "tracks": tracks}})
        return [it.name for it in running(settings, subject)]

    canary = released("canary", {"replicas": 4}, step=2)
    assert runs(canary) == ["stable"]
    assert runs(canary, candidate="1.5.0") == ["stable", "candidate"]
    assert runs(released("canary", {}), candidate="1.5.0") == ["stable"]
    assert runs(released("blueGreen", {})) == runs(released("blueGreen", {}), blue="1") == ["blue"]
    assert runs(released("blueGreen", {}), green="1.5.0") == ["blue", "green"]
    assert runs(web(), candidate="1.5.0") == ["stable"]


def test_each_version_has_its_own_else_the_rollback_else_the_tag():
    image = Image.model_validate({"tag": "2", "tracks": {"candidate": "3@sha256:" + "a" * 64}})
    assert (image.version().tag, image.version("blue").tag) == ("2", "2")
    assert image.version("candidate").digest == "sha256:" + "a" * 64
    back = image.model_copy(update={"rollback": Image(tag="1")})
    assert [back.version(it).tag for it in ("stable", "blue", "candidate")] == ["1", "1", "3"]


@pytest.mark.parametrize("surge", [1, "25%"])
@pytest.mark.parametrize(
    ("release", "most"),
    [({"strategy": "canary", "step": 2}, (6, 2)), ({"strategy": "gray", "step": 2}, (8, 3)),
     ({"strategy": "gray", "step": 3}, (8, 8)), ({"strategy": "blueGreen"}, (8, 8)), ({"strategy": "canary"}, (8,))],
)  # fmt: skip
def test_all_versions_count_at_rest_and_each_with_its_own_surge_at_the_peak(release, most, surge):
    subject = web(replicas=8, release=release, rollout={"maxSurge": surge})
    second = {"green" if release["strategy"] == "blueGreen" else "candidate": "1.5.0"}
    settings = stack(subject, images={"web": {"tag": "1.4.3", "tracks": second}})
    assert pods_at_rest(settings, subject) == sum(most)
    assert pods_at_peak(settings, subject) == sum(it + extra_pods(surge, it) for it in most)


@pytest.mark.parametrize(
    ("release", "scale", "said"),
    [({"strategy": "canary", "step": 2}, {"replicas": 4},
      ["canary step 2 of 4: 75 %, 3 of 4 pods", "canary step 2 of 4: 25 %, 1 of 4 pods"]),
     ({"strategy": "canary", "step": 4}, {"replicas": 4},
      ["canary step 4 of 4: 0 %, 0 pods standing by", "canary step 4 of 4: 100 %, 4 of 4 pods"]),
     ({"strategy": "canary", "step": 1, "by": "requests"}, {"autoscale": {"min": 2, "max": 40, "cpu": 70}},
      ["canary step 1 of 4: 95 % of requests, 1 to 38 of 2 to 40 pods",
       "canary step 1 of 4: 5 % of requests, 1 to 2 of 2 to 40 pods"]),
     ({"strategy": "gray", "step": 4}, {"replicas": 2},
      ["gray step 4 of 4: 0 %, 2 pods standing by", "gray step 4 of 4: 100 %, 2 of 2 pods"]),
     ({"strategy": "blueGreen", "active": "green"}, {"replicas": 2},
      ["blueGreen: blue stands by, 2 pods", "blueGreen: green gets all requests, 2 pods"])],
)  # fmt: skip
def test_a_line_says_how_far_each_version_has_come(release, scale, said):
    subject = web(release=release, **scale)
    runs = tracks(subject)
    assert [standing(subject, it, runs) for it in runs] == said
