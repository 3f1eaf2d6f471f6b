import json
from importlib.metadata import version

import pulumi
import pulumi_kubernetes
import pytest

from components.kubernetes.cluster_provider import CLIENT, ClusterProvider, ClusterProviderArgs
from tests.engine import registered
from tests.samples import stack


def planned(settings, kubeconfig=None, **opts):
    def build():
        args = ClusterProviderArgs(settings=settings, kubeconfig=kubeconfig)
        ClusterProvider("cluster", args, pulumi.ResourceOptions(**opts))

    [row] = [row for row in registered(build) if row.name == "cluster"]
    return row.inputs


def existing(**at):
    return stack(target="kubeconfig", kubeconfig=at or None)


def test_the_identifier_is_the_clusters_name_so_that_a_new_kubeconfig_replaces_nothing():
    first, second = (planned(stack(), kubeconfig=it) for it in ("a: 1", "a: 2"))
    assert first["clusterIdentifier"] == second["clusterIdentifier"] == "aks-course-dev"
    assert (first["kubeconfig"], second["kubeconfig"]) == ("a: 1", "a: 2")


def test_an_unknown_kubeconfig_leaves_the_identifier_known():
    def build():
        thing = pulumi.CustomResource("things:index:Thing", "thing", {})
        args = ClusterProviderArgs(settings=stack(), kubeconfig=pulumi.Output.secret(thing.id))
        ClusterProvider("cluster", args)

    inputs = {row.name: row.inputs for row in registered(build)}["cluster"]
    assert inputs["clusterIdentifier"] == "aks-course-dev"
    assert inputs["kubeconfig"] == {"$secret": True}


def test_target_aks_without_a_kubeconfig_is_refused():
    with pytest.raises(ValueError, match="target aks: the provider needs the kubeconfig"):
        planned(stack())


@pytest.mark.parametrize(
    ("at", "given"),
    [
        ({"context": "kind-kind"}, {"context": "kind-kind", "clusterIdentifier": "kind-kind"}),
        ({"path": "k.yaml"}, {"kubeconfig": "k.yaml", "clusterIdentifier": "dev"}),
        ({}, {"clusterIdentifier": "dev"}),
    ],
)
def test_an_existing_cluster_is_the_one_the_settings_name(at, given):
    inputs = planned(existing(**at))
    where = {"context", "kubeconfig", "clusterIdentifier"}
    assert {key: it for key, it in inputs.items() if key in where} == given


def test_another_context_is_another_cluster():
    one, other = (planned(existing(context=it))["clusterIdentifier"] for it in ("a", "b"))
    assert one != other


def test_nothing_of_the_shell_is_in_the_plan(monkeypatch):
    before = planned(existing())
    for name in ("KUBECONFIG", "PULUMI_K8S_CLIENT_QPS", "PULUMI_K8S_ENABLE_PATCH_FORCE"):
        monkeypatch.setenv(name, "1")
    assert planned(existing()) == before


def test_the_client_may_ask_more_often_than_the_providers_own_limits():
    assert CLIENT["qps"] > 50
    assert CLIENT["burst"] > 120


def test_it_is_what_the_sdks_own_class_registers(monkeypatch):
    monkeypatch.delenv("KUBECONFIG", raising=False)
    ours = planned(existing(context="kind-kind"))

    def build():
        pulumi_kubernetes.Provider(
            "cluster",
            cluster_identifier="kind-kind",
            context="kind-kind",
            enable_server_side_apply=True,
            kube_client_settings=CLIENT,
        )

    [theirs] = registered(build)
    assert read(theirs.inputs) == read(ours)
    assert ours["version"] == version("pulumi-kubernetes")


def read(inputs):
    return {**inputs, "kubeClientSettings": json.loads(inputs["kubeClientSettings"])}
