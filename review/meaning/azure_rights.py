"""Rights outside the cluster, and over all of it: Azure's role assignments, administrators, who signs in as which
identity."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from review.analyses.federations import federations
from review.findings import Severity
from review.guard.pairs import title
from review.guard.table import plain_type
from review.meaning import words
from review.plan import SECRET, UNKNOWN, Plan, Resource
from review.report import AreaFinding, Fact, Sign
from review.urn import name_of
from settings.azure_roles import OWNER_ROLES, PLATFORM_ROLES, WORKLOAD_ROLES
from settings.pipeline_roles import ROLE_IDS
from settings.pod_fields import mapping

_NAMES: Final[Mapping[str, str]] = {
    guid: name
    for roles in (PLATFORM_ROLES, ROLE_IDS, WORKLOAD_ROLES)
    for name, guid in roles.items()
}
_ASSIGNMENT: Final = ":RoleAssignment"
_CLUSTER: Final = ":ManagedCluster"
_IDENTITY: Final = ":UserAssignedIdentity"
_TRUSTED: Final = ":TrustedAccessRoleBinding"

_ROLES_DOC: Final = "https://learn.microsoft.com/azure/role-based-access-control/built-in-roles"
_ADMINS: Final = "https://learn.microsoft.com/azure/aks/enable-authentication-microsoft-entra-id"
_LOCAL: Final = "https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad"
_FEDERATED: Final = "https://learn.microsoft.com/azure/aks/workload-identity-overview"


class Assigned(NamedTuple):
    """One role assignment."""

    principal: str
    role: str
    """By name; `role <guid>` for one that this project does not know."""

    scope: str
    unsure: tuple[str, ...]
    """Inputs that are only known after a deployment."""

    urn: str
    resource: str


class SignsIn(NamedTuple):
    """A subject that signs in as an identity."""

    subject: str
    identity: str
    elsewhere: bool
    """Whether its issuer is named: then it is none of a cluster that this program builds."""

    urn: str
    resource: str


class Cluster(NamedTuple):
    """Who is let into a cluster, whatever its roles say."""

    title: str
    admins: tuple[str, ...] | None
    """Entra groups; None: only known after a deployment."""

    switches: tuple[tuple[str, str], ...]
    urn: str


@dataclass(frozen=True, kw_only=True)
class Side:
    """Of one plan."""

    assigned: tuple[Assigned, ...]
    signs_in: tuple[SignsIn, ...]
    clusters: tuple[Cluster, ...]
    trusted: tuple[tuple[str, str, str], ...]
    """Who, the role, and the URN of each binding of trusted access."""


def of_plan(plan: Plan) -> Side:
    """What the plan's Azure resources give to whom."""
    rows = [it for it in plan.resources if it.type.startswith("azure-native:")]
    by_urn = {it.urn: it for it in rows}
    named = {it.type: plain_type(it.type) for it in rows}
    return Side(
        assigned=tuple(
            sorted(_assigned(it, by_urn) for it in rows if named[it.type].endswith(_ASSIGNMENT))
        ),
        signs_in=tuple(sorted(_signs_in(plan))),
        clusters=tuple(
            sorted((_cluster(it) for it in rows if named[it.type].endswith(_CLUSTER)), key=str)
        ),
        trusted=tuple(
            sorted(
                (name_of(it.urn), _text(role) or "what only a deployment tells", it.urn)
                for it in rows
                if named[it.type].endswith(_TRUSTED)
                for role in _list(it.inputs.get("roles")) or [None]
            )
        ),
    )


