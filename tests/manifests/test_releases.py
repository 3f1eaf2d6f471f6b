"""Two versions of a workload as plain objects: a Deployment each, one Service, and what tells them apart."""

import pytest

from manifests import connections, labels, workload
from manifests.releases import RELEASE, ROLLBACK
from settings.tracks import tracks
from tests.manifests.samples import controller_of, parts_of, stack, values, web
from tests.manifests.schema import faults

VERSIONS = {"candidate": "1.5.0", "green": "1.5.0"}
NAME, INSTANCE, VERSION = (f"app.kubernetes.io/{it}" for it in ("name", "instance", "version"))
BOTH = {NAME: "web"}
FIRST = {NAME: "web", INSTANCE: "shop-web"}
RELEASES = (
    ("canary", {"step": 2}, "candidate"),
    ("canary", {"step": 4}, "candidate"),
    ("gray", {"step": 2}, "candidate"),
    ("gray", {"step": 4}, "candidate"),
    ("blueGreen", {}, "green"),
    ("blueGreen", {"active": "green"}, "green"),
)
SCRATCH = {"tmp": {"mountPath": "/tmp", "emptyDir": {"sizeLimit": "64Mi"}}}


def released(strategy, release=(), **changes):
    size = {} if "autoscale" in changes else {"replicas": 4}
    return web(release={"strategy": strategy, **dict(release)}, **size, **changes)


def images(**more):
    return {"images": {"web": {"tag": "1.4.3", "tracks": VERSIONS, **more}}}


def both(subject, **more):
    return parts_of(subject, **images(**more))


@pytest.mark.parametrize(("strategy", "release", "second"), RELEASES)
def test_each_version_is_a_deployment_of_its_own_with_its_own_pods_image_and_version(
    strategy, release, second
):
    found = both(released(strategy, release))
    first, other = (found[role].manifest for role in ("deployment", f"deployment-{second}"))
    for manifest, name, version in ((first, "web", "1.4.3"), (other, f"web-{second}", "1.5.0")):
        template = manifest["spec"]["template"]
        assert manifest["metadata"]["name"] == name
        assert manifest["spec"]["selector"]["matchLabels"] == {
            NAME: "web",
            INSTANCE: f"shop-{name}",
        }
        assert (
            manifest["spec"]["selector"]["matchLabels"].items()
            <= template["metadata"]["labels"].items()
        )
        assert (
            manifest["metadata"]["labels"][VERSION]
            == template["metadata"]["labels"][VERSION]
            == version
        )
        assert template["spec"]["containers"][0]["image"] == f"registry.example/team/web:{version}"
        assert faults(manifest) == []
    assert labels.TRACK not in first["spec"]["template"]["metadata"]["labels"]
    assert other["metadata"]["labels"][labels.TRACK] == second
    assert other["spec"]["template"]["metadata"]["labels"][labels.TRACK] == second


@pytest.mark.parametrize(("strategy", "release", "_second"), RELEASES)
def test_taking_up_a_strategy_changes_nothing_about_the_running_pods(strategy, release, _second):
    before = both(web(replicas=4))["deployment"].manifest
    after = both(released(strategy, release))["deployment"].manifest
    assert after["spec"]["template"] == before["spec"]["template"]
    assert after["spec"]["selector"] == before["spec"]["selector"]
    assert after["metadata"]["labels"] == before["metadata"]["labels"]


@pytest.mark.parametrize(
    ("strategy", "release", "selected"),
    [("canary", {}, BOTH), ("canary", {"step": 1}, BOTH), ("canary", {"step": 4}, BOTH), ("gray", {"step": 3}, BOTH),
     ("gray", {"step": 4}, {NAME: "web", INSTANCE: "shop-web-candidate"}), ("blueGreen", {}, FIRST),
     ("blueGreen", {"active": "green"}, {NAME: "web", INSTANCE: "shop-web-green"}), ("rolling", {}, FIRST),
     ("recreate", {}, FIRST)],
)  # fmt: skip
def test_the_service_selects_the_pods_of_the_versions_that_serve(strategy, release, selected):
    found = both(released(strategy, release))
    assert found["service"].manifest["spec"]["selector"] == selected
    for track in tracks(released(strategy, release)):
        role = track.of("deployment")
        if track.most:
            pods = found[role].manifest["spec"]["template"]["metadata"]["labels"]
            assert (selected.items() <= pods.items()) == track.serves, role


