"""A lock that Azure itself holds: against people and tools that Pulumi's `protect` does not stop."""

from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import authorization

NAME: Final = "cannot-delete"
"""Of the lock: its scope makes it the only one."""


@dataclass(frozen=True, kw_only=True)
class ClusterLockArgs:
    """Inputs of `ClusterLock`."""

    cluster_id: pulumi.Input[str]
    """Azure id of the cluster, which is what is locked; its resource group cannot be deleted then either."""


class ClusterLock(pulumi.ComponentResource):
    """CanNotDelete on the cluster. Its pools, windows and bindings are parts of it, so they stay, too.

    https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
    """

    lock_id: pulumi.Output[str]
    """Azure id of the lock."""

    def __init__(
        self, name: str, args: ClusterLockArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:ClusterLock", name, None, opts)
        lock = authorization.ManagementLockByScope(
            f"{name}-cannot-delete",
            lock_name=NAME,
            scope=args.cluster_id,
            level="CanNotDelete",
            notes="Set by cluster.lock of the stack; take it off there before a pool or the cluster goes.",
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.lock_id = lock.id
        self.register_outputs({"lock_id": self.lock_id})
