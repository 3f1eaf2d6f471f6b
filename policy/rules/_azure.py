"""What several rules of Azure ask."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy.objects import Object, dig, items, mapping
from policy.rule import Parameter
from policy.rules._index import CLUSTER
from policy.stack import Stack

POOL: Final = "azure-native:containerservice:AgentPool"
TAGGED: Final = (
    CLUSTER,
    POOL,
    "azure-native:containerregistry:Registry",
    "azure-native:dataprotection:BackupVault",
    "azure-native:keyvault:Vault",
    "azure-native:managedidentity:UserAssignedIdentity",
    "azure-native:monitor:AzureMonitorWorkspace",
    "azure-native:network:NatGateway",
    "azure-native:network:NetworkSecurityGroup",
    "azure-native:network:PublicIPAddress",
    "azure-native:network:VirtualNetwork",
    "azure-native:operationalinsights:Workspace",
    "azure-native:resources:ResourceGroup",
    "azure-native:storage:StorageAccount",
)
"""Types that cost, or hold something, and take tags."""

ENVIRONMENTS: Final = Parameter(
    default=["prod", "production"], docs="values of the tag environment that are production"
)


def is_production(it: Object, parameters: Mapping[str, Any]) -> bool:
    """Whether the tag of a resource says that it serves production."""
    return dig(it.manifest, "tags", "environment") in parameters["environments"]


def pools(stack: Stack, mode: str) -> frozenset[str]:
    """Names of the node pools of one mode, `System` or `User`; raises `Undecided` where one hides its own."""
    found = set()
    for name, profile in _profiles(stack):
        if dig(profile, "mode") == mode:
            found.add(str(dig(profile, name)))
    return frozenset(found)


def _profiles(stack: Stack) -> Iterator[tuple[str, Any]]:
    for it in stack.of(POOL):
        yield "agentPoolName", it.manifest
    for it in stack.of(CLUSTER):
        yield from (("name", profile) for _, profile in items(it.manifest, "agentPoolProfiles"))


def addons(it: Object, name: str) -> Mapping[str, Any]:
    """An add-on of a cluster that is on; an empty map where it is off. AKS takes their names in any case."""
    held = mapping(it.manifest, "addonProfiles")
    for key in held:
        if key.lower() == name.lower() and dig(held[key], "enabled") is True:
            return mapping(held[key])
    return {}
