"""The registry has no shared password."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    if dig(it.manifest, "adminUserEnabled") is True:
        yield "adminUserEnabled", "has a password for everybody"


RULE = Rule(
    id="registry-admin-user",
    title="The registry has no shared password",
    area="azure",
    severity="mandatory",
    kinds=("azure-native:containerregistry:Registry",),
    check=_check,
    why="The admin user is one password for all, with push.",
    remedy="set adminUserEnabled to false",
    source="https://learn.microsoft.com/azure/container-registry/container-registry-authentication",
)
