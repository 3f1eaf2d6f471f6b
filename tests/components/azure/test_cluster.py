import pytest

from components.azure.aks_cluster import AksCluster, AksClusterArgs
from tests.components.azure.cloud import (
    CREDENTIALS,
    LOCATION,
    SUBSCRIPTION,
    TENANT,
    ignored,
    planned,
    registered,
    returned_kubeconfig,
    stack,
)

NAT = {"network.outboundType": "userAssignedNATGateway"}
CLUSTER = "aks-cluster-managed-cluster"
TAGS = {"owner": "platform-team", "platform": "course", "environment": "dev"}
SECRET = {"$secret": True}


def cluster(**changes):
    return planned(stack(**changes))[CLUSTER]


def inputs(**changes):
    return cluster(**changes).inputs


NETWORK = {
    "networkPlugin": "azure",
    "networkPluginMode": "overlay",
    "networkDataplane": "cilium",
    "networkPolicy": "cilium",
    "ipFamilies": ["IPv4"],
    "podCidr": "10.200.0.0/16",
    "serviceCidr": "10.210.0.0/16",
    "dnsServiceIP": "10.210.0.10",
    "outboundType": "loadBalancer",
    "loadBalancerSku": "standard",
    "loadBalancerProfile": {
        "backendPoolType": "NodeIPConfiguration",
        "managedOutboundIPs": {"count": 1},
        "allocatedOutboundPorts": 0,
        "idleTimeoutInMinutes": 30,
    },
}


def test_the_network_profile_is_these_values_and_no_other():
    assert inputs()["networkProfile"] == NETWORK


@pytest.mark.parametrize("cni", ["calico", "azure", "none"])
def test_another_network_plugin_has_azures_data_plane(cni):
    found = inputs(cni=cni)["networkProfile"]
    assert found == {**NETWORK, "networkDataplane": "azure", "networkPolicy": cni}


def test_policies_about_hosts_switch_on_what_they_cost_and_no_more():
    assert inputs(fqdnPolicies=True)["networkProfile"] == {
        **NETWORK,
        "advancedNetworking": {
            "enabled": True,
            "observability": {"enabled": False},
            "security": {"enabled": True, "advancedNetworkPolicies": "FQDN"},
        },
    }


def test_a_nat_gateway_leaves_only_the_kind_of_backend_pool_to_the_load_balancer():
    assert inputs(**NAT)["networkProfile"] == {
        **NETWORK,
        "outboundType": "userAssignedNATGateway",
        "loadBalancerProfile": {"backendPoolType": "NodeIPConfiguration"},
    }


def test_the_bootstrap_pool_is_small_fixed_and_without_a_version():
    [pool] = inputs(**{"cluster.profile": "dev"})["agentPoolProfiles"]
    subnet = pool.pop("vnetSubnetID")
    assert subnet.endswith("/aks-network-nodes-subnet")
    assert pool == {
        "name": "boot",
        "mode": "System",
        "type": "VirtualMachineScaleSets",
        "vmSize": "Standard_D4ds_v5",
        "count": 1,
        "enableAutoScaling": False,
        "osType": "Linux",
        "osSKU": "AzureLinux",
        "osDiskType": "Ephemeral",
        "osDiskSizeGB": 128,
        "maxPods": 110,
        "kubeletDiskType": "OS",
        "enableNodePublicIP": False,
        "enableEncryptionAtHost": False,
        "enableFIPS": False,
        "nodeTaints": ["CriticalAddonsOnly=true:NoSchedule"],
        "upgradeSettings": {
            "maxSurge": "33%",
            "maxUnavailable": "0",
            "drainTimeoutInMinutes": 30,
            "nodeSoakDurationInMinutes": 0,
            "undrainableNodeBehavior": "Cordon",
        },
        "tags": TAGS,
    }


def test_the_bootstrap_pool_is_what_the_stack_says():
    pool = {"name": "first", "vmSize": "Standard_D8ds_v5", "count": 3, "zones": ["1", "2", "3"]}
    [made] = inputs(**{"cluster.bootstrapPool": pool})["agentPoolProfiles"]
    assert made["availabilityZones"] == ["1", "2", "3"]
    assert (made["name"], made["vmSize"], made["count"]) == ("first", "Standard_D8ds_v5", 3)


def test_pools_inside_the_cluster_are_left_to_azure_after_creation():
    assert ignored(cluster()) == ["agentPoolProfiles"]


@pytest.mark.parametrize(
    ("channel", "version", "owned_by_azure"),
    [
        ("patch", "1.35", False),
        ("none", "1.35", False),
        ("stable", None, True),
        ("rapid", None, True),
    ],
)
def test_the_minor_is_asked_for_unless_the_channel_chooses_it(channel, version, owned_by_azure):
    made = cluster(**{"cluster.upgradeChannel": channel})
    assert made.inputs.get("kubernetesVersion") == version
    assert ("kubernetesVersion" in ignored(made)) == owned_by_azure
    assert made.inputs["autoUpgradeProfile"] == {
        "upgradeChannel": channel,
        "nodeOSUpgradeChannel": "NodeImage",
    }


def test_people_sign_in_through_entra_and_the_administrators_may_at_once():
    given = inputs()
    assert given["aadProfile"] == {
        "managed": True,
        "enableAzureRBAC": True,
        "tenantID": TENANT,
        "adminGroupObjectIDs": ["6f1c01aa-4c1d-4e5b-9b57-0b6a5d3e7c01"],
    }
    assert given["disableLocalAccounts"] is True
    assert given["enableRBAC"] is True


def test_a_public_api_server_lets_in_the_ranges_of_the_stack_alone():
    assert inputs()["apiServerAccessProfile"] == {
        "enablePrivateCluster": False,
        "enableVnetIntegration": False,
        "authorizedIPRanges": ["203.0.113.0/24"],
        "disableRunCommand": True,
    }


