"""Who may do what in a namespace: one Role a persona or role of the estate, bound to Entra groups.

A persona without groups gets neither Role nor binding, so the Roles of a namespace are the list of who may act in it,
and none lies about for a binding made by hand. What a workload itself may do is in `service_account`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from manifests import Manifest, Part
from settings.personas import DEBUGGER, DEPLOYER, OPERATOR, RULES, VIEWER
from settings.rbac import API_GROUP, Rule
from settings.stack import Settings


def parts(settings: Settings, namespace: str, labels: dict[str, str]) -> list[Part]:
    """Role and RoleBinding of every persona and role with groups, after the tenant's role `namespace`."""
    found: list[Part] = []
    for name, rules, groups in _given(settings, namespace):
        found += (
            Part(f"role-{name}", role(namespace, name, rules, labels), ("namespace",)),
            Part(
                f"binding-{name}",
                binding(namespace, name, _subjects(groups), labels),
                ("namespace", f"role-{name}"),
            ),
        )
    return found


def _given(
    settings: Settings, namespace: str
) -> Iterator[tuple[str, tuple[Rule, ...], Sequence[str]]]:
    access = settings.namespaces[namespace].access
    for persona, rules in RULES.items():
        if groups := getattr(access, persona):
            yield persona, rules, groups
    for name, groups in sorted(access.roles.items()):
        if groups:
            yield name, tuple(it.rule for it in settings.roles[name].rules), groups


def role(namespace: str, name: str, rules: Iterable[Rule], labels: dict[str, str]) -> Manifest:
    """A Role with `rules`."""
    return {
        "apiVersion": f"{API_GROUP}/v1",
        "kind": "Role",
        "metadata": {"name": name, "namespace": namespace, "labels": {**labels}},
        "rules": [it.manifest for it in rules],
    }


def binding(
    namespace: str, name: str, subjects: Sequence[Mapping[str, Any]], labels: dict[str, str]
) -> Manifest:
    """A RoleBinding of the Role of the same name."""
    return {
        "apiVersion": f"{API_GROUP}/v1",
        "kind": "RoleBinding",
        "metadata": {"name": name, "namespace": namespace, "labels": {**labels}},
        "roleRef": {"apiGroup": API_GROUP, "kind": "Role", "name": name},
        "subjects": [{**it} for it in subjects],
    }


def _subjects(groups: Sequence[str]) -> list[dict[str, str]]:
    """AKS knows an Entra group by its object id: https://learn.microsoft.com/azure/aks/azure-ad-rbac"""
    return [{"apiGroup": API_GROUP, "kind": "Group", "name": group} for group in groups]


def table() -> str:
    """Rights by persona as a Markdown table; `docs/access.md` holds it."""
    rows = ["| persona | API group | resources | verbs |", "|---|---|---|---|"]
    for persona, rules in (
        ("viewer", VIEWER),
        ("deployer, beside", DEPLOYER),
        ("debugger, beside", DEBUGGER),
        ("operator, beside all of these", OPERATOR),
    ):
        for rule in rules:
            group = ", ".join(it or "core" for it in rule.groups)
            rows.append(
                f"| {persona} | {group} | {', '.join(rule.resources)} | {', '.join(rule.verbs)} |"
            )
    return "\n".join(rows)
