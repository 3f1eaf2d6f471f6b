"""Where `pulumi up` waits, and where it is told not to."""

import pytest

from manifests import estate
from manifests.awaiting import AWAITED
from tests.manifests.samples import groups, shipped, stack, values, web

SKIP = "pulumi.com/skipAwait"


def objects(found):
    return [part.manifest for group in found for part in group.parts]


def test_a_cluster_where_nothing_sets_a_status_is_never_waited_for():
    waiting = [it["kind"] for it in objects(groups("local")) if it["kind"] in AWAITED]
    skipping = [
        it["kind"]
        for it in objects(groups("local"))
        if SKIP in it["metadata"].get("annotations", {})
    ]
    assert sorted(waiting) == sorted(skipping)
    assert {
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "Job",
        "Service",
        "Ingress",
        "ResourceQuota",
    } == set(skipping)


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_any_other_cluster_is_waited_for(name):
    assert [
        it for it in objects(groups(name)) if SKIP in it["metadata"].get("annotations", {})
    ] == []


def test_an_annotation_that_was_there_stays():
    subject = web(kind="job", job={"activeDeadlineSeconds": 60})
    settings = stack(subject, skipAwait=True)
    [job] = [it for it in objects(estate.groups(settings, values(settings))) if it["kind"] == "Job"]
    assert job["metadata"]["annotations"] == {SKIP: "true", "pulumi.com/timeoutSeconds": "120"}


def test_claims_and_the_ingress_are_among_the_awaited():
    subject = web(
        volumes={"data": {"mountPath": "/data", "disk": {"size": "1Gi"}}},
        routes=[{"host": "public"}],
    )
    settings = stack(subject, skipAwait=True)
    skipping = {
        it["kind"]
        for it in objects(estate.groups(settings, values(settings)))
        if SKIP in it["metadata"].get("annotations", {})
    }
    assert {"PersistentVolumeClaim", "Ingress"} <= skipping


def test_kinds_that_the_provider_does_not_wait_for_are_left_alone():
    kinds = {it["kind"] for it in objects(groups("local"))} - AWAITED
    assert {"Namespace", "ConfigMap", "CronJob", "NetworkPolicy", "Secret"} <= kinds
    assert shipped("local").skip_await