@pytest.mark.parametrize(("strategy", "release", "second"), RELEASES)
def test_a_policy_means_the_pods_of_both_versions_at_every_step(strategy, release, second):
    subject = released(strategy, release, uses=["web"])
    found = both(subject)
    pods = [
        found[role].manifest["spec"]["template"]["metadata"]["labels"]
        for role in ("deployment", f"deployment-{second}")
    ]
    for direction in ("egress", "ingress"):
        policy = found[f"network-{direction}"].manifest["spec"]
        chosen = policy["podSelector"]["matchLabels"]
        [peer] = [
            it["podSelector"]["matchLabels"]
            for rule in policy[direction]
            for it in rule["to" if direction == "egress" else "from"]
        ]
        assert all(chosen.items() <= it.items() and peer.items() <= it.items() for it in pods)
        assert chosen == labels.pods_of_all_tracks(released(strategy)) == BOTH


@pytest.mark.parametrize(("strategy", "release", "second"), RELEASES)
def test_the_service_goes_over_when_the_pods_of_both_versions_are_available(
    strategy, release, second
):
    found = both(released(strategy, release))
    roles = ["deployment", f"deployment-{second}"]
    waits = strategy != "canary"
    assert found["service"].after == (tuple(roles) if waits else ())
    order = [role for role in found if role in ("service", *roles)]
    assert order.index("service") == (2 if waits else 0)


def by_requests(strategy, step):
    routes = [{"host": "public", "path": "/"}]
    subject = released(strategy, {"step": step, "by": "requests"}, routes=routes)
    ingress = {
        "pool": "wg1",
        "routing": "VirtualServer",
        "hosts": {"public": "shop.example"},
        "tls": {"secretName": "t"},
    }
    return parts_of(subject, **images(), ingress=ingress)


def test_stable_pods_go_when_the_service_sends_all_requests_to_the_candidate():
    found = by_requests("canary", 4)
    assert found["service"].after == ("deployment-candidate",)
    assert found["deployment"].after[-2:] == ("deployment-candidate", "service")
    order = [role for role in found if role in ("service", "deployment", "deployment-candidate")]
    assert order == ["deployment-candidate", "service", "deployment"]


@pytest.mark.parametrize(("strategy", "step"), [("canary", 2), ("gray", 2), ("gray", 4)])
def test_a_share_of_the_requests_goes_to_pods_that_are_available(strategy, step):
    found = by_requests(strategy, step)
    roles = {"deployment", "deployment-candidate"}
    assert roles <= {*found["route-public"].after}
    assert roles <= {*found["service"].after}
    assert roles.isdisjoint(
        parts_of(web(routes=[{"host": "public", "path": "/"}]))["route-public"].after
    )


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_stable_pods_go_when_a_candidate_that_gets_all_requests_is_available(step):
    found = both(released("canary", {"step": step}))
    roles = [role for role in found if role.startswith("deployment")]
    assert ("deployment-candidate" in found["deployment"].after) == (step == 4)
    assert (roles == ["deployment-candidate", "deployment"]) == (step == 4)
    assert "deployment" not in found["deployment-candidate"].after


def test_the_service_of_one_version_waits_for_nothing():
    for strategy in ("rolling", "recreate", "canary"):
        assert parts_of(released(strategy))["service"].after == ()


def test_pods_of_the_second_version_wait_for_all_that_those_of_the_first_wait_for():
    found = both(released("canary", {"step": 1}, config={"env": {"A": "1"}}, uses=["internet"]))
    assert found["deployment-candidate"].after == found["deployment"].after != ()


@pytest.mark.parametrize(
    ("step", "stable", "candidate"), [(0, 4, None), (1, 3, 1), (2, 3, 1), (3, 2, 2), (4, 0, 4)]
)
def test_a_canary_takes_its_pods_from_the_stable_ones(step, stable, candidate):
    found = both(released("canary", {"step": step}))
    assert found["deployment"].manifest["spec"]["replicas"] == stable
    second = found.get("deployment-candidate")
    assert (second.manifest["spec"]["replicas"] if second else None) == candidate


def test_each_version_has_an_autoscaler_and_a_budget_within_its_share():
    subject = released("canary", {"step": 3}, autoscale={"min": 4, "max": 10, "cpu": 70})
    found = both(subject)
    for ending in ("", "-candidate"):
        assert "replicas" not in found[f"deployment{ending}"].manifest["spec"]
        scaler = found[f"autoscaler{ending}"].manifest
        assert scaler["spec"]["scaleTargetRef"]["name"] == f"web{ending}"
        assert (scaler["spec"]["minReplicas"], scaler["spec"]["maxReplicas"]) == (2, 5)
        budget = found[f"disruption-budget{ending}"].manifest["spec"]
        selector = found[f"deployment{ending}"].manifest["spec"]["selector"]
        assert budget["selector"] == selector


