"""Secrets from Key Vault are rotated."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._azure import addons


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    provider = addons(it, "azureKeyvaultSecretsProvider")
    if provider and dig(provider, "config", "enableSecretRotation") != "true":
        yield "addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation", "is off"


RULE = Rule(
    id="aks-secret-rotation",
    title="Secrets from Key Vault are rotated",
    area="aks",
    severity="advisory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    check=_check,
    why="Pods go on with withdrawn passwords.",
    remedy='set azureKeyvaultSecretsProvider.config.enableSecretRotation to "true"',
    source="https://learn.microsoft.com/azure/aks/csi-secrets-store-configuration-options",
)
