"""Which ends there are: every kind that has pods, and owners for what they own."""

import pytest

from tests.review.analyses.reachability.cluster import EVERYTHING, allowed, pod, policy, taken

TEMPLATE = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "c"}]}}
KINDS = {
    "Deployment": ("apps/v1", {"template": TEMPLATE}),
    "StatefulSet": ("apps/v1", {"template": TEMPLATE}),
    "DaemonSet": ("apps/v1", {"template": TEMPLATE}),
    "ReplicaSet": ("apps/v1", {"template": TEMPLATE}),
    "Job": ("batch/v1", {"template": TEMPLATE}),
    "CronJob": ("batch/v1", {"jobTemplate": {"spec": {"template": TEMPLATE}}}),
    "ReplicationController": ("v1", {"template": TEMPLATE}),
}


def made(kind, name="x", namespace="a", owner=None, labels=None, **changes):
    """A workload of a kind; a pod with these labels where the kind is Pod."""
    if kind == "Pod":
        found = pod(name, namespace, labels)
    else:
        version, spec = KINDS[kind]
        if labels is not None:
            spec = {"template": {**TEMPLATE, "metadata": {"labels": labels}}}
        found = {
            "apiVersion": version,
            "kind": kind,
            "metadata": {"name": name, "namespace": namespace},
            "spec": {**spec, **changes},
        }
    if owner:
        kind, name = owner
        found["metadata"]["ownerReferences"] = [
            {"kind": "Job", "name": "no controller of it"},
            {"kind": kind, "name": name, "controller": True},
        ]
    return found


def names(*manifests):
    found = taken(*manifests)
    assert found.faults == []
    return [str(it.key) for it in found.workloads]


@pytest.mark.parametrize("kind", KINDS)
def test_the_labels_of_a_workload_are_those_of_its_pods(kind):
    found = allowed(
        made(kind), pod("db"), policy("podSelector: {matchLabels: {app: x}}\ningress: []")
    )

    assert found[(f"x[{kind}]", "db")] == EVERYTHING
    assert ("db", f"x[{kind}]") not in found


def test_no_namespace_means_default():
    manifest = made("Deployment")
    del manifest["metadata"]["namespace"]

    assert names(manifest) == ["default/x[Deployment]"]


def test_a_pod_stands_for_its_owner_and_that_one_for_its_own():
    assert names(
        made("Deployment", "web"),
        made("ReplicaSet", "web-1", owner=("Deployment", "web")),
        made("Pod", "web-1-a", owner=("ReplicaSet", "web-1")),
        made("CronJob", "sync"),
        made("Job", "sync-1", owner=("CronJob", "sync")),
        made("Pod", "sync-1-a", owner=("Job", "sync-1")),
    ) == ["a/sync[CronJob]", "a/web[Deployment]"]


def test_an_owner_that_was_not_given_stands_by_its_name():
    assert names(made("Pod", "p1", owner=("StatefulSet", "db"))) == ["a/db[StatefulSet]"]


def test_two_pods_of_one_owner_are_one_end_and_do_not_connect():
    pods = [made("Pod", name, owner=("StatefulSet", "db")) for name in ("db-0", "db-1")]

    assert not any(source == target for source, target in allowed(*pods))
    assert names(*pods) == ["a/db[StatefulSet]"]


def test_a_replica_set_that_was_not_given_leads_to_its_deployment_by_the_hash():
    hashed = made(
        "Pod",
        "web-5d8-a",
        owner=("ReplicaSet", "web-5d8"),
        labels={"app": "x", "pod-template-hash": "5d8"},
    )

    assert names(made("Deployment", "web"), hashed) == ["a/web[Deployment]"]
    assert names(hashed) == ["a/web-5d8[ReplicaSet]"]


def test_the_pod_of_a_node_stands_for_itself():
    assert names(made("Pod", "proxy", owner=("Node", "node-1"))) == ["a/proxy[Pod]"]


def test_owners_in_a_circle_end():
    assert len(
        names(
            made("Job", "one", owner=("Job", "two")),
            made("Job", "two", owner=("Job", "one")),
        )
    )


def test_pods_speak_for_their_workload_and_it_is_open_where_any_of_them_is():
    """A policy that names one replica leaves the others as they were."""
    replicas = [
        made(
            "Pod", f"db-{it}", owner=("StatefulSet", "db"), labels={"app": "x", "replica": str(it)}
        )
        for it in (0, 1)
    ]
    shut = "podSelector: {matchLabels: {replica: '%s'}}\ningress: []"
    whole = made("StatefulSet", "db"), pod("web"), *replicas

    assert ("web", "db[StatefulSet]") in allowed(*whole, policy(shut % 0))
    assert ("web", "db[StatefulSet]") not in allowed(
        *whole, policy(shut % 0, "one"), policy(shut % 1, "two")
    ), "the template adds no third pod"


def test_a_template_with_other_labels_than_the_pods_counts_as_in_a_rollout():
    old = made("Pod", "web-1", owner=("Deployment", "web"), labels={"app": "x", "version": "1"})
    new = made("Deployment", "web", labels={"app": "x", "version": "2"})
    only_old = policy("podSelector: {matchLabels: {version: '1'}}\ningress: []")

    assert ("db", "web[Deployment]") in allowed(old, new, pod("db"), only_old)


def test_a_replica_set_that_is_scaled_to_nothing_says_nothing():
    old = made(
        "ReplicaSet",
        "web-1",
        owner=("Deployment", "web"),
        labels={"app": "x", "version": "1"},
        replicas=0,
    )
    new = made("Deployment", "web", labels={"app": "x", "version": "2"})
    only_new = policy("podSelector: {matchLabels: {version: '2'}}\ningress: []")

    assert ("db", "web[Deployment]") not in allowed(old, new, pod("db"), only_new)


def test_a_name_that_is_not_known_yet_is_what_is_known_of_it():
    manifest = made("Job")
    manifest["metadata"] = {"generateName": "migrate-", "namespace": "a"}

    assert names(manifest) == ["a/migrate-[Job]"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"metadata": {}}, "metadata.name: must be text; got 'nothing'"),
        ({"metadata": {"name": 5}}, "metadata.name: must be text; got 5"),
        ({"metadata": []}, "metadata: must be a map; got a list"),
        ({"spec": "x"}, "spec: must be a map; got 'x'"),
        (
            {"spec": {"template": {"metadata": {"labels": {"on": True}}}}},
            "labels.on: must be text; got true",
        ),
        (
            {"spec": {"template": {"spec": {"containers": [{"ports": [{"name": "h"}]}]}}}},
            "containerPort must be 1 to 65535",
        ),
    ],
)
def test_a_workload_that_the_api_server_would_refuse_is_named_and_left_out(change, says):
    found = taken({**made("Deployment"), **change}, pod("web"))

    assert [str(it.key) for it in found.workloads] == ["a/web[Pod]"]
    assert says in str(found.faults[0])
