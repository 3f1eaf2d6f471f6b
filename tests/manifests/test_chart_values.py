"""Helm values of the ingress controller."""

import json
from typing import Any

import jsonschema_rs
import pytest

from manifests.ingress import chart_values
from manifests.labels import ingress_controller
from manifests.third_party import NGINX_INGRESS
from tests.manifests.pod_security import of_container
from tests.manifests.samples import ROOT, STACK, shipped, stack
from tests.manifests.schema import definitions

SCHEMAS = ROOT.parent / "shared/chart-schemas"
SCHEMA = SCHEMAS / f"nginx-ingress-{NGINX_INGRESS.version}.values.schema.json"
"""The chart's own word on its values, where someone has laid it beside the project."""

REFERENCES = "https://raw.githubusercontent.com/nginxinc/kubernetes-json-schema/master/v1.36.1/_definitions.json"


def values_of(**changes: Any) -> dict[str, Any]:
    return chart_values(stack(ingress={**STACK["ingress"], **changes}))


def controller(**changes: Any) -> dict[str, Any]:
    return values_of(**changes)["controller"]


def test_the_controllers_containers_meet_the_restricted_level():
    given = controller()
    pod = given["podSecurityContext"]
    for key in ("securityContext", "initContainerSecurityContext"):
        assert list(of_container({"name": key, "securityContext": given[key]}, pod)) == [], key
        assert given[key]["readOnlyRootFilesystem"] is True
    assert given["readOnlyRootFilesystem"] is True


def test_it_needs_no_custom_resource_definition_and_runs_no_snippet():
    assert controller()["enableCustomResources"] is False
    assert controller()["enableSnippets"] is False


def test_its_pods_are_those_that_the_network_policies_select():
    assert controller()["selectorLabels"] == ingress_controller()
    assert not ingress_controller().keys() & controller()["pod"]["extraLabels"].keys()


def test_it_looks_for_secrets_in_its_own_namespace_alone():
    assert controller()["watchSecretNamespace"] == "nginx-ingress"


def test_it_does_not_call_home():
    assert controller()["telemetryReporting"] == {"enable": False}


def test_it_runs_on_its_pool_with_the_resources_of_the_stack():
    assert controller()["nodeSelector"] == {"agentpool": "wg1"}
    assert controller()["resources"] == {
        "requests": {"cpu": "250m", "memory": "256Mi"},
        "limits": {"cpu": "1", "memory": "256Mi"},
    }
    assert "nodeSelector" not in chart_values(stack(nodeSelectors=False))["controller"]


def test_the_class_is_the_stacks_and_not_the_clusters_default():
    assert controller(className="nginx-f5")["ingressClass"] == {
        "name": "nginx-f5",
        "create": True,
        "setAsDefaultIngress": False,
    }


@pytest.mark.parametrize(("internal", "annotations"), [(False, set()), (True, {"true"})])
def test_its_load_balancer_is_private_where_the_stack_says_so(internal, annotations):
    service = controller(internal=internal)["service"]
    assert set(service["annotations"].values()) == annotations
    assert service["type"] == "LoadBalancer"
    assert service["externalTrafficPolicy"] == "Local"


def test_several_replicas_keep_apart_and_survive_a_drain():
    given = controller(replicas=3)
    assert given["replicaCount"] == 3
    assert given["podDisruptionBudget"] == {"enabled": True, "maxUnavailable": 1}
    assert [it["topologyKey"] for it in given["topologySpreadConstraints"]] == [
        "topology.kubernetes.io/zone",
        "kubernetes.io/hostname",
    ]


def test_a_single_replica_has_no_budget_for_it_could_only_block_the_drain():
    given = controller(replicas=1)
    assert given["podDisruptionBudget"] == {"enabled": False}
    assert "topologySpreadConstraints" not in given


def test_a_rollout_never_takes_the_last_replica_away():
    assert controller()["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}


def test_the_image_is_the_one_of_the_pinned_chart():
    assert controller()["image"] == {"repository": "nginx/nginx-ingress", "tag": "5.5.4"}


if SCHEMA.exists():

    def chart_schema() -> dict[str, Any]:
        return json.loads(SCHEMA.read_text(encoding="utf-8"))

    def chart_faults(given: dict[str, Any]) -> list[str]:
        """What the chart's schema refuses; what it takes from Kubernetes is compared strictly."""
        _, shared = definitions("1.36")
        kubernetes = {**shared, "$id": REFERENCES, "definitions": shared["$defs"]}
        registry = jsonschema_rs.Registry([(shared["$id"], shared), (REFERENCES, kubernetes)])
        validator = jsonschema_rs.Draft201909Validator(chart_schema(), registry=registry)
        return [f"{it.instance_path}: {it.message}" for it in validator.iter_errors(given)]

    def unknown_keys(given: Any, schema: dict[str, Any], path: str = "") -> list[str]:
        """Keys that the chart does not have: its own schema lets any pass."""
        known = schema.get("properties")
        if not isinstance(given, dict) or not known:
            return []
        return [f"{path}{key}" for key in given if key not in known] + [
            found
            for key in given
            if key in known and "$ref" not in known[key]
            for found in unknown_keys(given[key], known[key], f"{path}{key}.")
        ]

    @pytest.mark.parametrize("name", ["dev", "prod"])
    def test_the_chart_takes_the_values_of_every_stack(name):
        given = chart_values(shipped(name))
        assert chart_faults(given) == []
        assert unknown_keys(given, chart_schema()) == []

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("replicaCount", "two"),
            ("securityContext", {"runAsUser": "nginx"}),
            ("securityContext", {"runAsUsr": 101}),
            ("resources", {"requests": {"cpu": []}}),
        ],
    )
    def test_the_chart_refuses_a_wrong_value_of_its_own_and_of_kubernetes(key, value):
        given = values_of()
        given["controller"][key] = value
        assert chart_faults(given) != []

    def test_the_reading_of_the_charts_schema_sees_a_misspelt_key():
        given = {"controller": {"service": {"typo": 1}, "replicaCounts": 1}}
        found = unknown_keys(given, chart_schema())
        assert sorted(found) == ["controller.replicaCounts", "controller.service.typo"]
