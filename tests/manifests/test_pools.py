"""Pods follow their pool to the name it has in Azure."""

import pytest

from manifests.ingress import chart_values
from settings.pool_names import pool_name
from tests.manifests.samples import STACK, pod_of, stack, web


def pools(**more):
    return {"wg1": {**STACK["nodePools"]["wg1"], **more}}


def selected(**more):
    return pod_of(web(), nodePools=pools(**more))["nodeSelector"]["agentpool"]


def test_pods_of_a_blue_green_pool_name_it_as_azure_does():
    settings = stack(nodePools=pools(blueGreen=True))
    assert selected(blueGreen=True) == pool_name(settings, "wg1") != "wg1"
    assert chart_values(settings)["controller"]["nodeSelector"] == {
        "agentpool": pool_name(settings, "wg1")
    }


@pytest.mark.parametrize(
    "change", [{"vmSize": "Standard_D8ds_v5"}, {"zones": ["1"]}, {"maxPods": 60}]
)
def test_a_new_machine_size_moves_the_pods_by_a_rollout_of_their_own(change):
    assert selected(blueGreen=True) != selected(blueGreen=True, **change)


@pytest.mark.parametrize("change", [{"max": 9}, {"labels": {"a": "b"}}, {"maxSurge": 1}])
def test_what_azure_changes_in_place_moves_no_pod(change):
    assert selected(blueGreen=True) == selected(blueGreen=True, **change)


def test_without_blue_green_no_change_of_the_pool_moves_a_pod():
    assert selected() == selected(vmSize="Standard_D8ds_v5") == "wg1"