def _assigned(row: Resource, by_urn: Mapping[str, Resource]) -> Assigned:
    inputs = row.inputs
    behind = [by_urn[it] for it in row.dependencies if it in by_urn]
    identities = [it for it in behind if it.type.endswith(_IDENTITY)]
    unsure = []
    principal = _text(inputs.get("principalId"))
    if principal:
        kind = _text(inputs.get("principalType")) or "principal"
        principal = f"{kind} {principal}, who is not in this program,"
    elif len(identities) == 1:
        principal = f"identity {_own(identities[0])}"
    else:
        unsure.append("principalId")
        principal = f"a principal that only a deployment tells ({_behind(identities or behind)})"
    role = _text(inputs.get("roleDefinitionId")).rpartition("/")[2].lower()
    if role:
        role = _NAMES.get(role, f"role {role}")
    else:
        unsure.append("roleDefinitionId")
        role = f"a role that only a deployment tells ({row.name})"
    scope = _text(inputs.get("scope"))
    others = [it for it in behind if it not in identities or len(identities) > 1]
    if scope:
        scope = _scope(scope)
    elif len(others) == 1:
        scope = title(others[0])
    else:
        unsure.append("scope")
        scope = f"a scope that only a deployment tells ({_behind(others)})"
    return Assigned(principal, role, scope, tuple(unsure), row.urn, f"RoleAssignment {row.name}")


def _behind(rows: Iterable[Resource]) -> str:
    return words.listed([title(it) for it in rows]) or "nothing of this program"


def _own(row: Resource) -> str:
    return _text(row.inputs.get("resourceName")) or row.name


def _scope(scope: str) -> str:
    """`registries courseregistry` of a resource, the group, or the subscription."""
    parts = scope.strip("/").split("/")
    if "providers" in parts:
        return f"{parts[-2]} {parts[-1]}"
    if len(parts) >= 4:
        return f"resource group {parts[3]}"
    return f"subscription {parts[1]}" if len(parts) == 2 else scope


def _signs_in(plan: Plan) -> Iterator[SignsIn]:
    for identity, rows in federations(plan).items():
        for row in rows:
            subject = _text(row.inputs.get("subject"))
            prefix = "system:serviceaccount:"
            if subject.startswith(prefix):
                subject = f"ServiceAccount {subject.removeprefix(prefix).replace(':', '/', 1)}"
            name = subject or "a subject that only a deployment tells"
            # That of a cluster of this program is not known before it is there.
            issuer = _text(row.inputs.get("issuer"))
            name = f"{name} of {issuer}" if issuer else name
            yield SignsIn(name, identity, bool(issuer), row.urn, title(row))


def _cluster(row: Resource) -> Cluster:
    profile = row.inputs.get("aadProfile")
    groups = mapping(profile).get("adminGroupObjectIDs")
    known: tuple[str, ...] | None
    if profile in (UNKNOWN, SECRET) or groups in (UNKNOWN, SECRET):
        known = None
    else:
        known = tuple(
            sorted(_text(it) or "one that only a deployment tells" for it in _list(groups))
        )
    api = mapping(row.inputs.get("apiServerAccessProfile"))
    switches = {
        "disableLocalAccounts": _switch(row.inputs.get("disableLocalAccounts")),
        "aadProfile.enableAzureRBAC": _switch(mapping(profile).get("enableAzureRBAC")),
        "enableRBAC": _switch(row.inputs.get("enableRBAC"), absent="true"),
        "apiServerAccessProfile.disableRunCommand": _switch(api.get("disableRunCommand")),
    }
    return Cluster(title(row), known, tuple(sorted(switches.items())), row.urn)


