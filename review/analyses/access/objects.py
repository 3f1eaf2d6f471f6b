"""The objects that findings of access look at: roles and bindings, namespaces, and what runs as which account."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from manifests.access import ALLOWS, REASON
from review.analyses.permissions import (
    KINDS as RBAC_KINDS,
)
from review.analyses.permissions import (
    Grant,
    Permissions,
    RoleName,
    Subject,
    also,
)
from review.analyses.pod_security import KINDS as POD_KINDS
from review.analyses.pod_security import enforced, pods_in
from review.findings import Finding, Severity
from settings.api_resources import Table, expanded
from settings.pod_fields import mapping, mappings
from settings.rbac import Right, allows

KINDS: Final = {**RBAC_KINDS, **POD_KINDS}
"""What the analysis asks of `review.given`."""

BUILT_IN: Final = frozenset({"cluster-admin", "admin", "edit", "view"})
"""ClusterRoles that every cluster has, beside those of `system:`."""

BOOTSTRAPPING: Final = "kubernetes.io/bootstrapping"
"""Label of roles and bindings that kube-apiserver makes and keeps as they are.
https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings"""

Manifest = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class AccessFinding:
    """One fault of one role or binding."""

    rule: str
    """Short name of the rule, never reused."""

    severity: Severity
    of: RoleName
    """The role or binding."""

    what: str
    why: str
    """What comes of it."""

    remedy: str
    source: str
    """Page that the rule is from."""

    def finding(self) -> Finding:
        """The same as a review prints it."""
        message = f"{self.what}: {self.why}; {self.remedy}"
        return Finding(
            rule=self.rule, severity=self.severity, resource=str(self.of), message=message
        )


class AccessObjects:
    """The objects of one place; `add` takes each in any order."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.permissions = Permissions()
        self.levels: dict[str, str] = {}
        """What each Namespace enforces; one without a label lets everything in."""

        self._runs: dict[str, dict[tuple[str, bool | None], None]] = {}
        """By namespace the accounts of pods, each with whether they mount its token; None: as the account says."""

        self._shut: set[tuple[str, str]] = set()
        """Accounts whose token is not mounted where a pod does not say."""

        self._grants: dict[Subject, list[Grant]] | None = None
        self._bound: dict[str, list[Subject]] = {}
        """Accounts with a grant, by namespace."""

    def add(self, manifest: Manifest) -> None:
        """Take one object; other kinds, and what has no name, are passed over."""
        metadata = mapping(manifest.get("metadata"))
        kind, name = str(manifest.get("kind")), str(metadata.get("name"))
        namespace = str(metadata.get("namespace") or "default")
        if kind == "Namespace":
            label, _ = enforced(manifest)
            self.levels[name] = label.level if label else "privileged"
        for _, spec, _ in pods_in(manifest):
            account = str(spec.get("serviceAccountName") or spec.get("serviceAccount") or "default")
            self._runs.setdefault(namespace, {})[account, mounts_token(spec)] = None
        if kind == "ServiceAccount" and manifest.get("automountServiceAccountToken") is False:
            self._shut.add((namespace, name))
        self.permissions.add(manifest)
        self._grants = None

    def grants(self) -> dict[Subject, list[Grant]]:
        """Every grant, by who has it."""
        if self._grants is None:
            self._grants = defaultdict(list)
            for it in self.permissions.grants():
                self._grants[it.subject].append(it)
            self._bound = {}
            for who in sorted(self._grants):
                if who.kind == "ServiceAccount":
                    self._bound.setdefault(who.namespace, []).append(who)
        return self._grants

    def running(self, namespace: str) -> Iterator[Subject]:
        """Accounts whose token lies in a pod of `namespace`, or of any where that is empty."""
        for at in [namespace] if namespace else sorted(self._runs):
            for account, mounts in sorted(self._runs.get(at, ()), key=str):
                if mounts or (mounts is None and (at, account) not in self._shut):
                    yield Subject("ServiceAccount", account, at)

    def accounts(self, namespace: str) -> Iterator[Subject]:
        """Accounts that a pod of `namespace`, or of any where that is empty, may name: those that are bound."""
        self.grants()
        for at in [namespace] if namespace else sorted(self._bound):
            yield from self._bound.get(at, ())

    def more(self, account: Subject, than: Grant, table: Table) -> list[Right]:
        """What `account` may do and the subject of `than` may not, wherever that is."""
        if account == than.subject:
            return []
        among, grants = [*also(than.subject)], self.grants()
        own = [it for who in among for it in grants.get(who, ())]
        return [
            right
            for who in also(account)
            if who not in among
            for it in grants.get(who, ())
            for rule in it.rules or ()
            for right in expanded(rule, table)
            if not any(
                allows(mine, right)
                for has in own
                if has.namespace in ("", it.namespace)
                for mine in has.rules or ()
            )
        ]

    def granted(self) -> dict[RoleName, list[Grant]]:
        """Who has the rules of each role, by aggregation, too."""
        found: dict[RoleName, list[Grant]] = defaultdict(list)
        for grant in (it for several in self.grants().values() for it in several):
            for source in self.permissions.sources(grant.role):
                found[source].append(grant)
        return found


def mounts_token(spec: Manifest) -> bool | None:
    """Whether a pod has a token for the Kubernetes API; None: as its account says."""
    for _, volume in mappings(spec.get("volumes")):
        for _, source in mappings(mapping(volume.get("projected")).get("sources")):
            token = source.get("serviceAccountToken")
            # One for another audience is none for the Kubernetes API.
            if isinstance(token, Mapping) and not token.get("audience"):
                return True
    said = spec.get("automountServiceAccountToken")
    return said if isinstance(said, bool) else None


def is_kubernetes_own(manifest: Manifest) -> bool:
    """Whether kube-apiserver makes it, by label and name."""
    metadata = mapping(manifest.get("metadata"))
    name = str(metadata.get("name"))
    return BOOTSTRAPPING in mapping(metadata.get("labels")) and (
        name in BUILT_IN or name.startswith("system:")
    )


def reason_of(manifest: Manifest) -> str:
    """Why it has `*`, or binds everybody; empty where it does not say."""
    annotations = mapping(mapping(manifest.get("metadata")).get("annotations"))
    return str(annotations.get(REASON) or "").strip()


def allowed_ways(manifest: Manifest) -> set[str]:
    """The ways to further rights that a role says a reason for."""
    annotations = mapping(mapping(manifest.get("metadata")).get("annotations"))
    return {
        str(key).removeprefix(ALLOWS)
        for key, text in annotations.items()
        if str(key).startswith(ALLOWS) and str(text or "").strip()
    }
