"""The pod template, field by field."""

import pytest

from tests.manifests.samples import of_kind, pod_of, template_of, web

DIGEST = "sha256:" + "ab" * 32


def container_of(**changes):
    [container] = pod_of(web(**changes))["containers"]
    return container


def test_an_image_is_repository_and_tag_of_the_stack():
    assert container_of()["image"] == "registry.example/team/web:1.4.3"


def test_a_digest_decides_and_the_tag_stays_readable():
    [container] = pod_of(web(), images={"web": {"tag": "1.4.3", "digest": DIGEST}})["containers"]
    assert container["image"] == f"registry.example/team/web:1.4.3@{DIGEST}"


def test_a_pod_is_bound_to_its_pool():
    assert pod_of(web())["nodeSelector"] == {"agentpool": "wg1"}


def test_a_cluster_without_pool_labels_binds_no_pod():
    assert "nodeSelector" not in pod_of(web(), nodeSelectors=False)


def test_a_daemonset_without_a_pool_runs_on_every_node():
    assert "nodeSelector" not in pod_of(of_kind("daemonset", pool=None))


def test_tolerations_are_passed_on_without_what_is_unset():
    subject = of_kind(
        "daemonset",
        tolerations=[{"operator": "Exists"}, {"key": "a", "operator": "Equal", "value": "b"}],
    )
    assert pod_of(subject)["tolerations"] == [
        {"operator": "Exists"},
        {"key": "a", "operator": "Equal", "value": "b"},
    ]


def test_replicas_keep_apart_over_zones_and_nodes_and_ignore_the_old_revision():
    zone, node = pod_of(web(replicas=2))["topologySpreadConstraints"]
    assert zone["topologyKey"] == "topology.kubernetes.io/zone"
    assert node["topologyKey"] == "kubernetes.io/hostname"
    for rule in (zone, node):
        assert rule["whenUnsatisfiable"] == "ScheduleAnyway"
        assert rule["matchLabelKeys"] == ["pod-template-hash"]
        assert (
            rule["labelSelector"]["matchLabels"].items()
            <= template_of(web())["metadata"]["labels"].items()
        )


def test_a_statefulset_has_no_template_hash_to_tell_revisions_by():
    for rule in pod_of(of_kind("statefulset", replicas=2))["topologySpreadConstraints"]:
        assert "matchLabelKeys" not in rule


@pytest.mark.parametrize(
    "subject",
    [
        web(replicas=1),
        web(replicas=0),
        of_kind("daemonset"),
        of_kind("job", job={"completions": 3, "parallelism": 3}),
    ],
    ids=["one replica", "none", "daemonset", "job"],
)
def test_what_has_no_second_replica_is_not_spread(subject):
    assert "topologySpreadConstraints" not in pod_of(subject)


def test_an_autoscaled_workload_is_spread_by_its_most_replicas():
    assert len(pod_of(web(autoscale={"min": 1, "max": 2}))["topologySpreadConstraints"]) == 2


def test_a_spread_can_be_strict_or_switched_off():
    [zone] = pod_of(web(replicas=2, spread={"zones": "DoNotSchedule", "nodes": None}))[
        "topologySpreadConstraints"
    ]
    assert zone["whenUnsatisfiable"] == "DoNotSchedule"
    assert zone["nodeTaintsPolicy"] == "Honor"


def test_environment_comes_from_the_pod_and_from_its_config_map():
    container = container_of(env={"MODE": "a"}, config={"env": {"LEVEL": "info"}})
    assert container["env"] == [{"name": "MODE", "value": "a"}]
    [source] = container["envFrom"]
    assert source["configMapRef"]["name"].startswith("web-env-")


def test_a_pod_does_not_see_the_addresses_of_every_service_in_its_environment():
    assert pod_of(web())["enableServiceLinks"] is False


def test_resources_are_those_that_are_set():
    assert container_of()["resources"] == {
        "requests": {"cpu": "100m", "memory": "64Mi"},
        "limits": {"memory": "128Mi"},
    }
    assert "resources" not in container_of(resources={})


@pytest.mark.parametrize("kind", ["deployment", "statefulset", "daemonset"])
def test_only_pods_that_end_say_what_happens_then(kind):
    assert "restartPolicy" not in pod_of(of_kind(kind))


@pytest.mark.parametrize("kind", ["job", "cronjob"])
def test_a_job_restarts_its_container_as_told(kind):
    assert pod_of(of_kind(kind))["restartPolicy"] == "Never"
    assert pod_of(of_kind(kind, job={"restartPolicy": "OnFailure"}))["restartPolicy"] == "OnFailure"


def test_pull_secrets_are_named():
    assert pod_of(web(imagePullSecrets=["registry"]))["imagePullSecrets"] == [{"name": "registry"}]


def test_a_probe_names_its_port_save_grpc_which_takes_a_number():
    probes = {
        "startup": {"grpc": {"port": "http"}},
        "readiness": {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 5},
        "liveness": {"tcpSocket": {"port": "http"}, "initialDelaySeconds": 0},
    }
    container = container_of(probes=probes)
    assert container["startupProbe"] == {"grpc": {"port": 8080}}
    assert container["readinessProbe"] == {
        "httpGet": {"path": "/ready", "port": "http"},
        "periodSeconds": 5,
    }
    assert container["livenessProbe"] == {"tcpSocket": {"port": "http"}, "initialDelaySeconds": 0}


def test_a_command_is_checked_without_a_shell():
    container = container_of(probes={"readiness": {"exec": {"command": ["redis-cli", "ping"]}}})
    assert container["readinessProbe"] == {"exec": {"command": ["redis-cli", "ping"]}}
    assert "livenessProbe" not in container


def test_every_mount_has_its_volume_and_every_volume_its_mount():
    subject = web(
        config={"files": {"a": "b"}, "mountPath": "/etc/web"},
        secrets={"AZURE-PASSWORD": {"vault": "shop-kv", "mountPath": "/mnt/secrets"}},
        volumes={"tmp": {"mountPath": "/tmp", "emptyDir": {"sizeLimit": "1Gi"}}},
    )
    pod = pod_of(subject)
    mounts = {it["name"]: it for it in pod["containers"][0]["volumeMounts"]}
    assert mounts.keys() == {it["name"] for it in pod["volumes"]}
    assert {it["mountPath"] for it in mounts.values()} == {"/etc/web", "/mnt/secrets", "/tmp"}
    assert {name for name, it in mounts.items() if it.get("readOnly")} == {
        "config-files",
        "vault-shop-kv",
    }


def test_prometheus_is_told_the_port_and_path_of_the_numbers_and_of_no_others():
    assert template_of(web(metrics="metrics"))["metadata"]["annotations"] == {
        "prometheus.io/scrape": "true",
        "prometheus.io/port": "9100",
        "prometheus.io/path": "/metrics",
    }
    given = {"port": "http", "path": "/stats"}
    annotations = template_of(web(metrics=given))["metadata"]["annotations"]
    assert (annotations["prometheus.io/port"], annotations["prometheus.io/path"]) == (
        "8080",
        "/stats",
    )
    assert "annotations" not in template_of(web())["metadata"]
