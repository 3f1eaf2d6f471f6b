"""What AKS itself takes of a node follows from what the stack has on."""

import pytest

from settings.load import check, load, read_sources
from settings.node_pools import SYSTEM_PODS, SYSTEM_PODS_CPU, SYSTEM_PODS_MEMORY
from settings.system_pods import DAEMONS, system_pods
from tests.settings.estate import ROOT


def of(stack="dev", **changes):
    sources = read_sources(ROOT, stack)
    for key, value in changes.items():
        sources.root.setdefault(key, {}).update(value)
    found = system_pods(check(sources))
    return found.cpu, found.memory, found.pods


def test_a_cluster_that_nothing_watches_has_the_settings_own_defaults():
    assert of() == (SYSTEM_PODS_CPU, SYSTEM_PODS_MEMORY, SYSTEM_PODS)


@pytest.mark.parametrize(
    ("watching", "sum_"),
    [
        ({"metrics": {"enabled": True}}, ("440m", "990Mi", 9)),
        ({"containerInsights": {"enabled": True}}, ("540m", "1410Mi", 9)),
    ],
)
def test_what_watches_the_cluster_runs_on_every_node(watching, sum_):
    alerts_off = {"alerts": {"enabled": False}} if "metrics" in watching else {}
    assert of(observability={**watching, **alerts_off}) == sum_


def test_drivers_that_are_off_take_nothing():
    assert of(cluster={"storage": {"file": False}}) == ("340m", "750Mi", 7)


def test_without_cilium_there_is_a_kube_proxy():
    sources = read_sources(ROOT, "dev")
    sources.root["cni"] = "calico"
    found = system_pods(check(sources))
    assert (found.cpu, found.memory, found.pods) == ("470m", "710Mi", 8)


def test_another_cluster_has_pods_that_nobody_knows():
    assert system_pods(load(ROOT, "local")) is None


def test_every_figure_has_a_source_and_every_pod_a_name_of_its_own():
    assert len({it.name for it in DAEMONS}) == len(DAEMONS)
    assert all(it.source for it in DAEMONS)
