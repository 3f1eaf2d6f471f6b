"""Who may do what in a namespace: one Role a persona or role of the estate, bound to Entra groups.

A persona without groups gets neither Role nor binding, so the Roles of a namespace are the list of who may act in it,
and none lies about for a binding made by hand. What a workload itself may do is in `service_account`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from manifests import Manifest, Part
from settings.access import CustomRole, ServiceAccount
from settings.escalation import found_in
from settings.personas import DEBUGGER, DEPLOYER, OPERATOR, RULES, VIEWER
from settings.rbac import API_GROUP, Rule
from settings.stack import Settings

REASON = "aks-platform/reason"
"""Annotation of a role with why it has `*`."""

ALLOWS = "aks-platform/allows."
"""Before the name of a way to further rights: annotation of a role with why it has that."""


def parts(settings: Settings, namespace: str, labels: dict[str, str]) -> list[Part]:
    """Role and RoleBinding of every persona and role with groups, after the tenant's role `namespace`."""
    found: list[Part] = []
    for name, rules, groups, why in _given(settings, namespace):
        found += (
            Part(f"role-{name}", role(namespace, name, rules, labels, why), ("namespace",)),
            Part(
                f"binding-{name}",
                binding(namespace, name, _subjects(groups), labels),
                ("namespace", f"role-{name}"),
            ),
        )
    return found


def _given(
    settings: Settings, namespace: str
) -> Iterator[tuple[str, tuple[Rule, ...], Sequence[str], dict[str, str]]]:
    access = settings.namespaces[namespace].access
    for persona, rules in RULES.items():
        if groups := getattr(access, persona):
            # Whoever opens no shell needs no reason to.
            opens = any(path.name == "exec" for rule in rules for path, _ in found_in(rule))
            yield persona, rules, groups, allowed(access.allow_escalation) if opens else {}
    for name, groups in sorted(access.roles.items()):
        if groups:
            given = settings.roles[name]
            yield name, tuple(it.rule for it in given.rules), groups, reasons([given])


def allowed(reasons: Mapping[Any, str]) -> dict[str, str]:
    """Annotations that say why a role has these ways to further rights."""
    return {f"{ALLOWS}{path}": text for path, text in sorted(reasons.items())}


def reasons(given: Iterable[CustomRole | ServiceAccount]) -> dict[str, str]:
    """Annotations of one role that has the rules of all these."""
    found: dict[str, list[str]] = {}
    for it in given:
        if isinstance(it, CustomRole) and it.reason:
            found.setdefault(REASON, []).append(it.reason)
        for key, text in allowed(it.allow_escalation).items():
            found.setdefault(key, []).append(text)
    return {key: "; ".join(dict.fromkeys(texts)) for key, texts in found.items()}


def role(
    namespace: str,
    name: str,
    rules: Iterable[Rule],
    labels: dict[str, str],
    why: Mapping[str, str] = MappingProxyType({}),
) -> Manifest:
    """A Role with `rules`, and the annotations `why` it has what needs a reason."""
    metadata: dict[str, Any] = {"name": name, "namespace": namespace, "labels": {**labels}}
    if why:
        metadata["annotations"] = {**why}
    return {
        "apiVersion": f"{API_GROUP}/v1",
        "kind": "Role",
        "metadata": metadata,
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
