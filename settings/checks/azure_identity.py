"""Identities in Azure: names that lead somewhere, no right that nobody gave a reason for, no more accounts than Azure
takes."""

from collections.abc import Iterator, Mapping

from settings.azure_identity import MOST_FEDERATIONS, AzureRole, SharedIdentity
from settings.azure_roles import OWNER_ROLES, VAULT_ROLE
from settings.faults import Fault, did_you_mean
from settings.federations import federated, shared_vaults
from settings.sources import Sources
from settings.stack import Settings
from settings.uses import INTERNET, use
from settings.workload import Workload

At = tuple[str | int, ...]
_WIDER = {3: "subscription", 5: "resource group"}
"""What a scope is that is more than one resource, by the parts of its id."""


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Shared identities, what every identity may do, and how many sign in as one."""
    owners: dict[str, str] = {}
    for name, given in settings.azure_identities.items():
        at: At = ("azureIdentities", name)
        if given.client_id:
            yield from _given(given, at, owners.setdefault(given.client_id, name), sources)
        else:
            yield from _made(settings, given, at, sources)
        yield from _roles(
            given.roles, _vaults(settings, shared_vaults(settings, name)), at, sources
        )
    for workload in settings.workloads.values():
        yield from _of_workload(settings, workload, sources)
    yield from _counted(settings, sources)


def _given(identity: SharedIdentity, at: At, first: str, sources: Sources) -> Iterator[Fault]:
    """An identity that somebody else made: `first` is the name that it has had first."""
    if first != at[-1]:
        rule = f"is the identity {first!r} already, and Azure counts the service accounts of both"
        yield sources.fault((*at, "clientId"), rule, remedy=f"use {first!r} in its place")
    if identity.roles:
        rule = "must not stand beside 'clientId': the roles of that identity are somebody else's"
        yield sources.fault((*at, "roles"), rule, remedy="remove one of the two")


def _made(
    settings: Settings, identity: SharedIdentity, at: At, sources: Sources
) -> Iterator[Fault]:
    if identity.tenant_id:
        rule = "must stand beside 'clientId': what this stack makes is in its own tenant"
        yield sources.fault((*at, "tenantId"), rule, remedy="add 'clientId', or remove it")
    if settings.target != "aks":
        rule = "has no effect with target kubeconfig, which makes nothing in Azure"
        yield sources.fault(at, rule, remedy="add the 'clientId' of an identity, or remove it")


def _of_workload(settings: Settings, workload: Workload, sources: Sources) -> Iterator[Fault]:
    own, at = workload.azure_identity, ("workloads", workload.name, "azureIdentity")
    if own is None:
        return
    known = settings.azure_identities
    given = known.get(own.shared or "")
    has_one = settings.target == "aks" or (given and given.client_id)
    if has_one and not workload.vaults and not _reaches_out(settings, workload):
        rule = "signs in to Azure, and the network policies of this workload let it reach nothing outside the cluster"
        remedy = "add 'internet:443' to 'uses', or with 'fqdnPolicies' the hosts that it calls"
        yield sources.fault(at, rule, remedy=remedy)
    if own.shared and own.shared not in known and (known or settings.target == "aks"):
        rule = "must be a key in 'azureIdentities' of the stack"
        remedy = did_you_mean(own.shared, known) or f"add 'azureIdentities: {{{own.shared}: {{}}}}'"
        yield sources.fault((*at, "shared"), rule, repr(own.shared), remedy)
    if own.shared and own.roles:
        rule = f"are of an identity of its own, and {workload.name} shares {own.shared!r}"
        remedy = f"move them to 'azureIdentities.{own.shared}.roles' of the stack"
        yield sources.fault((*at, "roles"), rule, remedy=remedy)
    else:
        yield from _roles(own.roles, _vaults(settings, workload.vaults), at, sources)


def _reaches_out(settings: Settings, workload: Workload) -> bool:
    """Whether its pods may call what may be Azure: the token goes to `login.microsoftonline.com`. What the CSI driver
    reads from a vault it reads itself."""
    called = map(use, workload.uses)
    outside = (INTERNET, *settings.externals)
    return any(it.form != "name" or it.name in outside for it in called)


def _vaults(settings: Settings, names: list[str]) -> dict[str, str]:
    """What is given for the vaults that are read, by scope in lower case, as Azure compares it."""
    ids = ((name, settings.key_vaults[name].id) for name in names if name in settings.key_vaults)
    return {known.lower(): name for name, known in ids if known}


def _roles(
    roles: Mapping[str, AzureRole], vaults: Mapping[str, str], at: At, sources: Sources
) -> Iterator[Fault]:
    """`vaults` by scope: whoever reads one has the role for it already."""
    seen: dict[tuple[str, str], str] = {
        (VAULT_ROLE, scope): f"the secrets from {name}" for scope, name in vaults.items()
    }
    for key, given in roles.items():
        here = (*at, "roles", key)
        scope = given.scope.rstrip("/").lower()
        first = seen.setdefault((given.role, scope), repr(key))
        if first != repr(key):
            rule = f"is given by {first} already, and Azure refuses the second"
            yield sources.fault(here, rule, remedy="remove it")
        if given.reason:
            continue
        wider = _WIDER.get(len(scope.split("/")))
        if what := OWNER_ROLES.get(given.role):
            remedy = "take a role for data alone, or say why in 'reason'"
            yield sources.fault((*here, "role"), what, repr(given.role), remedy)
        elif wider:
            rule = f"is a whole {wider}: what is made in it later is in it, too"
            remedy = "name one resource, or say why in 'reason'"
            yield sources.fault((*here, "scope"), rule, repr(given.scope), remedy)


def _counted(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for name, accounts in federated(settings).items():
        if len(accounts) <= MOST_FEDERATIONS or name not in settings.azure_identities:
            continue
        yield sources.fault(
            ("azureIdentities", name),
            f"must have at most {MOST_FEDERATIONS} service accounts, each of which takes a federated credential",
            f"{len(accounts)}: {', '.join(map(str, accounts))}",
            "split it: a second identity in 'azureIdentities' for some of them, or 'azureIdentity: true' for one of "
            "its own",
        )
