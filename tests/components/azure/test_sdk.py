"""What the components take for granted of azure-native and of Azure's own client library."""

import json
import re
import subprocess
import sys
from enum import Enum
from importlib import import_module

import pytest
from azure.mgmt.containerservice import models
from azure.mgmt.containerservice._utils.model_base import SdkJSONEncoder
from pulumi._types import resource_types
from pulumi_azure_native import containerservice

from settings.load import load
from tests.components.azure.cloud import ignored, planned, stack
from tests.engine import ROOT

NAT = {"network.outboundType": "userAssignedNATGateway"}
PRIVATE = {
    "cluster.apiServer": {"private": True},
    "network.subnets.apiServer": "10.40.4.0/28",
    "cluster.upgradeChannel": "stable",
}
FULL_POOL = {
    "vmSize": "Standard_D8ds_v5",
    "min": 3,
    "max": 6,
    "zones": ["1"],
    "labels": {"a": "b"},
    "taints": ["a=b:NoSchedule"],
    "maxSurge": 0,
    "maxUnavailable": "20%",
    "undrainableNodeBehavior": "Schedule",
    "security": {"secureBoot": True, "vtpm": True, "sshAccess": "Disabled"},
    "blueGreen": True,
}
SPOT = {
    "vmSize": "Standard_NC24ads_A100_v4",
    "min": 0,
    "max": 6,
    "spot": {"evictionPolicy": "Deallocate", "maxPrice": "0.5"},
    "gpu": {"driver": "None", "instanceProfile": "MIG3g"},
    "kubeletDiskType": "Temporary",
    "scaleDownMode": "Deallocate",
    "workloadRuntime": "KataVmIsolation",
    "osSku": "AzureLinux3",
    "fips": True,
}
STACKS = {
    "dev": lambda: load(ROOT, "dev"),
    "prod": lambda: load(ROOT, "prod"),
    "every part": stack,
    "nat gateway": lambda: stack(**NAT, **{"nodePools.wg1": FULL_POOL}),
    "spot": lambda: stack(**{"nodePools.wg1": SPOT}),
    "nodes of its own": lambda: stack(
        **{"cluster.nodeProvisioning": "Auto", "nodePools.wg1.max": 2, "nodePools.wg1.min": 2}
    ),
    "private": lambda: stack(**PRIVATE, **{"cluster.tier": "Premium"}),
    "hosts in policies": lambda: stack(fqdnPolicies=True),
    "names on nodes": lambda: stack(
        localDns=True, **{"network.advancedNetworking": {"observability": True, "security": "L7"}}
    ),
    "another plugin": lambda: stack(cni="calico"),
    "no channel": lambda: stack(**{"cluster.upgradeChannel": "none"}),
}
OF_THE_PATH = {"resourceGroupName", "resourceName", "agentPoolName"}
AT_THE_TOP = {"location", "tags", "sku", "identity", "extendedLocation", "kind"}


@pytest.fixture(scope="module", params=STACKS)
def rows(request):
    return planned(STACKS[request.param]())


def body(row):
    """The request body that the provider makes of a resource's inputs."""
    given = {key: value for key, value in row.inputs.items() if key not in OF_THE_PATH}
    top = {key: given.pop(key) for key in AT_THE_TOP & given.keys()}
    if row.type.endswith(":AgentPool"):
        return {"properties": {**top, **given}}
    if scaler := given.get("autoScalerProfile"):
        # The one section whose names in Azure have hyphens; azure-native puts them back.
        given["autoScalerProfile"] = {
            re.sub("[A-Z]", lambda it: f"-{it[0].lower()}", key): value
            for key, value in scaler.items()
        }
    identities = top["identity"]["userAssignedIdentities"]
    top["identity"] = {**top["identity"], "userAssignedIdentities": {it: {} for it in identities}}
    return {**top, "properties": given}


