"""Workloads stay off the system pool."""

from collections.abc import Iterator
from typing import Any, Final

from policy.objects import Pod, dig, items, mapping, pods
from policy.rule import Parameter, Parameters, StackRule, Violation
from policy.rules._azure import pools
from policy.rules._turns import over
from policy.stack import Stack

_TAINT: Final = "CriticalAddonsOnly"
_EFFECT: Final = "NoSchedule"
"""Of that taint; a toleration that names none is of all."""

_LABELS: Final = ("agentpool", "kubernetes.azure.com/agentpool")
_MODE: Final = "kubernetes.azure.com/mode"


def _check(it: Pod, stack: Stack, parameters: Parameters) -> Iterator[Violation]:
    if it.object.namespace in parameters["namespaces"]:
        return
    chosen = mapping(it.spec, "nodeSelector")
    pool = next((chosen.get(key) for key in _LABELS if key in chosen), None)
    if chosen.get(_MODE) == "system":
        yield "nodeSelector", "asks for system nodes"
    elif pool is not None and pool in pools(stack, "System"):
        yield "nodeSelector", f"asks for the system pool {pool}"
    elif pool is None and chosen.get(_MODE) is None:
        yield from over(items(it.spec, "tolerations"), _tolerates)


def _tolerates(toleration: Any) -> Iterator[Violation]:
    if (dig(toleration, "effect") or _EFFECT) != _EFFECT:
        return
    if dig(toleration, "key") == _TAINT:
        yield "", "tolerates the taint that keeps workloads off system nodes"
    elif not dig(toleration, "key") and dig(toleration, "operator") == "Exists":
        yield "", "tolerates every taint, that of system nodes among them"


RULE = StackRule(
    id="schedule-system-pool",
    title="Workloads stay off the system pool",
    area="availability",
    severity="advisory",
    kinds=(
        "Pod",
        "Deployment",
        "StatefulSet",
        "ReplicaSet",
        "ReplicationController",
        "Job",
        "CronJob",
    ),
    each=pods,
    parameters={
        "namespaces": Parameter(
            default=["kube-system", "gatekeeper-system", "dataprotection-microsoft"],
            docs="namespaces of the system itself",
        )
    },
    reach="namespace",
    check=_check,
    why="They take room from DNS and the metrics server, without which the cluster fails.",
    remedy="select a user pool by nodeSelector, and remove the toleration of CriticalAddonsOnly",
    source="https://learn.microsoft.com/azure/aks/use-system-pools",
)
