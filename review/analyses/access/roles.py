"""Roles: stars without a reason, ways to further rights, words that the API does not know.

A way counts as mandatory where somebody is bound to it, for whom it holds there; in a role that nobody has yet it is
advisory. A shell and the starting of pods are weighed by what is beside them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from review.analyses.access.objects import (
    AccessFinding,
    AccessObjects,
    Manifest,
    allowed_ways,
    is_kubernetes_own,
    reason_of,
)
from review.analyses.permissions import Grant, RoleName, Subject, rules_in
from review.findings import Severity
from settings.api_resources import Table, expanded
from settings.escalation import Path, found_in
from settings.rbac import Right, Rule
from settings.role_slips import NAMELESS, Slip, slips, wildcards

PRACTICES: Final = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/"
WILDCARDS: Final = f"{PRACTICES}#least-privilege"
WAYS: Final = f"{PRACTICES}#privilege-escalation-risks"
WORDS: Final = (
    "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources"
)
_SHOWN = 3
"""Subjects and rights named in a finding; more are counted."""


def role_findings(given: AccessObjects, table: Table) -> Iterator[AccessFinding]:
    """Of every role, in the order of the objects; an aggregated one has what is wrong in those it is made of."""
    granted, words = given.granted(), _Words(table)
    for name, manifest in given.permissions.roles.items():
        if given.permissions.sources(name) != [name] or is_kubernetes_own(manifest):
            continue
        grants = granted.get(name, [])
        for index, rule in enumerate(rules_in(manifest)):
            at = f"rules[{index}]"
            yield from words.of(name, at, rule)
            stars = wildcards(rule)
            if stars and not reason_of(manifest):
                yield _wildcard(name, at, rule, [*stars], grants)
            else:
                yield from _ways(given, name, manifest, at, rule, grants, table)


class _Words:
    """Words that give nothing; many namespaces have the same rules, and each is looked through once."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._known: dict[tuple[Rule, bool], tuple[bool, list[Slip]]] = {}

    def of(self, name: RoleName, at: str, rule: Rule) -> Iterator[AccessFinding]:
        inside = name.kind == "Role"
        if (rule, inside) not in self._known:
            slipped = [*slips(rule, self._table, namespaced=inside)]
            nothing = bool(slipped) and not _gives(rule, self._table, inside=inside)
            self._known[rule, inside] = nothing, slipped
        nothing, slipped = self._known[rule, inside]
        for slip in slipped:
            yield AccessFinding(
                rule="role-word",
                severity="mandatory" if nothing else "advisory",
                of=name,
                what=f"{at}.{slip.part}[{slip.place}] {slip.rule}; got {slip.value}",
                why="the API server takes it, and nobody gets "
                + ("any right by this rule" if nothing else "a right by this word"),
                remedy=slip.remedy,
                source=WORDS,
            )


def _gives(rule: Rule, table: Table, *, inside: bool) -> bool:
    """Whether it gives anything; what it says of somebody's CRD is believed."""
    groups = {group for group, _ in table}
    for right in expanded(rule, table):
        known = table.get((right.group, right.resource))
        if known is None and right.group not in groups:
            return True
        if (
            known
            and right.verb in known.verbs
            and not (right.name and right.verb in NAMELESS)
            and not (inside and _is_wide(right, table))
        ):
            return True
    return False


def _is_wide(right: Right, table: Table) -> bool:
    """Whether only a ClusterRoleBinding can give it; a request for a Namespace itself is one inside it."""
    known = table.get((right.group, right.resource))
    return known is not None and not known.namespaced and right.resource != "namespaces"


def _wildcard(
    name: RoleName, at: str, rule: Rule, parts: list[str], grants: list[Grant]
) -> AccessFinding:
    ways = [path.name for path, _ in _opened(rule)]
    led = f" and leads further by {', '.join(ways)}" if ways else ""
    return AccessFinding(
        rule="role-wildcard",
        severity=_severity(grants),
        of=name,
        what=f"{at} has '*' in {' and '.join(parts)}{_bound(grants)}",
        why=f"it takes in whatever a later version brings{led}",
        remedy="list what is meant, or say why in 'reason' of the role",
        source=WILDCARDS,
    )


def _ways(
    given: AccessObjects, name: RoleName, manifest: Manifest, at: str, rule: Rule,
    grants: list[Grant], table: Table,
) -> Iterator[AccessFinding]:  # fmt: skip
    allowed = allowed_ways(manifest)
    for path, opened in _opened(rule):
        rights = [
            it
            for it in opened
            if (it.group, it.resource) in table
            and not (name.kind == "Role" and _is_wide(it, table))
        ]
        held = [it for it in grants if not it.namespace or not _all_wide(rights, table)]
        if path.name in allowed or not rights or (grants and not held):
            continue
        why, severity = path.why, _severity(held)
        if path.name in ("exec", "startPods"):
            stronger = _stronger(given, path, held, table)
            if stronger:
                why = f"{why}; {stronger}"
            elif path.name == "exec":
                continue
            elif loose := _loose(given, held):
                why = f"{why}; {loose}"
            else:
                severity = "advisory"
        yield AccessFinding(
            rule=f"role-{_kebab(path.name)}",
            severity=severity,
            of=name,
            what=f"{at} allows {_listed([f'{it.verb} {it.resource}' for it in rights])}{_bound(held)}",
            why=why,
            remedy=f"{path.remedy}; or, if meant, say why in 'allowEscalation.{path.name}' of the role",
            source=WAYS,
        )


@lru_cache(maxsize=1024)
def _opened(rule: Rule) -> tuple[tuple[Path, list[Right]], ...]:
    """As `found_in`; many namespaces have the same rules."""
    return tuple(found_in(rule))


def _all_wide(rights: list[Right], table: Table) -> bool:
    return all(_is_wide(it, table) for it in rights)


def _stronger(given: AccessObjects, path: Path, grants: list[Grant], table: Table) -> str:
    """An account within reach of one of `grants` that may do more than who has that; empty: none."""
    reach = given.running if path.name == "exec" else given.accounts
    seen: set[tuple[Subject, Subject]] = set()
    for grant in grants:
        for account in reach(grant.namespace):
            if (grant.subject, account) in seen:
                continue
            seen.add((grant.subject, account))
            if more := given.more(account, grant, table):
                may = _listed([f"{it.verb} {it.resource}" for it in more])
                return f"{account} is there and may {may}"
    return ""


def _loose(given: AccessObjects, grants: list[Grant]) -> str:
    """A namespace among those of `grants` whose pods may have the node's folders; empty: none that is known."""
    for grant in grants:
        if not grant.namespace:
            return "in every namespace, kube-system with its access to nodes included"
        if given.levels.get(grant.namespace) == "privileged":
            return f"Namespace {grant.namespace} lets pods have the node's folders, processes and network"
    return ""


def _severity(grants: list[Grant]) -> Severity:
    return "mandatory" if grants else "advisory"


def _bound(grants: list[Grant]) -> str:
    if not grants:
        return ", bound to nobody here"
    return (
        f", bound to {_listed([*dict.fromkeys(f'{it.subject} by {it.binding}' for it in grants)])}"
    )


def _listed(texts: list[str]) -> str:
    more = len(texts) - _SHOWN
    return ", ".join(texts[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _kebab(name: str) -> str:
    return re.sub(r"[A-Z]", lambda it: f"-{it[0].lower()}", name)