def faults(model, data, path=""):
    """Keys that Azure's client does not know by that name, and words that are none of an enum's."""
    known = {field._rest_name: attribute for attribute, field in model._attr_to_rest_field.items()}
    for key, value in data.items():
        at = f"{path}.{key}"
        if key not in known:
            yield f"{at}: no such property"
            continue
        read = getattr(model, known[key])
        if isinstance(value, str) and not isinstance(read, Enum) and enum_of(model, known[key]):
            yield f"{at}: {value!r} is no value of {enum_of(model, known[key])}"
        yield from faults_within(read, value, at)


def faults_within(read, value, at):
    if hasattr(read, "_attr_to_rest_field"):
        yield from faults(read, value, at)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from faults_within(read[index], item, f"{at}[{index}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from faults_within(read[key], item, f"{at}.{key}")


def enum_of(model, attribute):
    annotations = {}
    for cls in reversed(type(model).__mro__):
        annotations |= getattr(cls, "__annotations__", {})
    package = import_module(type(model).__module__.rpartition(".")[0])
    for word in re.findall(r"_models\.(\w+)", str(annotations.get(attribute, ""))):
        if issubclass(getattr(package, word), Enum):
            return word
    return None


def azure_rows(rows, kind):
    return [row for row in rows.values() if row.type == f"azure-native:containerservice:{kind}"]


@pytest.mark.parametrize("kind", ["ManagedCluster", "AgentPool"])
def test_azures_own_client_knows_every_property_and_every_word(rows, kind):
    found = azure_rows(rows, kind)
    assert found
    for row in found:
        sent = body(row)
        assert list(faults(getattr(models, kind)(sent), sent)) == []


@pytest.mark.parametrize("kind", ["ManagedCluster", "AgentPool"])
def test_every_value_survives_azures_own_client_so_none_is_read_only(rows, kind):
    for row in azure_rows(rows, kind):
        sent = body(row)
        written = json.dumps(getattr(models, kind)(sent), cls=SdkJSONEncoder, exclude_readonly=True)
        assert json.loads(written) == sent


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda it: it["networkProfile"].update(podCIDR="x"), ".networkProfile.podCIDR: no such"),
        (lambda it: it["networkProfile"].update(outboundType="nat"), "'nat' is no value of Outb"),
        (lambda it: it["agentPoolProfiles"][0].update(vmSizee="x"), "[0].vmSizee: no such"),
        (lambda it: it["identityProfile"]["kubeletidentity"].update(x=1), "kubeletidentity.x: no"),
        (lambda it: it["addonProfiles"]["azurepolicy"].update(on=True), "azurepolicy.on: no such"),
    ],
)
def test_a_misspelt_property_or_word_would_be_found(change, fault):
    [row] = azure_rows(planned(stack()), "ManagedCluster")
    sent = body(row)
    change(sent["properties"])
    [found] = faults(models.ManagedCluster(sent), sent)
    assert fault in found


def test_every_ignored_path_is_a_property_of_its_type(rows):
    ignoring = [row for row in rows.values() if ignored(row)]
    assert {row.type.rpartition(":")[2] for row in ignoring} >= {"ManagedCluster", "Subnet"}
    for row in ignoring:
        _, module, kind = row.type.split(":")
        cls = getattr(import_module(f"pulumi_azure_native.{module}"), kind)
        assert set(ignored(row)) <= resource_types(cls).keys()


def test_every_ignored_path_is_left_as_it_is_by_the_sdk():
    # A snake_case name is only translated at the top level, and a wrong path is silent.
    assert "agentPoolProfiles" in resource_types(containerservice.ManagedCluster)
    assert "agent_pool_profiles" not in resource_types(containerservice.ManagedCluster)


def test_no_args_class_is_used_since_those_inject_force_new_defaults():
    for path in sorted((ROOT / "components/azure").glob("*.py")):
        modules = r"(containerservice|network|managedidentity|authorization|resources|aks)"
        assert not re.findall(rf"\b{modules}\.\w+Args\b", path.read_text()), path.name


def test_names_settings_and_kubeconfig_are_read_without_the_azure_sdk():
    parts = ("stack", "names", "profiles", "network_profile", "security_rules", "kubeconfig")
    code = f"import sys, components.azure.{', components.azure.'.join(parts)}\n"
    code += "print([it for it in sys.modules if it.startswith('pulumi')])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
