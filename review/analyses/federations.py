"""How many federated credentials each identity in Azure gets, from any recorded plan.

Azure takes 20 an identity and refuses the next in the middle of `pulumi up`:
https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations. The settings are held to it
before; this counts what is registered, whoever wrote the program. Credentials that other stacks give the same identity
stand in no plan.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from review.findings import Finding
from review.plan import Plan, Resource
from review.urn import name_of
from settings.azure_identity import MOST_FEDERATIONS

_CREDENTIAL = ":FederatedIdentityCredential"
_IDENTITY = ":UserAssignedIdentity"
"""Ends of type tokens, of azure-native with and without an API version and of the classic provider."""


def federation_findings(plan: Plan) -> Iterator[Finding]:
    """One for each identity with more credentials than Azure takes."""
    for identity, credentials in federations(plan).items():
        if len(credentials) > MOST_FEDERATIONS:
            yield Finding(
                rule="federations-per-identity",
                severity="mandatory",
                resource=f"identity {identity}",
                message=f"gets {len(credentials)} federated credentials, and Azure takes {MOST_FEDERATIONS}: "
                f"{', '.join(map(_who, credentials))}; split it: give some of them another identity",
            )


def federations(plan: Plan) -> Mapping[str, list[Resource]]:
    """The federated credentials of every identity that has one, by what a reader calls the identity.

    A credential is of the identity in the plan that it depends on or names; of one that is not in the plan by its
    group and name; where neither is known before a deployment, of its parent's.
    """
    identities = [it for it in plan.resources if it.type.endswith(_IDENTITY)]
    by_urn = {it.urn: it for it in identities}
    by_name: dict[str, list[Resource]] = {}
    for it in identities:
        by_name.setdefault(_name(it).lower(), []).append(it)
    found: dict[str, tuple[str, list[Resource]]] = {}
    for row in plan.resources:
        if row.type.endswith(_CREDENTIAL):
            key, title = _identity_of(row, by_urn, by_name)
            found.setdefault(key, (title, []))[1].append(row)
    titles = [title for title, _ in found.values()]
    return {
        title if titles.count(title) == 1 else f"{title} ({key})": rows
        for key, (title, rows) in found.items()
    }


def _identity_of(
    row: Resource, by_urn: Mapping[str, Resource], by_name: Mapping[str, list[Resource]]
) -> tuple[str, str]:
    """What tells its identity from every other, and what a reader calls it."""
    group, name = _group_and_name(row)
    behind = [by_urn[urn] for urn in row.dependencies if urn in by_urn]
    if name:
        here = [it for it in by_name.get(name.lower(), ()) if _alike(it, group)]
        behind = [it for it in here if it in behind] or here
    if len(behind) == 1:
        return behind[0].urn, _name(behind[0])
    if name:
        # Azure compares both without case.
        return f"{group}/{name}".lower(), name
    parent = name_of(row.parent) or "the stack"
    return row.parent, f"of {parent}, whose name is not known yet"


def _group_and_name(credential: Resource) -> tuple[str, str]:
    """Of the identity as the credential names it; empty where it does not, or not yet."""
    given = credential.inputs
    if parent := _known(given, "parentId"):
        steps = parent.split("/")
        return "".join(steps[4:5]), steps[-1]
    return _known(given, "resourceGroupName"), _known(given, "resourceName")


def _name(identity: Resource) -> str:
    given = identity.inputs
    return _known(given, "resourceName") or _known(given, "name") or identity.name


def _alike(identity: Resource, group: str) -> bool:
    own = _known(identity.inputs, "resourceGroupName")
    return not own or not group or own.lower() == group.lower()


def _known(inputs: Mapping[str, Any], key: str) -> str:
    """Text at `key`; empty where it is left out, unknown or a secret."""
    value = inputs.get(key)
    return value if isinstance(value, str) else ""


def _who(credential: Resource) -> str:
    """`course/web` of a service account, else the subject as it stands."""
    subject = _known(credential.inputs, "subject")
    prefix = "system:serviceaccount:"
    if subject.startswith(prefix):
        return subject.removeprefix(prefix).replace(":", "/", 1)
    return subject or credential.name
