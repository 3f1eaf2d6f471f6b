"""Built-in Azure roles that a workload's identity may have: mostly data, and few that manage.

Custom roles are left out on purpose: nothing here could say what they allow.
"""

from collections.abc import Mapping
from typing import Final, Literal

AzureRoleName = Literal[
    "App Configuration Data Reader",
    "Azure Event Hubs Data Receiver",
    "Azure Event Hubs Data Sender",
    "Azure Service Bus Data Receiver",
    "Azure Service Bus Data Sender",
    "Contributor",
    "DNS Zone Contributor",
    "Key Vault Crypto User",
    "Key Vault Secrets User",
    "Monitoring Metrics Publisher",
    "Owner",
    "Private DNS Zone Contributor",
    "Reader",
    "Role Based Access Control Administrator",
    "Storage Blob Data Contributor",
    "Storage Blob Data Owner",
    "Storage Blob Data Reader",
    "Storage Queue Data Contributor",
    "Storage Queue Data Message Processor",
    "Storage Queue Data Message Sender",
    "Storage Queue Data Reader",
    "Storage Table Data Contributor",
    "Storage Table Data Reader",
    "User Access Administrator",
]

WORKLOAD_ROLES: Final[Mapping[str, str]] = {
    "App Configuration Data Reader": "516239f1-63e1-4d78-a4de-a74fb236a071",
    "Azure Event Hubs Data Receiver": "a638d3c7-ab3a-418d-83e6-5f17a39d4fde",
    "Azure Event Hubs Data Sender": "2b629674-e913-4c01-ae53-ef4638d8f975",
    "Azure Service Bus Data Receiver": "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
    "Azure Service Bus Data Sender": "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
    "Contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "DNS Zone Contributor": "befefa01-2a29-4197-83a8-272ff33ce314",
    "Key Vault Crypto User": "12338af0-0e69-4776-bea7-57ae8d297424",
    "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
    "Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb",
    "Owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "Private DNS Zone Contributor": "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
    "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "Role Based Access Control Administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "Storage Queue Data Contributor": "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    "Storage Queue Data Message Processor": "8a0f0c08-91a1-4084-bc3d-661d67233fed",
    "Storage Queue Data Message Sender": "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a",
    "Storage Queue Data Reader": "19e7f393-937e-4f77-808e-94535e297925",
    "Storage Table Data Contributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    "Storage Table Data Reader": "76199698-9eea-4c19-bc75-cec21354c6b6",
    "User Access Administrator": "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
}
"""https://learn.microsoft.com/azure/role-based-access-control/built-in-roles"""

PLATFORM_ROLES: Final[Mapping[str, str]] = {
    "AcrPull": "7f951dda-4ed3-4680-a7ca-43fe172d538d",
    "Grafana Admin": "22926164-76b3-42b3-bc55-97df8dab3e41",
    "Grafana Viewer": "60921a7e-fef1-4a43-9b16-a26c52ad4769",
    "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
    "Monitoring Data Reader": "b0d8363b-8ddd-447d-831f-62ca05bff136",
    "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
}
"""What the cluster's own identities need. https://learn.microsoft.com/azure/role-based-access-control/built-in-roles"""

OWNER_ROLES: Final[Mapping[str, str]] = {
    "Contributor": "manages everything in its scope",
    "Owner": "manages everything in its scope and hands out rights",
    "Role Based Access Control Administrator": "hands out rights, to itself, too",
    "Storage Blob Data Owner": "decides who may read and write the blobs",
    "User Access Administrator": "hands out rights, to itself, too",
}
"""Roles that need a reason, and what they amount to."""

VAULT_ROLE: Final = "Key Vault Secrets User"
"""What whoever reads a vault's secrets needs, by Azure RBAC of vaults."""
