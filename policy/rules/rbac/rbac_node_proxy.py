"""Nobody reaches kubelets through nodes/proxy."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.rule import Parameters, Rule, Violation
from policy.rules._roles import grants, rights


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    if grants(it, "", ("nodes/proxy",), ("get", "create", "update", "patch", "delete")):
        yield "resources", "reaches every kubelet"


RULE = Rule(
    id="rbac-node-proxy",
    title="Nobody reaches kubelets through nodes/proxy",
    area="rbac",
    severity="mandatory",
    kinds=("ClusterRole",),
    each=rights,
    check=_check,
    why="It runs commands in every pod of a node, past audit and admission.",
    remedy="grant nodes/metrics or nodes/stats instead",
    source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes",
)
