"""Who may do what: the rights that Roles, ClusterRoles and their bindings give, each with where it comes from.

Reads plain RBAC objects of any origin. What a binding gives is worked out as kube-apiserver does: rights add up, a
RoleBinding holds inside its namespace whatever it refers to, a ClusterRoleBinding everywhere, and an aggregated
ClusterRole has the rules of those that its selectors choose. A role that is not among the objects gives rights nobody
here can tell, and that is said.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from settings.api_resources import Table, expanded
from settings.escalation import Path, found_in
from settings.pod_fields import mapping, mappings
from settings.rbac import ALL, API_GROUP, Right, Rule, rule_of

Manifest = Mapping[str, Any]

KINDS: Final = {
    **dict.fromkeys(
        ("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"), frozenset({API_GROUP})
    ),
    "ServiceAccount": frozenset({""}),
}
"""What the analysis asks of `review.given`."""

_SUPERUSER: Final = (Rule((ALL,), (ALL,), (ALL,)),)
"""`cluster-admin`, which every cluster has: https://kubernetes.io/docs/reference/access-authn-authz/rbac/"""

SERVICE_ACCOUNTS: Final = "system:serviceaccounts"
AUTHENTICATED: Final = "system:authenticated"


class Subject(NamedTuple):
    """Who is bound."""

    kind: str
    """`User`, `Group` or `ServiceAccount`."""

    name: str
    namespace: str = ""
    """Of a ServiceAccount."""

    def __str__(self) -> str:
        name = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {name}"


