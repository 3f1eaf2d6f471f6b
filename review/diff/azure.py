"""What Azure takes for equal, where azure-native's schema says nothing of it.

Names are those of properties, in whatever resource: Azure uses one name for one thing. A list of objects is known by
`name` or `id`, as ARM merges sub-resources; a list that is not in `SETS` keeps its order.
"""

from collections.abc import Mapping
from typing import Any, Final

from review.diff.shapes import ANY, Listing, Shape

SETS: Final = frozenset(
    {
        # https://learn.microsoft.com/azure/templates/microsoft.containerservice/managedclusters
        "adminGroupObjectIDs",
        "authorizedIPRanges",
        "availabilityZones",
        "nodeTaints",
        "userAssignedIdentities",
        "allowedHostPorts",
        "applicationSecurityGroups",
        "ipTags",
        # https://learn.microsoft.com/azure/templates/microsoft.containerservice/managedclusters/maintenanceconfigurations
        "daysOfMonth",
        "hourSlots",
        "notAllowedTime",
        "timeInWeek",
        # https://learn.microsoft.com/azure/templates/microsoft.containerservice/managedclusters/trustedaccessrolebindings
        "roles",
        # https://learn.microsoft.com/azure/templates/microsoft.alertsmanagement/prometheusrulegroups
        "actions",
        "scopes",
        # https://learn.microsoft.com/azure/templates/microsoft.dataprotection/backupvaults
        "backupDatasourceParametersList",
        "dataStoreParametersList",
        "datasourceTypes",
        "excludedNamespaces",
        "excludedResourceTypes",
        "includedNamespaces",
        "includedResourceTypes",
        "policyRules",
        "taggingCriteria",
        "storageSettings",
        # https://learn.microsoft.com/azure/templates/microsoft.insights/datacollectionrules
        "dataFlows",
        "destinations",
        "extensions",
        "logAnalytics",
        "monitoringAccounts",
        "prometheusForwarder",
        "streams",
        # https://learn.microsoft.com/azure/templates/microsoft.insights/actiongroups
        "armRoleReceivers",
        "emailReceivers",
        "smsReceivers",
        "webhookReceivers",
        # https://learn.microsoft.com/azure/templates/microsoft.insights/diagnosticsettings
        "logs",
        "metrics",
        # https://learn.microsoft.com/azure/templates/microsoft.managedidentity/userassignedidentities
        "audiences",
        # https://learn.microsoft.com/azure/templates/microsoft.network/virtualnetworks
        "addressPrefixes",
        "delegations",
        "publicIpAddresses",
        "publicIpPrefixes",
        "serviceEndpoints",
        "subnets",
        "zones",
        # https://learn.microsoft.com/azure/templates/microsoft.network/networksecuritygroups
        "destinationAddressPrefixes",
        "destinationPortRanges",
        "securityRules",
        "sourceAddressPrefixes",
        "sourcePortRanges",
        # https://learn.microsoft.com/azure/templates/microsoft.storage/storageaccounts
        "ipRules",
        "virtualNetworkRules",
    }
)
ORDERED: Final = frozenset(
    {
        "ipFamilies",  # the first one is primary
        "lifecycles",  # a backup goes from one to the next
        "repeatingTimeIntervals",
        "rules",  # of a group, evaluated one after the other
        "targetDataStoreCopySettings",
    }
)
"""Lists of this program's resources whose order counts, or may."""

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "agentPoolProfiles": ("name",),
    "logs": ("category", "categoryGroup"),
    "metrics": ("category",),
    "actions": ("actionGroupId",),
    "backupDatasourceParametersList": ("objectType",),
    "dataStoreParametersList": ("dataStoreType",),
    "taggingCriteria": ("tagInfo.tagName",),
    "publicIpAddresses": ("id",),
    "serviceEndpoints": ("service",),
    "storageSettings": ("datastoreType",),
    "timeInWeek": ("day",),
}
NAMED: Final = frozenset({"agentPoolProfiles"})
"""Lists of named sub-resources whose order says nothing, beside those in `SETS`."""

_PLACES: Final = frozenset({"location", "azureRegion"})
"""`West Europe` is `westeurope`."""


class AzureShape(Shape):
    """Of a property of an Azure resource, known by its name alone."""

    def __init__(self, key: str = "") -> None:
        self._key = key
        unordered = key in SETS or key in NAMED
        self.listing = Listing(keys=_NAMES.get(key, ("name",)), ordered=not unordered)

    def normal(self, value: Any) -> Any:
        """Regions without spaces, ids of resources without case."""
        if isinstance(value, str):
            if self._key in _PLACES:
                return value.replace(" ", "").lower()
            if value[:15].lower() == "/subscriptions/":
                return value.lower()
        return value

    def field(self, key: str) -> Shape:
        return ANY if self._key == "tags" else AzureShape(key)

    def item(self) -> Shape:
        return AzureShape()
