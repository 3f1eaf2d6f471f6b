import subprocess
import sys

import pytest

from review.azure_types import AzureTypes
from review.plan import SECRET, UNKNOWN, PlanError, Resource
from tests.review.programs import planned

CLUSTER = "azure-native:containerservice:ManagedCluster"


def faults(inputs, token=CLUSTER):
    return list(AzureTypes().faults(Resource(urn="", type=token, name="it", inputs=inputs)))


def test_inputs_that_the_provider_would_take_have_no_fault():
    inputs = {
        "resourceGroupName": "rg",
        "agentPoolProfiles": [
            {
                "name": "boot",
                "count": 1,
                "vmSize": "large",
                "spotMaxPrice": -1,
                "nodeLabels": {"a": "b"},
            }
        ],
        "identity": {"type": "UserAssigned", "userAssignedIdentities": ["/subscriptions/x"]},
        "networkProfile": {"networkPlugin": "azure", "advancedNetworking": {"enabled": True}},
        "tags": {"any/key": "x"},
        "supportPlan": "KubernetesOfficial",
    }
    assert faults(inputs) == []


@pytest.mark.parametrize(
    ("inputs", "fault"),
    [
        ({"dnsPrefixx": "x"}, "dnsPrefixx: no such field; did you mean 'dnsPrefix'?"),
        ({"networkProfile": {"podcidr": "x"}},
         "networkProfile.podcidr: no such field; did you mean 'podCidr'?"),
        ({"agentPoolProfiles": [{"name": "a", "vm_sizee": "x"}]},
         "agentPoolProfiles[0].vm_sizee: no such field; did you mean 'vm_size'?"),
        ({"networkProfile": {"zzz": "planted"}}, "networkProfile.zzz: no such field"),
        ({"kubernetesVersion": 1.35}, "kubernetesVersion: must be text; got 1.35"),
        ({"agentPoolProfiles": [{"name": "a", "count": "1"}]},
         'agentPoolProfiles[0].count: must be a whole number; got "1"'),
        ({"agentPoolProfiles": [{"name": "a", "count": True}]},
         "agentPoolProfiles[0].count: must be a whole number; got true"),
        ({"agentPoolProfiles": [{"name": "a", "spotMaxPrice": "1"}]},
         'agentPoolProfiles[0].spotMaxPrice: must be a number; got "1"'),
        ({"enableRBAC": "yes"}, 'enableRBAC: must be true or false; got "yes"'),
        ({"tags": {"a": 1}}, "tags.a: must be text; got 1"),
        ({"tags": ["a"]}, 'tags: must be a map; got ["a"]'),
        ({"networkProfile": "azure"}, 'networkProfile: must be a map; got "azure"'),
        ({"agentPoolProfiles": {"name": "a"}}, 'agentPoolProfiles: must be a list; got {"name": "a"}'),
        ({"agentPoolProfiles": [{"count": 1}]}, "agentPoolProfiles[0].name: required, and missing"),
        ({"identity": {"type": "Nobody"}},
         "identity.type: must be one of SystemAssigned, UserAssigned, None; got \"Nobody\""),
    ],
)  # fmt: skip
def test_one_fault_is_told_by_path_rule_and_value(inputs, fault):
    assert faults(inputs) == [fault]


@pytest.mark.parametrize("mark", [UNKNOWN, SECRET])
def test_a_value_that_is_unknown_or_secret_fits_anywhere(mark):
    inputs = {
        "dnsPrefix": mark,
        "networkProfile": mark,
        "tags": {"a": mark},
        "agentPoolProfiles": [mark, {"name": mark, "count": mark}],
    }
    assert faults(inputs) == []


def test_a_class_whose_args_share_their_name_with_a_nested_type_is_held_to_its_own():
    token = "azure-native:network:VirtualNetwork"
    inputs = {"resourceGroupName": "rg", "addressSpace": {"addressPrefixes": ["10.0.0.0/8"]}}
    assert faults(inputs, token) == []
    assert len(faults({**inputs, "addressSpace": {"prefixes": []}}, token)) == 1


def test_a_resource_that_the_sdk_has_no_class_for_passes():
    assert faults({"x": 1}, "azure-native:nowhere:Thing") == []
    assert faults({"x": 1}, "azure-native:containerservice:Thing") == []
    assert faults({"x": 1}, "azure-native:containerservice/v20990101:ManagedCluster") == []


def test_in_a_plan_the_fault_has_its_place_and_its_resource(tmp_path):
    source = """
    from pulumi_azure_native import containerservice
    containerservice.ManagedCluster("aks", resource_group_name="rg", agent_pool_profiles=[{
        "name": "boot", "vm_sizee": "large", "vm_size": "small"}])
    """
    with pytest.raises(PlanError) as refused:
        planned(tmp_path, source)
    assert str(refused.value) == (
        f"__main__.py:4: {CLUSTER} 'aks': agentPoolProfiles[0].vm_sizee: no such field; did you mean 'vm_size'?"
    )


def test_a_plan_without_azure_resources_does_not_import_the_sdk(tmp_path):
    code = (
        "import sys; from pathlib import Path; from tests.review.programs import *;"
        "from review.recorder import record_json;"
        f"program(Path({str(tmp_path)!r}), PROVIDER);"
        f"record_json(Path({str(tmp_path)!r}), 'dev', kubernetes_version='1.35');"
        "sys.exit('pulumi_azure_native' in sys.modules or 'kubernetes_validate' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
