"""Azure's own rules of good workloads on the cluster.

The only API that azure-native has them in is a preview, 2025-04-02-preview: Azure retires those about a year after
their release, so they are an option and no profile takes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import containerservice

from settings.cluster_security import Safeguards


@dataclass(frozen=True, kw_only=True)
class DeploymentSafeguardsArgs:
    """Inputs of `DeploymentSafeguards`."""

    safeguards: Safeguards
    """Level and excluded namespaces."""

    cluster_id: pulumi.Input[str]
    """Azure id of the cluster."""

    after: Sequence[pulumi.Resource]
    """What changes the cluster before: Azure runs one operation a cluster at a time."""


class DeploymentSafeguards(pulumi.ComponentResource):
    """Deployment safeguards of a cluster."""

    safeguard_id: pulumi.Output[str]
    """Azure id."""

    def __init__(
        self, name: str, args: DeploymentSafeguardsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:DeploymentSafeguards", name, None, opts)
        made = containerservice.DeploymentSafeguard(
            f"{name}-level",
            resource_uri=args.cluster_id,
            level=args.safeguards.level,
            excluded_namespaces=args.safeguards.excluded_namespaces,
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.after),
        )
        self.safeguard_id = made.id
        self.register_outputs({"safeguard_id": self.safeguard_id})
