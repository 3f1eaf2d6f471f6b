"""Value types of Azure's own names and ids, each named for the thing and with an example in its error."""

from typing import Annotated

from settings.constraint import Number, Text

POOL_NAME_MAX_CHARACTERS = 12
"""https://learn.microsoft.com/azure/aks/create-node-pools (Linux)"""

_GROUP_ID = r"^/subscriptions/[0-9a-fA-F-]{36}/resourceGroups/[^/]+/providers/"

_EXAMPLE_GROUP_ID = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-shared/providers/"
)

PodsANode = Annotated[
    int, Number("must be a number of pods from 30 to 250, for example 110", 30, 250)
]

DiskGib = Annotated[int, Number("must be a size in GiB from 30 to 2048, for example 128", 30, 2048)]

DrainMinutes = Annotated[int, Number("must be minutes from 1 to 1440, for example 30", 1, 1440)]

AzureLocation = Annotated[
    str,
    Text(
        r"^[a-z]+[a-z0-9]*$",
        "must be an Azure location in its short form, for example 'westeurope'",
    ),
]

VmSize = Annotated[
    str,
    Text(
        r"^Standard_[A-Za-z0-9_-]+$",
        "must be an Azure machine size, for example 'Standard_D4ds_v5'",
    ),
]

PoolName = Annotated[
    str,
    Text(
        r"^[a-z][a-z0-9]*$",
        f"must be at most {POOL_NAME_MAX_CHARACTERS} lower-case letters and digits, a letter first, for example 'wg1'",
        POOL_NAME_MAX_CHARACTERS,
    ),
]

EntraObjectId = Annotated[
    str,
    Text(
        r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        "must be an Entra object id in lower case, not a name, for example '0f8fad5b-d9cb-469f-a165-70867728950e'",
    ),
]

ClientId = Annotated[
    str,
    Text(
        r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        "must be the client id of an identity in lower case, not a name, for example "
        "'0f8fad5b-d9cb-469f-a165-70867728950e'",
    ),
]

RoleScope = Annotated[
    str,
    Text(
        r"^/subscriptions/[0-9a-fA-F-]{36}(/resourceGroups/[^/]+(/providers/[A-Za-z.]+(/[^/]+/[^/]+)+)?)?$",
        "must be the id of an Azure resource, or of a resource group or a subscription, for example "
        "'/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-shared/providers/"
        "Microsoft.Storage/storageAccounts/courseuploads'",
    ),
]


def _resource_id(what: str, kind: str, name: str) -> Text:
    return Text(
        rf"{_GROUP_ID}{kind}/[^/]+$",
        f"must be the Azure resource id of {what}, for example '{_EXAMPLE_GROUP_ID}{kind}/{name}'",
    )


AzureResourceId = Annotated[
    str,
    Text(
        rf"{_GROUP_ID}[^/]+(/[^/]+/[^/]+)+$",
        f"must be an Azure resource id, for example '{_EXAMPLE_GROUP_ID}Microsoft.KeyVault/vaults/course-kv'",
    ),
]

VaultId = Annotated[str, _resource_id("a Key Vault", "Microsoft.KeyVault/vaults", "course-kv")]

RegistryId = Annotated[
    str,
    _resource_id(
        "a container registry", "Microsoft.ContainerRegistry/registries", "courseregistry"
    ),
]

LogWorkspaceId = Annotated[
    str,
    _resource_id(
        "a Log Analytics workspace", "Microsoft.OperationalInsights/workspaces", "log-course"
    ),
]

MonitorWorkspaceId = Annotated[
    str, _resource_id("an Azure Monitor workspace", "Microsoft.Monitor/accounts", "amw-course")
]

RouteTableId = Annotated[
    str, _resource_id("a route table", "Microsoft.Network/routeTables", "rt-firewall")
]

ResourceGroupName = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9_().-]*[A-Za-z0-9_()-]$",
        "must be a resource group name of at most 63 characters that does not end with a full stop, "
        "for example 'rg-course-dev'",
        63,
    ),
]
"""Azure allows 90; overlay networking with an own subnet allows 63 (facts of AKS, section 5)."""

ClusterName = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$",
        "must be at most 63 letters, digits, hyphens and underscores, for example 'aks-course-dev'",
        63,
    ),
]

DnsPrefix = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$",
        "must be at most 54 letters, digits and hyphens, for example 'course-dev'",
        54,
    ),
]

VaultName = Annotated[
    str,
    Text(
        r"^[A-Za-z](-?[A-Za-z0-9])*$",
        "must be a Key Vault name of 3 to 24 letters, digits and single hyphens, a letter first, "
        "for example 'course-kv'",
        24,
        3,
    ),
]

VaultSecretName = Annotated[
    str,
    Text(
        r"^[0-9A-Za-z-]+$",
        "must be a Key Vault secret name of letters, digits and hyphens, for example 'AZURE-PASSWORD'",
        127,
    ),
]
