"""The diagnostic setting of a cluster: which logs of its control plane are kept."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import monitor

from components.azure import watch_names as names
from components.azure.stack import AksStack
from settings.observability import CATEGORIES


@dataclass(frozen=True, kw_only=True)
class DiagnosticsArgs:
    """Inputs of `Diagnostics`."""

    stack: AksStack
    """Categories and names."""

    cluster_id: pulumi.Input[str]
    """Azure id of the cluster."""

    workspace_id: pulumi.Input[str]
    """Azure id of the Log Analytics workspace."""


class Diagnostics(pulumi.ComponentResource):
    """What the control plane says, kept."""

    setting_id: pulumi.Output[str]
    """Azure id of the diagnostic setting."""

    def __init__(
        self, name: str, args: DiagnosticsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:Diagnostics", name, None, opts)
        wanted = args.stack.settings.observability.diagnostics

        setting = monitor.DiagnosticSetting(
            f"{name}-setting",
            name=names.diagnostic_setting(args.stack),
            resource_uri=args.cluster_id,
            workspace_id=args.workspace_id,
            log_analytics_destination_type=wanted.destination_type,
            # In Azure's order, whatever the stack's: a line moved in a file is no change.
            logs=[
                {"category": it, "enabled": True} for it in CATEGORIES if it in wanted.categories
            ],
            # Said, since prometheus has them: the platform's metrics as logs would be paid for twice.
            metrics=[{"category": "AllMetrics", "enabled": False}],
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.setting_id = setting.id
        self.register_outputs({"setting_id": self.setting_id})
