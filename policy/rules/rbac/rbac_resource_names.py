"""Resources are named as the API knows them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy.objects import items
from policy.rule import Parameters, Rule, Violation
from policy.rules._roles import rights

_PLURALS: Final = (
    "configmaps",
    "cronjobs",
    "daemonsets",
    "deployments",
    "endpoints",
    "events",
    "horizontalpodautoscalers",
    "ingresses",
    "jobs",
    "namespaces",
    "networkpolicies",
    "nodes",
    "persistentvolumeclaims",
    "persistentvolumes",
    "poddisruptionbudgets",
    "pods",
    "replicasets",
    "resourcequotas",
    "rolebindings",
    "roles",
    "secrets",
    "serviceaccounts",
    "services",
    "statefulsets",
)
_SINGULARS: Final = {
    **{it.removesuffix("s"): it for it in _PLURALS if it != "endpoints"},
    "ingress": "ingresses",
    "networkpolicy": "networkpolicies",
}


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    for path, name in items(it, "resources"):
        noun, slash, rest = str(name).partition("/")
        known = _SINGULARS.get(noun.lower()) or (noun.lower() if noun.lower() in _PLURALS else None)
        if known and known != noun:
            yield path, f"grants nothing: the API knows {known}{slash}{rest}"


RULE = Rule(
    id="rbac-resource-names",
    title="Resources are named as the API knows them",
    area="rbac",
    severity="advisory",
    kinds=(
        "Role",
        "ClusterRole",
    ),
    each=rights,
    check=_check,
    why="A role for configmap grants nothing: the API knows configmaps.",
    remedy="use the plural, as kubectl api-resources prints it",
    source="https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
)