def _switch(value: Any, absent: str = "false") -> str:
    if value in (UNKNOWN, SECRET):
        return "unknown before deployment"
    return absent if value is None else str(value).lower()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def compare(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """Rights in Azure that are gained and lost."""
    yield from _roles(before, after)
    yield from _identities(before, after)
    old = {it.title: it for it in before.clusters}
    for it in after.clusters:
        if it.title in old:
            yield from _let_in(old[it.title], it)
    was, now = {it[:2]: it[2] for it in before.trusted}, {it[:2]: it[2] for it in after.trusted}
    signs: tuple[tuple[Sign, Mapping[tuple[str, str], str], Mapping[tuple[str, str], str]], ...] = (
        ("gained", now, was),
        ("lost", was, now),
    )
    for sign, one, other in signs:
        for who, role in sorted(one.keys() - other.keys()):
            yield Fact(
                area="permissions",
                sign=sign,
                resource=f"TrustedAccessRoleBinding {who}",
                message=f"an Azure service {'may now act' if sign == 'gained' else 'may no longer act'} in the cluster "
                f"as {role}, by trusted access {who}",
                rank=6,
                urn=one[who, role],
            )


def _roles(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    was = {it[:3]: it for it in before.assigned}
    now = {it[:3]: it for it in after.assigned}
    for key in sorted(now.keys() - was.keys()):
        it = now[key]
        if it.unsure:
            yield AreaFinding(
                rule="permissions-azure-unknown",
                severity="advisory",
                resource=it.resource,
                message=f"{it.principal} gets {it.role} on {it.scope}: what is given to whom cannot be told whole, "
                f"{' and '.join(it.unsure)} must be known",
                path=it.unsure[0],
                why="the right may be wider than it looks",
                remedy="look at it once the resources that it depends on are there",
                source=_ROLES_DOC,
                urn=it.urn,
                verdict="unknown",
                area="permissions",
            )
        if it.role in OWNER_ROLES:
            yield AreaFinding(
                rule="permissions-azure-owner",
                severity="mandatory",
                resource=it.resource,
                message=f"{it.principal} gets {it.role} on {it.scope}: it {OWNER_ROLES[it.role]}",
                path="roleDefinitionId",
                why="whoever acts as it is past every narrower role",
                remedy="give the role of the one thing that it does",
                source=_ROLES_DOC,
                urn=it.urn,
                area="permissions",
            )
        yield _role_fact(it, "gained")
    for key in sorted(was.keys() - now.keys()):
        yield _role_fact(was[key], "lost")


def _role_fact(it: Assigned, sign: Sign) -> Fact:
    gets = "gets" if sign == "gained" else "no longer has"
    return Fact(
        area="permissions",
        sign=sign,
        resource=it.resource,
        message=f"in Azure, {it.principal} {gets} {it.role} on {it.scope}",
        rank=5 if sign == "gained" else 25,
        old=it.role if sign == "lost" else "",
        new=it.role if sign == "gained" else "",
        urn=it.urn,
    )


def _identities(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    was = {it[:2]: it for it in before.signs_in}
    now = {it[:2]: it for it in after.signs_in}
    for key in sorted(now.keys() - was.keys()):
        it = now[key]
        roles = [
            f"{one.role} on {one.scope}"
            for one in after.assigned
            if one.principal == f"identity {it.identity}"
        ]
        may = (
            f", which has {words.listed(roles)}" if roles else ", which has no role in this program"
        )
        yield Fact(
            area="permissions",
            sign="gained",
            resource=it.resource,
            message=f"{it.subject} may now sign in to Azure as identity {it.identity}{may}",
            rank=5,
            urn=it.urn,
        )
        if it.elsewhere or not it.subject.startswith("ServiceAccount "):
            yield AreaFinding(
                rule="permissions-signs-in-unknown",
                severity="advisory",
                resource=it.resource,
                message=f"who signs in as identity {it.identity} cannot be told, or is outside the "
                f"cluster: {it.subject}",
                path="issuer" if it.elsewhere else "subject",
                why="whoever is named there has every role of the identity",
                remedy="look at its issuer and subject",
                source=_FEDERATED,
                urn=it.urn,
                verdict="unknown" if "only a deployment" in it.subject else "fail",
                area="permissions",
            )
    for key in sorted(was.keys() - now.keys()):
        it = was[key]
        yield Fact(
            area="permissions",
            sign="lost",
            resource=it.resource,
            message=f"{it.subject} may no longer sign in to Azure as identity {it.identity}",
            rank=25,
            urn=it.urn,
        )


_SWITCHED: Final[Mapping[str, tuple[str, str, str, Severity, str]]] = {
    "disableLocalAccounts": (
        "true",
        "cluster has local accounts again: their certificate is of system:masters, past Entra and every role",
        "set cluster.disableLocalAccounts",
        "mandatory",
        _LOCAL,
    ),
    "enableRBAC": (
        "true",
        "whoever can sign in may do everything in the cluster: Kubernetes asks no roles any more",
        "leave RBAC on",
        "mandatory",
        _ADMINS,
    ),
    "apiServerAccessProfile.disableRunCommand": (
        "true",
        "whoever may run commands on the cluster in Azure runs them as cluster-admin, past its network",
        "leave run command off",
        "advisory",
        "https://learn.microsoft.com/azure/aks/access-private-cluster",
    ),
}
"""Switches by the value that shuts, with what follows from the other."""


def _let_in(old: Cluster, new: Cluster) -> Iterator[Fact | AreaFinding]:
    was = dict(old.switches)
    for key, value in new.switches:
        if was.get(key) == value:
            continue
        yield Fact(
            area="permissions",
            sign="changed",
            resource=new.title,
            message=f"{key} of the cluster is {value}, before {was.get(key)}",
            rank=3,
            path=key,
            old=was.get(key, ""),
            new=value,
            urn=new.urn,
        )
        shut, why, remedy, severity, source = _SWITCHED.get(key, ("", "", "", "advisory", ""))
        if shut and value != shut:
            open_ = value == "unknown before deployment"
            yield AreaFinding(
                rule=f"permissions-{'unknown' if open_ else 'cluster'}-{key.rpartition('.')[2].lower()}",
                severity="advisory" if open_ else severity,
                resource=new.title,
                message=f"{key} must be known before deployment" if open_ else why,
                path=key,
                why="" if open_ else "it is a way in that no role of this program describes",
                remedy=remedy,
                source=source,
                urn=new.urn,
                verdict="unknown" if open_ else "fail",
                area="permissions",
            )
    yield from _admins(old, new)


def _admins(old: Cluster, new: Cluster) -> Iterator[Fact | AreaFinding]:
    if old.admins == new.admins:
        return
    if new.admins is None or old.admins is None:
        yield AreaFinding(
            rule="permissions-admins-unknown",
            severity="advisory",
            resource=new.title,
            message="who administers the cluster cannot be told: aadProfile.adminGroupObjectIDs must be known "
            + ("before deployment" if new.admins is None else "in the base, too"),
            path="aadProfile.adminGroupObjectIDs",
            why="its members may do everything in every namespace",
            remedy="name the groups in the settings",
            source=_ADMINS,
            urn=new.urn,
            verdict="unknown",
            area="permissions",
        )
        return
    # Several of them may be told by a deployment only: they have one name.
    for group in sorted((Counter(new.admins) - Counter(old.admins)).elements()):
        yield AreaFinding(
            rule="permissions-admin-gained",
            severity="mandatory",
            resource=new.title,
            message=f"Entra group {group} administers the cluster now: its members may do everything "
            "in every namespace",
            path="aadProfile.adminGroupObjectIDs",
            why="no role narrows it, and it reads every Secret",
            remedy="add people to the group that is there, or give a role",
            source=_ADMINS,
            urn=new.urn,
            area="permissions",
        )
        yield _admin_fact(new, group, "gained")
    for group in sorted((Counter(old.admins) - Counter(new.admins)).elements()):
        yield _admin_fact(new, group, "lost")


def _admin_fact(it: Cluster, group: str, sign: Sign) -> Fact:
    does = (
        "administers the cluster now" if sign == "gained" else "no longer administers the cluster"
    )
    return Fact(
        area="permissions",
        sign=sign,
        resource=it.title,
        message=f"Entra group {group} {does}",
        rank=1,
        path="aadProfile.adminGroupObjectIDs",
        urn=it.urn,
    )
