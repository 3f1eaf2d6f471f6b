"""A Key Vault that the stack makes.

Left out on purpose: its secrets, which people and pipelines write, and who may: give them Key Vault Secrets Officer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi_azure_native import keyvault, monitor
from pulumi_azure_native.keyvault import SkuName

from components.azure import data_names
from components.azure.private_endpoint import PrivateEndpoint, PrivateEndpointArgs
from components.azure.stack import AksStack
from settings.global_names import vault_name
from settings.vaults import VaultCreate

ZONE: Final = "privatelink.vaultcore.azure.net"
"""https://learn.microsoft.com/azure/private-link/private-endpoint-dns"""

PART: Final = "vault"


@dataclass(frozen=True, kw_only=True)
class KeyVaultArgs:
    """Inputs of `KeyVault`."""

    stack: AksStack
    """Names, tags, and what the vault is."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""

    key: str
    """Key in `keyVaults`."""

    egress_ranges: Sequence[pulumi.Input[str]]
    """Public ranges that nodes leave by, as far as they are known beforehand."""

    endpoint_subnet_id: pulumi.Input[str] | None = None
    """Subnet of private endpoints; required with `privateEndpoint`."""

    zone_id: pulumi.Input[str] | None = None
    """Private DNS zone `ZONE`; required with `privateEndpoint`."""

    log_workspace_id: pulumi.Input[str] | None = None
    """Where accesses are logged; None: nowhere."""

    def __post_init__(self) -> None:
        if self.create.private_endpoint and not (self.endpoint_subnet_id and self.zone_id):
            raise ValueError(
                f"keyVaults.{self.key}.create.privateEndpoint requires network.subnets.privateEndpoints"
            )

    @property
    def create(self) -> VaultCreate:
        """What the stack says of it; raises `ValueError` for a vault that is not made here."""
        vault = self.stack.settings.key_vaults.get(self.key)
        if vault is None or vault.create is None:
            raise ValueError(f"keyVaults.{self.key} is not made here")
        return vault.create


class KeyVault(pulumi.ComponentResource):
    """One vault, its private address and its log."""

    vault_id: pulumi.Output[str]
    """Azure id; whoever uses it waits for the private address."""

    def __init__(
        self, name: str, args: KeyVaultArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:KeyVault", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack, create = args.stack, args.create
        vault = keyvault.Vault(
            f"{name}-vault",
            vault_name=vault_name(stack.settings, args.key),
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            properties={
                "tenant_id": stack.access.tenant_id,
                "sku": {"family": "A", "name": SkuName(create.sku)},
                "enable_rbac_authorization": True,
                "enable_soft_delete": True,
                "soft_delete_retention_in_days": create.soft_delete_days,
                # Azure takes no false here.
                **({"enable_purge_protection": True} if create.purge_protection else {}),
                "enabled_for_deployment": False,
                "enabled_for_disk_encryption": False,
                "enabled_for_template_deployment": False,
                **_reach(create, args.egress_ranges),
            },
            opts=child,
        )
        waits = [vault.id]
        if create.private_endpoint and args.endpoint_subnet_id and args.zone_id:
            endpoint = PrivateEndpointArgs(
                stack=stack,
                resource_group=args.resource_group,
                endpoint_name=data_names.private_endpoint(vault_name(stack.settings, args.key)),
                target_id=vault.id,
                part=PART,
                subnet_id=args.endpoint_subnet_id,
                zone_id=args.zone_id,
            )
            waits.append(PrivateEndpoint(f"{name}-private", endpoint, child).endpoint_id)
        if create.audit and args.log_workspace_id is not None:
            monitor.DiagnosticSetting(
                f"{name}-audit",
                name="audit",
                resource_uri=vault.id,
                workspace_id=args.log_workspace_id,
                log_analytics_destination_type="Dedicated",
                logs=[{"category": "AuditEvent", "enabled": True}],
                metrics=[{"category": "AllMetrics", "enabled": False}],
                opts=child,
            )
        self.vault_id = pulumi.Output.all(*waits).apply(lambda them: str(them[0]))
        self.register_outputs({"vault_id": self.vault_id})


def _reach(create: VaultCreate, egress_ranges: Sequence[pulumi.Input[str]]) -> dict[str, Any]:
    """From where the vault answers. A load balancer's address is not known before the cluster: then every network,
    with a role."""
    open_to_all = not create.private_endpoint and not egress_ranges
    return {
        "public_network_access": "disabled" if create.private_endpoint else "enabled",
        "network_acls": {
            "bypass": "AzureServices",
            "default_action": "Allow" if open_to_all else "Deny",
            "ip_rules": [] if create.private_endpoint else [{"value": it} for it in egress_ranges],
            "virtual_network_rules": [],
        },
    }
