"""Roles: words that the API knows, no way to further rights that nobody meant, and nobody left out by a misspelling."""

from collections.abc import Collection, Iterable, Iterator
from typing import get_args

from settings.access import RoleRule
from settings.api_resources import Table, expanded, served_by
from settings.escalation import EscalationPath, found_in
from settings.faults import Fault, did_you_mean
from settings.personas import RULES
from settings.rbac import Right, Rule, granted
from settings.role_slips import slips, wildcards
from settings.sources import Sources
from settings.stack import Settings
from settings.workload import Workload

At = tuple[str | int, ...]
_SHOWN = 3
"""Rights named in a fault; more are counted."""


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Roles of the stack, who has them, the rights of workloads, shells beside stronger service accounts."""
    for name, role in settings.roles.items():
        at: At = ("roles", name)
        if name in RULES:
            yield sources.fault(at, "is a persona already", repr(name), "call it otherwise")
        yield from _rules(settings, sources, at, role.rules, reason=bool(role.reason),
                          allowed=role.allow_escalation)  # fmt: skip
    doubtful: set[str] = set()
    for workload in settings.workloads.values():
        for fault in _account(settings, sources, workload):
            doubtful.add(workload.name)
            yield fault
    stronger: dict[str, list[Workload]] = {}
    for workload in settings.workloads.values():
        if _has_rights(workload) and workload.name not in doubtful:
            stronger.setdefault(workload.namespace, []).append(workload)
    for namespace, tenant in settings.namespaces.items():
        for name in tenant.access.roles:
            at = ("namespaces", namespace, "access", "roles", name)
            if name not in settings.roles:
                remedy = did_you_mean(name, settings.roles) or "add it there"
                rule = "must be a key in 'roles' of the stack"
                yield sources.fault(at, rule, repr(name), remedy)
        yield from _shells(settings, sources, namespace, stronger.get(namespace, []))


def _has_rights(workload: Workload) -> bool:
    return bool(workload.service_account.rules or workload.service_account.roles)


def _account(settings: Settings, sources: Sources, workload: Workload) -> Iterator[Fault]:
    account, at = workload.service_account, ("workloads", workload.name, "serviceAccount")
    calls = any(it.partition(":")[0] == "kubernetes" for it in workload.uses)
    if account.token and not calls:
        rule = "needs the Kubernetes API, which the network policies of this workload cut off"
        yield sources.fault((*at, "token"), rule, remedy="add 'kubernetes' to 'uses'")
    if not _has_rights(workload):
        return
    if not account.token:
        rule = "must be true for pods to use the rights of their service account"
        yield sources.fault((*at, "token"), rule, remedy="add 'token: true', or remove the rights")
    for index, name in enumerate(account.roles):
        if name not in settings.roles:
            remedy = did_you_mean(name, settings.roles) or "add it there"
            rule = "must be a key in 'roles' of the stack"
            yield sources.fault((*at, "roles", index), rule, repr(name), remedy)
    tenant = settings.namespaces.get(workload.namespace)
    taken = [*RULES, *(tenant.access.roles if tenant else ())]
    if workload.name in taken:
        rule = f"is the name of a role in namespace {workload.namespace}, too, and its own rights need one"
        yield sources.fault(
            ("workloads", workload.name, "name"), rule, repr(workload.name), "rename it"
        )
    yield from _rules(
        settings, sources, at, account.rules, reason=False, allowed=account.allow_escalation
    )


def _rules(
    settings: Settings,
    sources: Sources,
    at: At,
    rules: Iterable[RoleRule],
    *,
    reason: bool,
    allowed: Collection[str],
) -> Iterator[Fault]:
    table = served_by(settings.cluster.kubernetes_version)
    opened: set[str] = set()
    for index, given in enumerate(rules):
        here, rule, wrong = (*at, "rules", index), given.rule, False
        for slip in slips(rule, table):
            wrong = True
            yield sources.fault((*here, slip.part, slip.place), slip.rule, slip.value, slip.remedy)
        for part, place in wildcards(rule).items():
            if not reason and not wrong:
                text = "takes in whatever a later version brings"
                remedy = (
                    "list what is meant, or say why in 'reason' of the role"
                    if at[0] == "roles"
                    else "list what is meant, or use a role of the stack's 'roles' with a 'reason'"
                )
                wrong = True
                yield sources.fault((*here, part, place), text, "'*'", remedy)
        for path, rights in found_in(rule):
            if path.name not in _NAMESPACED or not any(_served(table, it) for it in rights):
                continue
            opened.add(path.name)
            if path.name not in allowed and not wrong:
                remedy = f"{path.remedy}; or, if meant, say why in 'allowEscalation.{path.name}'"
                yield sources.fault(here, f"{_listed(rights)}: {path.why}", remedy=remedy)
    for name in allowed:
        if name not in opened:
            rule_ = "allows what no rule does"
            yield sources.fault((*at, "allowEscalation", name), rule_, repr(name), "remove it")


_NAMESPACED = frozenset(get_args(EscalationPath))


def _served(table: Table, right: Right) -> bool:
    """Whether a role of a namespace can grant it: an impersonated user is of the whole cluster."""
    known = table.get((right.group, right.resource))
    return known is not None and (known.namespaced or right.resource == "namespaces")


def _shells(
    settings: Settings, sources: Sources, namespace: str, workloads: list[Workload]
) -> Iterator[Fault]:
    """Personas that open a shell beside a service account that may do more than they.

    A role of the stack that does so has its reason in the role.
    """
    access = settings.namespaces[namespace].access
    table = served_by(settings.cluster.kubernetes_version)
    needed = False
    for persona, rules in RULES.items():
        if not getattr(access, persona) or not _opens_shells(rules):
            continue
        for workload in workloads:
            more = _beyond(rules, _rules_of(settings, workload), table)
            needed = needed or bool(more)
            if more and "exec" not in access.allow_escalation:
                yield sources.fault(
                    ("namespaces", namespace, "access", persona),
                    f"opens a shell beside {workload.name}, whose service account may do more: {_listed(more)}",
                    remedy=f"give {workload.name} a namespace of its own, or say why in 'access.allowEscalation.exec'",
                )
                break
    if "exec" in access.allow_escalation and not needed:
        yield sources.fault(
            ("namespaces", namespace, "access", "allowEscalation", "exec"),
            "allows what nobody does: no service account here may do more than who opens a shell",
            remedy="remove it",
        )


def _opens_shells(rules: Iterable[Rule]) -> bool:
    return any(path.name == "exec" for rule in rules for path, _ in found_in(rule))


def _rules_of(settings: Settings, workload: Workload) -> tuple[Rule, ...]:
    account = workload.service_account
    shared = [
        it.rule for name in account.roles if (role := settings.roles.get(name)) for it in role.rules
    ]
    return (*shared, *(it.rule for it in account.rules))


def _beyond(rules: tuple[Rule, ...], others: tuple[Rule, ...], table: Table) -> list[Right]:
    """What `others` allow and `rules` do not."""
    return [it for rule in others for it in expanded(rule, table) if not granted(rules, it)]


def _listed(rights: list[Right]) -> str:
    """`update leases, get secrets and 4 more`."""
    shown = [f"{it.verb} {it.resource}" for it in rights[:_SHOWN]]
    return ", ".join(shown) + (f" and {len(rights) - _SHOWN} more" if len(rights) > _SHOWN else "")
