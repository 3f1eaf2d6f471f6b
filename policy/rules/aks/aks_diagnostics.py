"""The control plane's audit is kept."""

from collections.abc import Iterator
from typing import Any

from policy.objects import Object, dig, items
from policy.rule import Parameter, Parameters, StackRule, Violation
from policy.stack import Stack
from policy.unknown import Undecided


def _check(_it: Object, stack: Stack, parameters: Parameters) -> Iterator[Violation]:
    hidden = None
    for setting in stack.of("azure-native:monitor:DiagnosticSetting"):
        try:
            if any(_keeps(log, parameters) for _, log in items(setting.manifest, "logs")):
                return
        except Undecided as undecided:
            hidden = hidden or undecided
    if hidden:
        raise hidden
    yield "resourceName", "keeps no audit log of its API server"


def _keeps(log: Any, parameters: Parameters) -> bool:
    wanted = (
        dig(log, "category") in parameters["categories"]
        or dig(log, "categoryGroup") in parameters["groups"]
    )
    return wanted and dig(log, "enabled") is True


RULE = StackRule(
    id="aks-diagnostics",
    title="The control plane's audit is kept",
    area="aks",
    severity="advisory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    parameters={
        "categories": Parameter(
            default=["kube-audit", "kube-audit-admin"], docs="categories of which one must be kept"
        ),
        "groups": Parameter(
            default=["audit", "allLogs"], docs="groups of categories that have them"
        ),
    },
    check=_check,
    why="Nobody can tell who did what.",
    remedy="add a DiagnosticSetting with kube-audit-admin, and guard",
    source="https://learn.microsoft.com/azure/aks/monitor-aks",
)