def test_a_version_that_has_come_to_no_pod_has_no_autoscaler_and_says_so():
    subject = released("canary", {"step": 4}, autoscale={"min": 4, "max": 10, "cpu": 70})
    found = both(subject)
    stable, candidate = (found[it].manifest for it in ("deployment", "deployment-candidate"))
    assert stable["spec"]["replicas"] == 0
    assert "autoscaler" not in found
    assert "replicas" not in candidate["spec"]


def test_each_deployment_of_two_says_how_far_the_release_has_come():
    found = both(released("canary", {"step": 2}))
    said = [
        found[role].manifest["metadata"]["annotations"][RELEASE]
        for role in ("deployment", "deployment-candidate")
    ]
    assert said == [
        "canary step 2 of 4: 75 %, 3 of 4 pods",
        "canary step 2 of 4: 25 %, 1 of 4 pods",
    ]
    for alone in (web(), released("canary"), released("rolling")):
        assert "annotations" not in both(alone)["deployment"].manifest["metadata"]


def test_a_rollback_is_the_image_and_the_label_of_the_stable_pods_and_is_told():
    plain = both(released("canary", {"step": 2}))
    back = both(released("canary", {"step": 2}), rollback="1.4.2")
    deployment = back["deployment"].manifest
    assert deployment["metadata"]["annotations"][ROLLBACK] == "web: 1.4.2 instead of 1.4.3"
    pods = deployment["spec"]["template"]
    assert pods["spec"]["containers"][0]["image"] == "registry.example/team/web:1.4.2"
    assert pods["metadata"]["labels"][VERSION] == "1.4.2"
    assert back["deployment-candidate"] == plain["deployment-candidate"]
    assert "annotations" not in parts_of(web())["deployment"].manifest["metadata"]


def test_a_rollback_of_a_digest_without_one_is_told():
    pinned = {"digest": f"sha256:{'a' * 64}"}
    said = both(web(), rollback="1.4.2", **pinned)["deployment"].manifest["metadata"]["annotations"]
    assert said[ROLLBACK] == "web: 1.4.2 without a digest instead of 1.4.3"
    said = both(web(), rollback={"tag": "1.4.3", "digest": f"sha256:{'b' * 64}"}, **pinned)
    assert said["deployment"].manifest["metadata"]["annotations"][ROLLBACK] == (
        "web: 1.4.3@sha256:bbbbbbbbbbbb instead of 1.4.3@sha256:aaaaaaaaaaaa"
    )


def test_a_rollback_is_told_of_every_image_of_the_pods():
    subject = web(containers={"proxy": {"image": "registry.example/proxy", "command": ["run"]}})
    given = {"web": {"tag": "1.4.3"}, "proxy": {"tag": "2.0.0", "rollback": "1.9.0"}}
    annotations = controller_of(subject, images=given)["metadata"]["annotations"]
    assert annotations[ROLLBACK] == "proxy: 1.9.0 instead of 2.0.0"


def test_versions_of_an_image_are_for_the_workloads_with_the_strategy_alone():
    canary = released("canary", {"step": 1})
    other = web(name="other")
    settings = stack(canary, other, **images())
    graph = connections.graph(settings)
    roles = [it.role for it in workload.parts(settings, other, values(settings), graph)]
    assert not [it for it in roles if "candidate" in it]
    assert (
        both(other)["deployment"]
        .manifest["spec"]["template"]["spec"]["containers"][0]["image"]
        .endswith(":1.4.3")
    )


@pytest.mark.parametrize(("strategy", "release", "_second"), RELEASES)
def test_both_versions_mount_and_read_the_same(strategy, release, _second):
    subject = released(strategy, release, config={"env": {"A": "1"}}, volumes=SCRATCH)
    specs = [
        it.manifest["spec"]["template"]["spec"]
        for it in both(subject).values()
        if it.manifest["kind"] == "Deployment"
    ]
    assert len(specs) == 2
    assert specs[0]["volumes"] == specs[1]["volumes"]
    assert specs[0]["serviceAccountName"] == specs[1]["serviceAccountName"] == "web"
