"""A deleted vault can be brought back."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "properties", "enablePurgeProtection") is not True:
        yield "properties.enablePurgeProtection", "lets anybody with rights delete it for good"


RULE = Rule(
    id="vault-purge-protection",
    title="A deleted vault can be brought back",
    area="azure",
    severity="mandatory",
    kinds=("azure-native:keyvault:Vault",),
    check=_check,
    why="Keys and secrets are lost for good, and disks encrypted with them, too.",
    remedy="set properties.enablePurgeProtection to true",
    source="https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview",
)
