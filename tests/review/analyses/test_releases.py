"""What a review says of rollbacks and second versions, and that it counts the pods of both."""

import pytest

from review.analyses.pods import pods_of
from review.analyses.releases import release_findings
from review.plan import Plan, Resource
from settings.demand import pods_at_peak, pods_at_rest
from tests.manifests.samples import parts_of, stack, web

PIN = f"sha256:{'a' * 64}"
CANARY = {"strategy": "canary", "step": 2}


def plan(subject, **image):
    parts = parts_of(subject, images={"web": {"tag": "1.4.3", **image}})
    rows = [
        Resource(
            urn=role,
            type=f"kubernetes:{it.manifest['apiVersion']}:{it.manifest['kind']}",
            name=role,
            inputs=it.manifest,
        )
        for role, it in parts.items()
    ]
    return Plan(project="app", stack="dev", resources=tuple(rows), outputs={})


def told(*args, **image):
    return [str(it) for it in release_findings(plan(*args, **image))]


@pytest.mark.parametrize("kind", ["deployment", "statefulset", "daemonset", "job"])
def test_a_rollback_is_told_with_the_line_that_ends_it(kind):
    [found] = told(web(kind=kind), rollback="1.4.2")
    assert found.startswith("advisory: ")
    assert found.endswith(
        "shop/web: runs 1.4.2 instead of 1.4.3: images.web.rollback; remove the line to go forward again "
        "[rollback-active]"
    )


def test_what_runs_its_own_version_alone_is_not_told():
    assert told(web()) == []
    assert told(web(release=CANARY)) == []
    assert told(web(release={"strategy": "blueGreen"})) == []


def test_a_second_version_is_told_with_how_far_it_has_come():
    assert told(web(replicas=4, release=CANARY), tracks={"candidate": "1.5.0"}) == [
        "advisory: Deployment shop/web-candidate: canary step 2 of 4: 25 %, 1 of 4 pods [release-in-progress]"
    ]
    [found] = told(web(release={"strategy": "blueGreen"}), tracks={"green": "1.5.0"})
    assert "Deployment shop/web-green: blueGreen: green stands by, 1 pod " in found


def test_a_version_without_a_digest_beside_one_with_is_told():
    progress, found = told(web(release=CANARY), digest=PIN, tracks={"candidate": "1.5.0"})
    assert "release-in-progress" in progress
    assert found == (
        "advisory: Deployment shop/web-candidate: runs registry.example/team/web:1.5.0 by its tag, which can be moved; "
        "the other version has a digest: add one to images.*.tracks.candidate [version-unpinned]"
    )
    for tracks in ({"candidate": f"1.5.0@{PIN}"}, {}):
        assert not any(
            "unpinned" in it for it in told(web(release=CANARY), digest=PIN, tracks=tracks)
        )


@pytest.mark.parametrize("scale", [{"replicas": 8}, {"autoscale": {"min": 2, "max": 9, "cpu": 70}}])
@pytest.mark.parametrize(
    "release",
    [{"strategy": "canary", "step": it} for it in range(5)]
    + [{"strategy": "gray", "step": it} for it in range(5)]
    + [{"strategy": "blueGreen"}],
)
def test_pods_of_both_versions_are_counted_as_the_settings_count_them(release, scale):
    subject = web(release=release, **scale)
    second = {"candidate": "1.5.0"} if "step" in release else {"green": "1.5.0"}
    settings = stack(subject, images={"web": {"tag": "1.4.3", "tracks": second}})
    rows = pods_of(plan(subject, tracks=second))
    assert len(rows) == 1 + (release.get("step") != 0)
    assert sum(it.full for it in rows) == pods_at_rest(settings, subject)
    assert sum(it.peak for it in rows) == pods_at_peak(settings, subject)
