"""Rows of everything in Azure but the cluster and its pools, and those that every Azure resource has."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from review.guard import rows_data, rows_network
from review.guard.sources import MOVES, NAME, REGION, TABLE
from review.guard.table import Guarded
from review.guard.values import ABSENT, Alike, equal, location, resource_id, unordered

STAYS_IN_ITS_REGION: Final = frozenset(
    {
        "azure-native:dataprotection:BackupVault",
        "azure-native:keyvault:Vault",
        "azure-native:network:NatGateway",
        "azure-native:network:NetworkSecurityGroup",
        "azure-native:network:PrivateEndpoint",
        "azure-native:network:RouteTable",
    }
)
"""Types whose `location` the provider does not know as force-new: neither Azure's description of the API nor the
provider's own table says so. The preview shows an update, and Azure answers InvalidResourceLocation."""

_LIGHT: Final = {"authorization:RoleAssignment"}
"""Types whose replacement is no more than a moment without them."""

_ALIKE: Final[Mapping[str, Alike]] = {
    "scope": resource_id,
    "roleDefinitionId": resource_id,
    "zones": unordered,
    "virtualNetwork": equal,
}
_ABSENT: Final[Mapping[tuple[str, str], Any]] = {
    ("network:PublicIPAddress", "publicIPAddressVersion"): "IPv4",
    ("network:PublicIPAddress", "zones"): [],
    ("network:NatGateway", "zones"): [],
    ("storage:StorageAccount", "isHnsEnabled"): False,
    ("storage:StorageAccount", "enableNfsV3"): False,
    ("keyvault:Vault", "properties.softDeleteRetentionInDays"): 90,
}

ROWS: Final[tuple[Guarded, ...]] = tuple(
    Guarded(
        type=f"azure-native:{type_}",
        path=path,
        effect=effect,
        when=when,
        why=why,
        safe=safe,
        source=source,
        known=known,
        alike=_ALIKE.get(path, equal),
        absent=_ABSENT.get((type_, path), ABSENT),
        grave=False if type_ in _LIGHT and effect == "replaces" else None,
    )
    for type_, path, effect, when, why, safe, source, known in (*rows_network.ROWS, *rows_data.ROWS)
)


_GOES: Final[Mapping[str, str]] = {
    "containerservice:AgentPool": "its nodes go before the first new one comes",
    "containerservice:ManagedCluster": "everything that runs there goes",
    "keyvault:Vault": "its secrets go, and its name stays taken for the days of its retention",
    "managedidentity:UserAssignedIdentity": "its client id is another one, and nothing is granted to it",
    "network:PublicIPAddress": "the address is given back",
    "network:Subnet": "Azure refuses to delete it while nodes are in it, and the update stops half-way",
    "network:VirtualNetwork": "Azure refuses to delete it while nodes are in it, and the update stops half-way",
    "resources:ResourceGroup": "Azure deletes whatever is inside, made here or not",
}
"""What a replacement of a type means, beyond its being another resource."""


def of_the_path(type_: str, parameters: Iterable[str]) -> list[Guarded]:
    """Rows of what names the resource in its URL: a change there is another resource."""
    short = type_.removeprefix("azure-native:")
    return [
        Guarded(
            type=type_,
            path=parameter,
            effect="replaces",
            why=f"it is part of the resource's path, so another value is another resource{_goes(type_)}",
            safe=NAME,
            source="https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/provider/diff.go",
            known="provider",
            alike=resource_id if parameter in ("scope", "resourceUri") else equal,
            grave=False if short in _LIGHT else None,
        )
        for parameter in parameters
    ]


def of_the_region(type_: str) -> Guarded:
    """The row of `location`, which every resource with a region has."""
    stays = type_ in STAYS_IN_ITS_REGION
    effect = (
        ": the preview shows an update, and Azure answers InvalidResourceLocation"
        if stays
        else _goes(type_)
    )
    return Guarded(
        type=type_,
        path="location",
        effect="refused" if stays else "replaces",
        why=f"nothing moves to another region{effect}",
        safe=REGION,
        source=MOVES if stays else TABLE,
        known="documented" if stays else "provider",
        alike=location,
    )


def _goes(type_: str) -> str:
    text = _GOES.get(type_.removeprefix("azure-native:"))
    return f": {text}" if text else ""
