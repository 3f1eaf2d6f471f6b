"""What holds data is protected."""

from collections.abc import Iterator
from typing import Final

from policy.objects import Object
from policy.rule import Parameters, Rule, Violation
from policy.rules._azure import ENVIRONMENTS, is_production
from policy.rules._index import CLUSTER

_KEEPERS: Final = (
    CLUSTER,
    "azure-native:containerregistry:Registry",
    "azure-native:dataprotection:BackupVault",
    "azure-native:keyvault:Vault",
    "azure-native:operationalinsights:Workspace",
    "azure-native:storage:StorageAccount",
)


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    if is_production(it, parameters) and it.options.get("protect") is not True:
        yield "tags", "is in production, and may be deleted or replaced with all that is in it"


RULE = Rule(
    id="azure-protected",
    title="What holds data is protected",
    area="azure",
    severity="mandatory",
    kinds=_KEEPERS,
    parameters={"environments": ENVIRONMENTS},
    check=_check,
    why="One wrong commit deletes it, and no state brings it back.",
    remedy="set protect for the stack",
    source="https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
)
