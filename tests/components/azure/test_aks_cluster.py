import pulumi
import pytest

from components.azure.aks_cluster import AksCluster, AksClusterArgs
from tests.components.azure.cloud import LOCATION, planned, registered, stack

SECRET = {"$secret": True}
WORKLOADS = "aks-workload-"
WATCHERS = ("aks-observability", "aks-maintenance")
"""What holds no data of its own."""


@pytest.fixture(scope="module")
def rows():
    return planned(stack())


def test_every_role_of_both_identities_is_there_before_the_cluster(rows):
    assert {*rows["aks-cluster-managed-cluster"].dependencies} >= {
        "aks-identity-kubelet-operator",
        "aks-identity-nodes-subnet-contributor",
        "aks-identity-registry-pull",
    }


def test_nodes_may_pull_before_the_first_pool_which_stands_inside_the_cluster(rows):
    def before(name):
        found = set(rows[name].dependencies)
        return found.union(*(before(it) for it in found))

    for name, row in rows.items():
        if row.type.endswith((":AgentPool", ":ManagedCluster")):
            assert "aks-identity-registry-pull" in before(name)


def test_the_group_comes_first(rows):
    azure = [row for row in rows.values() if row.type.startswith("azure-native:")]
    free = {row.name for row in azure if not row.dependencies}
    assert free == {"aks-resource-group"}


def test_whoever_depends_on_the_whole_waits_for_the_last_pool():
    class Provider(pulumi.CustomResource):
        def __init__(self, opts):
            super().__init__("aks-platform:tests:Provider", "provider", {}, opts)

    def build():
        made = AksCluster("aks", AksClusterArgs(settings=stack(), location=LOCATION))
        Provider(pulumi.ResourceOptions(depends_on=[made]))

    waits = registered(build)["provider"].dependencies
    assert {"aks-pool-wg2", "aks-cluster-managed-cluster"} <= {*waits}


def test_protection_reaches_everything_but_the_identities_of_workloads():
    rows = planned(stack(), protect=True).values()
    free = {row.name for row in rows if not row.options.get("protect")}
    assert free == {row.name for row in rows if row.name.startswith((WORKLOADS, *WATCHERS))}
    assert free


def test_without_protection_nothing_is_protected(rows):
    assert not [row.name for row in rows.values() if row.options.get("protect")]


def test_every_resource_hangs_on_a_component_and_begins_with_its_name(rows):
    for row in rows.values():
        if row.name != "aks":
            assert rows[row.parent].type.startswith("aks-platform:azure:")
            assert row.name.startswith(f"{row.parent}-")


def test_every_resource_that_takes_a_location_or_tags_has_the_stacks(rows):
    tags = {"owner": "platform-team", "platform": "course", "environment": "dev"}
    for row in rows.values():
        if row.type.startswith("azure-native:"):
            own = "Global" if row.type.endswith(":ActionGroup") else LOCATION
            assert row.inputs.get("location", own) == own
            assert row.inputs.get("tags", tags) == tags
    tagged = {row.type.rpartition(":")[2] for row in rows.values() if "tags" in row.inputs}
    assert tagged == {
        "AgentPool",
        "AzureMonitorWorkspace",
        "DataCollectionEndpoint",
        "DataCollectionRule",
        "ManagedCluster",
        "NetworkSecurityGroup",
        "PrometheusRuleGroup",
        "ResourceGroup",
        "UserAssignedIdentity",
        "VirtualNetwork",
        "Workspace",
    }


def test_what_the_program_needs_of_the_cluster_is_an_output(rows):
    outputs = dict(rows["aks"].outputs)
    assert outputs.pop("kubeconfig") == SECRET
    assert outputs.pop("cluster_id").endswith("/aks-cluster-managed-cluster")
    assert outputs == {
        "cluster_identifier": "aks-course-dev",
        "cluster_name": "aks-course-dev",
        "resource_group": "rg-course-dev",
        "oidc_issuer_url": "https://issuer.example/",
        "client_ids": {"blob": "client of aks-workload-blob-identity"},
    }


def test_in_a_first_preview_the_cluster_identifier_is_known_and_the_kubeconfig_is_not():
    seen = []

    async def build():
        made = AksCluster("aks", AksClusterArgs(settings=stack(), location=LOCATION))
        kubeconfig = made.kubeconfig
        seen.append(made.cluster_identifier)
        seen.append((await kubeconfig.is_known(), await kubeconfig.is_secret()))

    registered(build, preview=True, answers={})
    assert seen == ["aks-course-dev", (False, True)]


def test_a_stack_with_a_missing_key_registers_nothing():
    with pytest.raises(ValueError, match="target aks requires access"):
        planned(stack(access=None))