class RoleName(NamedTuple):
    """A Role by namespace, or a ClusterRole."""

    kind: str
    name: str
    namespace: str = ""

    def __str__(self) -> str:
        return (
            f"{self.kind} {self.namespace}/{self.name}"
            if self.namespace
            else f"{self.kind} {self.name}"
        )


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One binding as it holds for one of its subjects."""

    subject: Subject

    namespace: str
    """Where it holds; empty: everywhere."""

    role: RoleName
    binding: RoleName
    """The binding by kind, name and namespace."""

    rules: tuple[Rule, ...] | None
    """None where the role is not among the objects."""


@dataclass
class Permissions:
    """The RBAC objects of one place; `add` takes each in any order."""

    roles: dict[RoleName, Manifest] = field(default_factory=dict[RoleName, Manifest])
    bindings: list[Manifest] = field(default_factory=list[Manifest])
    accounts: list[Subject] = field(default_factory=list[Subject])

    @classmethod
    def of(cls, manifests: Iterable[Manifest]) -> "Permissions":
        """Of all that is among `manifests`; others are passed over."""
        found = cls()
        for it in manifests:
            found.add(it)
        return found

    def add(self, manifest: Manifest) -> None:
        """Take one object; other kinds, and what has no name, are passed over."""
        kind, metadata = str(manifest.get("kind")), manifest.get("metadata")
        if not isinstance(metadata, Mapping) or "name" not in metadata:
            return
        name = str(metadata["name"])
        namespace = str(metadata.get("namespace") or "default")
        if kind == "ServiceAccount":
            self.accounts.append(Subject(kind, name, namespace))
        elif kind in ("Role", "ClusterRole"):
            self.roles[RoleName(kind, name, namespace if kind == "Role" else "")] = manifest
        elif kind in ("RoleBinding", "ClusterRoleBinding"):
            self.bindings.append(manifest)

    def rules_of(self, role: RoleName) -> tuple[Rule, ...] | None:
        """The rules of `role`, aggregated ones included; None where it is not among the objects."""
        manifest = self.roles.get(role)
        if manifest is None:
            return _SUPERUSER if role == RoleName("ClusterRole", "cluster-admin") else None
        return tuple(rule for it in self.sources(role) for rule in rules_in(self.roles[it]))

    def sources(self, role: RoleName) -> list[RoleName]:
        """The roles whose rules `role` has: those that it aggregates, else itself; none where it is not there."""
        manifest = self.roles.get(role)
        if manifest is None:
            return []
        selectors = mapping(manifest.get("aggregationRule")).get("clusterRoleSelectors")
        if role.kind == "ClusterRole" and isinstance(selectors, list):
            # The control plane writes over `rules` of an aggregated role.
            return [
                name
                for name, it in self.roles.items()
                if name.kind == "ClusterRole" and any(_selects(one, it) for one in selectors)
            ]
        return [role]

    def grants(self) -> Iterator[Grant]:
        """Every binding for each of its subjects, in the order of the objects."""
        for manifest in self.bindings:
            binding, role, subjects = read_binding(manifest)
            rules = self.rules_of(role)
            for it in subjects:
                yield Grant(
                    subject=it, namespace=binding.namespace, role=role, binding=binding, rules=rules
                )

    def subjects(self) -> list[Subject]:
        """All who are bound, by kind and name."""
        return sorted({it.subject for it in self.grants()})


def read_binding(manifest: Manifest) -> tuple[RoleName, RoleName, list[Subject]]:
    """A RoleBinding or ClusterRoleBinding by name, what it refers to, and whom it binds."""
    metadata, kind = mapping(manifest["metadata"]), str(manifest["kind"])
    inside = str(metadata.get("namespace") or "default") if kind == "RoleBinding" else ""
    reference = mapping(manifest.get("roleRef"))
    role_kind = str(reference.get("kind"))
    role = RoleName(role_kind, str(reference.get("name")), inside if role_kind == "Role" else "")
    subjects = []
    for _, it in mappings(manifest.get("subjects")):
        own = str(it.get("namespace") or inside) if it.get("kind") == "ServiceAccount" else ""
        subjects.append(Subject(str(it.get("kind")), str(it.get("name")), own))
    return RoleName(kind, str(metadata["name"]), inside), role, subjects


def rules_in(manifest: Manifest) -> Iterator[Rule]:
    """The rules that a Role or ClusterRole itself has, in its order."""
    for _, it in mappings(manifest.get("rules")):
        yield rule_of(it)


def _selects(selector: Any, role: Manifest) -> bool:
    labels = mapping(role["metadata"].get("labels"))
    wanted = mapping(mapping(selector).get("matchLabels"))
    expressions = mappings(mapping(selector).get("matchExpressions"))
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _holds(it, labels) for _, it in expressions
    )


def _holds(expression: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    key, values = str(expression.get("key")), expression.get("values") or ()
    return {
        "In": key in labels and labels.get(key) in values,
        "NotIn": labels.get(key) not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }.get(str(expression.get("operator")), False)


def also(subject: Subject) -> Iterator[Subject]:
    """`subject` and whom the API server counts it among: groups that it puts everybody, or every account, into."""
    yield subject
    if subject.kind == "ServiceAccount":
        # A binding may name the account as the user that it is to the API server.
        yield Subject("User", f"system:serviceaccount:{subject.namespace}:{subject.name}")
        yield Subject("Group", SERVICE_ACCOUNTS)
        yield Subject("Group", f"{SERVICE_ACCOUNTS}:{subject.namespace}")
    if subject != Subject("Group", AUTHENTICATED):
        yield Subject("Group", AUTHENTICATED)


def effective(
    grants: Iterable[Grant], subject: Subject, namespace: str, table: Table
) -> dict[Right, list[Grant]]:
    """What `subject` may do in `namespace` (empty: with what no namespace holds), each right with what gives it.

    Wildcards are spelt out over `table`.
    """
    among = {*also(subject)}
    found: dict[Right, list[Grant]] = defaultdict(list)
    for grant in grants:
        if grant.subject not in among or grant.namespace not in ("", namespace):
            continue
        for rule in grant.rules or ():
            for right in expanded(rule, table):
                if (not grant.namespace or _inside(right, table)) and grant not in found[right]:
                    found[right].append(grant)
    return dict(found)


def _inside(right: Right, table: Table) -> bool:
    """Whether a request for it has a namespace: of a Namespace itself it is that one."""
    known = table.get((right.group, right.resource))
    return known is None or known.namespaced or right.resource.partition("/")[0] == "namespaces"


def unknown(grants: Iterable[Grant], subject: Subject, namespace: str) -> list[Grant]:
    """Bindings of `subject` whose role is not among the objects: its rights may be more than `effective` says."""
    among = {*also(subject)}
    return [
        it
        for it in grants
        if it.rules is None and it.subject in among and it.namespace in ("", namespace)
    ]


def escalations(role: Manifest) -> list[tuple[int, Path, list[Right]]]:
    """The ways to further rights that a Role or ClusterRole opens: index of the rule, the way, rights that do so."""
    return [
        (index, path, rights)
        for index, rule in enumerate(rules_in(role))
        for path, rights in found_in(rule)
    ]