def test_nodes_behind_a_nat_gateway_may_reach_the_public_api_server():
    ranges = inputs(**NAT)["apiServerAccessProfile"]["authorizedIPRanges"]
    assert ranges == ["203.0.113.0/24", "198.51.100.7/32"]


@pytest.mark.parametrize("outbound", [{}, NAT])
def test_a_private_api_server_has_no_public_name_and_no_ranges(outbound):
    alone = {"private": True, "vnetIntegration": False}
    assert inputs(**{"cluster.apiServer": alone, **outbound})["apiServerAccessProfile"] == {
        "enablePrivateCluster": True,
        "enableVnetIntegration": False,
        "enablePrivateClusterPublicFQDN": False,
        "privateDNSZone": "system",
        "disableRunCommand": True,
    }


def test_an_api_server_open_to_the_internet_is_refused():
    with pytest.raises(ValueError, match=r"cluster\.apiServer\.authorizedIpRanges must name"):
        planned(stack(**{"cluster.apiServer": {}}))


def test_the_cluster_and_its_nodes_act_as_the_identities_made_for_them():
    given = inputs()
    [control_plane] = given["identity"]["userAssignedIdentities"]
    assert given["identity"]["type"] == "UserAssigned"
    assert control_plane.endswith("/aks-identity-control-plane")
    kubelet = given["identityProfile"]["kubeletidentity"]
    assert kubelet["resourceId"].endswith("/aks-identity-kubelet")
    assert kubelet["clientId"] == "client of aks-identity-kubelet"
    assert kubelet["objectId"] == "principal of aks-identity-kubelet"


@pytest.mark.parametrize(
    ("tier", "plan"),
    [
        ("Free", "KubernetesOfficial"),
        ("Standard", "KubernetesOfficial"),
        ("Premium", "AKSLongTermSupport"),
    ],
)
def test_the_tier_brings_its_support(tier, plan):
    given = inputs(**{"cluster.tier": tier})
    assert (given["sku"], given["supportPlan"]) == ({"name": "Base", "tier": tier}, plan)


def test_workloads_get_tokens_secret_files_policies_and_disks():
    given = inputs()
    assert given["oidcIssuerProfile"] == {"enabled": True}
    assert given["securityProfile"] == {
        "workloadIdentity": {"enabled": True},
        "imageCleaner": {"enabled": True, "intervalHours": 168},
    }
    assert given["addonProfiles"] == {
        "azureKeyvaultSecretsProvider": {
            "enabled": True,
            "config": {"enableSecretRotation": "true", "rotationPollInterval": "2m"},
        },
        "azurepolicy": {"enabled": True},
        "omsagent": {
            "enabled": True,
            "config": {
                "logAnalyticsWorkspaceResourceID": f"{SUBSCRIPTION}/made/aks-telemetry-logs-workspace",
                "useAADAuth": "true",
            },
        },
    }
    assert given["storageProfile"] == {
        "diskCSIDriver": {"enabled": True},
        "fileCSIDriver": {"enabled": True},
        "snapshotController": {"enabled": True},
        "blobCSIDriver": {"enabled": False},
    }


def test_the_rest_is_said_by_the_stack_and_nothing_is_left_to_a_default():
    given = inputs()
    assert given["resourceName"] == "aks-course-dev"
    assert given["dnsPrefix"] == "course-dev"
    assert given["location"] == LOCATION
    assert given["tags"] == TAGS
    assert given["nodeResourceGroup"] == "rg-course-dev-nodes"
    assert given["nodeResourceGroupProfile"] == {"restrictionLevel": "ReadOnly"}


def test_the_kubeconfig_is_asked_of_the_cluster_for_a_user_and_never_for_an_administrator():
    asked = []

    def answer(arguments):
        asked.append(arguments)
        return returned_kubeconfig()

    planned(stack(), answers={CREDENTIALS: answer})
    assert asked == [
        {"resourceGroupName": "rg-course-dev", "resourceName": "aks-course-dev", "format": "exec"}
    ]


def test_the_kubeconfig_is_a_secret_wherever_it_goes():
    rows = planned(stack())
    assert rows["aks"].outputs["kubeconfig"] == rows["aks-cluster"].outputs["kubeconfig"] == SECRET
    assert "hcp.westeurope" not in str(rows)


def test_the_kubeconfig_signs_in_as_the_stack_says_and_is_called_as_the_cluster_is():
    seen = []

    async def build():
        settings = stack(**{"access.kubelogin": "spn"})
        made = AksCluster("aks", AksClusterArgs(settings=settings, location=LOCATION))
        seen.append(await made.kubeconfig.future())

    registered(build)
    [text] = seen
    assert "- --login\n      - spn\n" in text
    assert f"- --tenant-id\n      - {TENANT}\n" in text
    assert text.endswith("current-context: aks-course-dev\n")


def test_an_invoke_that_nobody_expects_fails():
    with pytest.raises(LookupError, match=f"unexpected invoke {CREDENTIALS}"):
        planned(stack(), answers={})


def test_before_the_cluster_exists_azure_is_not_asked():
    rows = planned(stack(), preview=True, answers={})
    assert CLUSTER in rows


@pytest.mark.parametrize("answer", [[], [{"name": "u", "value": "eDogMQ=="}]])
def test_a_kubeconfig_azure_does_not_give_is_an_error_with_the_clusters_name(answer):
    with pytest.raises(Exception, match=r"aks-course-dev: |for aks-course-dev") as caught:
        planned(stack(), answers={CREDENTIALS: {"kubeconfigs": answer}})
    assert type(caught.value).__name__ == "RunError"
