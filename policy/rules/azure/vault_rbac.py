"""Azure RBAC guards the vault."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "properties", "enableRbacAuthorization") is not True:
        yield "properties.enableRbacAuthorization", "goes by access policies"


RULE = Rule(
    id="vault-rbac",
    title="Azure RBAC guards the vault",
    area="azure",
    severity="advisory",
    kinds=("azure-native:keyvault:Vault",),
    check=_check,
    why="Access policies let a Contributor grant himself all secrets.",
    remedy="set properties.enableRbacAuthorization to true",
    source="https://learn.microsoft.com/azure/key-vault/general/rbac-guide",
)
