"""Physical names of what watches a cluster, made from settings alone and within Azure's limit.

As in `names`, nothing here may change for a stack that exists. Limits:
https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

from typing import Final

from components.azure.stack import AksStack
from manifests.names import shortened

WORKSPACE_MAX_CHARACTERS: Final = 63
"""Of a Log Analytics workspace; taken for an Azure Monitor workspace and collection rules, too, which allow as many."""

ENDPOINT_MAX_CHARACTERS: Final = 44
"""Of a data collection endpoint."""

GRAFANA_MAX_CHARACTERS: Final = 23
"""Of a Managed Grafana."""

GROUP_MAX_CHARACTERS: Final = 260
"""Of an action group and a Prometheus rule group."""

INSIGHTS_ASSOCIATION: Final = "ContainerInsightsExtension"
"""The name under which the agent looks for its rule:
https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable"""


def log_workspace(stack: AksStack) -> str:
    """Name of the Log Analytics workspace."""
    return shortened(f"log-{_estate(stack)}", WORKSPACE_MAX_CHARACTERS)


def monitor_workspace(stack: AksStack) -> str:
    """Name of the Azure Monitor workspace."""
    return shortened(f"amw-{_estate(stack)}", WORKSPACE_MAX_CHARACTERS)


def grafana(stack: AksStack) -> str:
    """Name of the Managed Grafana; Azure adds a hash of its own to the host name."""
    return shortened(f"amg-{_estate(stack)}", GRAFANA_MAX_CHARACTERS)


def collection_endpoint(stack: AksStack) -> str:
    """Name of the endpoint that metrics go to."""
    return shortened(f"dce-{_estate(stack)}-prometheus", ENDPOINT_MAX_CHARACTERS)


def collection_rule(stack: AksStack, what: str) -> str:
    """Name of the rule that says what is collected: `prometheus` or `insights`."""
    return shortened(f"dcr-{_estate(stack)}-{what}", WORKSPACE_MAX_CHARACTERS)


def association(stack: AksStack, what: str) -> str:
    """Name of what ties a cluster to a rule."""
    return shortened(f"dcra-{_estate(stack)}-{what}", WORKSPACE_MAX_CHARACTERS)


def rule_group(stack: AksStack, what: str) -> str:
    """Name of a group of Prometheus rules."""
    return shortened(f"prg-{stack.cluster_name}-{what}", GROUP_MAX_CHARACTERS)


def action_group(stack: AksStack, group: str) -> str:
    """Name of an action group."""
    return shortened(f"ag-{_estate(stack)}-{group}", GROUP_MAX_CHARACTERS)


def diagnostic_setting(stack: AksStack) -> str:
    """Name of the diagnostic setting of the cluster."""
    return shortened(f"diag-{stack.cluster_name}", GROUP_MAX_CHARACTERS)


def _estate(stack: AksStack) -> str:
    return f"{stack.settings.platform}-{stack.settings.environment}"
