"""The vault is not open to every network."""

from collections.abc import Iterator

from policy.objects import Object, dig, mapping
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    properties = mapping(it.manifest, "properties")
    if properties.get("publicNetworkAccess") in ("Disabled", "disabled"):
        return
    if dig(properties, "networkAcls", "defaultAction") != "Deny":
        yield "properties.publicNetworkAccess", "answers every network"


RULE = Rule(
    id="vault-network",
    title="The vault is not open to every network",
    area="azure",
    severity="advisory",
    kinds=("azure-native:keyvault:Vault",),
    check=_check,
    why="Any stolen token works from anywhere.",
    remedy="set publicNetworkAccess to Disabled, or networkAcls.defaultAction to Deny",
    source="https://learn.microsoft.com/azure/key-vault/general/network-security",
)
