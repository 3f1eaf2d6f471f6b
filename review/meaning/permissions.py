"""Who may do more, and who may do less: rights in the cluster by Entra group, user and service account, and in Azure.

Effective rights, through bindings and aggregated roles: what somebody had in another way is not gained. What a group
gains that everybody is in is told of the group, and not of everybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from review.analyses.access.findings import access_findings
from review.analyses.access.objects import KINDS as ACCESS_KINDS
from review.analyses.access.objects import AccessFinding, AccessObjects, mounts_token
from review.analyses.permissions import KINDS as RBAC_KINDS
from review.analyses.permissions import Grant, RoleName, Subject
from review.analyses.pod_security import enforced, pods_in
from review.analyses.pods import release_key, releases
from review.meaning import azure_rights, reading
from review.meaning import cells as cells_of
from review.meaning.cells import Cell
from review.meaning.reading import Undetermined, doubted, said_places, undetermined, unsure
from review.plan import SECRET, UNKNOWN, Plan
from review.report import AreaFinding, Fact, Right, Sign
from settings.api_resources import minors
from settings.pod_fields import mapping

__all__ = ["Side", "compare", "notes", "of_plan", "rights"]

_TOKENS: Final = (
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/"
    "#opt-out-of-api-credential-automounting"
)


_ACCOUNTS: Final = ("automountServiceAccountToken", "serviceAccountName")
"""Fields of a pod that say what it may do at the Kubernetes API."""


class Runs(NamedTuple):
    """The account of one workload's pods."""

    resource: str
    namespace: str
    account: str
    token: bool
    """Whether its token for the Kubernetes API lies in the pods."""

    urn: str

    @property
    def subject(self) -> Subject:
        """As RBAC knows it."""
        return Subject("ServiceAccount", self.account, self.namespace)


@dataclass(frozen=True, kw_only=True)
class Side:
    """The rights of one plan."""

    held: Mapping[Subject, tuple[Grant, ...]]
    minor: str
    urns: Mapping[RoleName, str]
    """Of roles and bindings."""

    found: tuple[AccessFinding, ...]
    sources: Mapping[RoleName, tuple[RoleName, ...]]
    """The roles that an aggregated one is made of."""

    runs: tuple[Runs, ...]
    azure: azure_rights.Side
    undetermined: tuple[Undetermined, ...]
    charts: bool
    """Whether some of the objects are made by charts."""


def of_plan(plan: Plan) -> Side:
    """The rights that `plan` gives."""
    objects, open_ = AccessObjects(), list[Undetermined]()
    urns: dict[RoleName, str] = {}
    pinned: set[int] = set()
    shut: dict[tuple[str, str], bool] = {}
    pods: list[tuple[Mapping[str, object], str]] = []
    for it in sorted(reading.objects(plan, ACCESS_KINDS, open_), key=lambda it: it.file):
        manifest, metadata = it.manifest, mapping(it.manifest.get("metadata"))
        kind, name = manifest["kind"], str(metadata.get("name"))
        namespace = str(metadata.get("namespace") or "default")
        objects.add(manifest)
        if kind in ("Role", "RoleBinding"):
            urns[RoleName(kind, name, namespace)] = it.file
        elif kind in ("ClusterRole", "ClusterRoleBinding"):
            urns[RoleName(kind, name)] = it.file
        elif kind == "Namespace":
            label, _ = enforced(manifest)
            if label and label.minor is not None:
                pinned.add(label.minor)
        elif kind == "ServiceAccount":
            said = manifest.get("automountServiceAccountToken")
            shut[namespace, name] = said is False
        else:
            pods.append((manifest, it.file))
    minor = f"1.{max(pinned)}" if pinned else minors()[-1]
    charts = {release_key(it)[0] for it in releases(plan)}
    permissions = objects.permissions
    return Side(
        held={who: tuple(several) for who, several in sorted(objects.grants().items())},
        minor=minor,
        urns=urns,
        found=tuple(access_findings(objects, minor, charts)),
        sources={
            role: sources
            for role in permissions.roles
            if (sources := tuple(permissions.sources(role))) != (role,)
        },
        runs=tuple(sorted({run for pod, urn in pods for run in _runs(pod, urn, shut)})),
        azure=azure_rights.of_plan(plan),
        undetermined=tuple(
            it
            for it in (*open_, *(one for pod, urn in pods for one in _open(pod, urn)))
            if it.resource.partition(" ")[0] in RBAC_KINDS
            or it.path.rpartition(".")[2] in _ACCOUNTS
        ),
        charts=bool(charts),
    )


def _runs(
    manifest: Mapping[str, object], urn: str, shut: Mapping[tuple[str, str], bool]
) -> Iterator[Runs]:
    metadata = mapping(manifest.get("metadata"))
    namespace = str(metadata.get("namespace") or "default")
    for _, spec, _ in pods_in(manifest):
        account = spec.get("serviceAccountName") or spec.get("serviceAccount") or "default"
        name = account if isinstance(account, str) else "one that only a deployment tells"
        says = mounts_token(spec)
        token = says if says is not None else not shut.get((namespace, name), False)
        resource = f"{manifest['kind']} {namespace}/{metadata.get('name')}"
        yield Runs(resource, namespace, name, token, urn)


def _open(manifest: Mapping[str, object], urn: str) -> Iterator[Undetermined]:
    """What a pod leaves open of the account that it runs as."""
    metadata = mapping(manifest.get("metadata"))
    namespace = str(metadata.get("namespace") or "default")
    for _, spec, at in pods_in(manifest):
        for key in _ACCOUNTS:
            if spec.get(key) in (UNKNOWN, SECRET):
                yield Undetermined(
                    resource=f"{manifest['kind']} {namespace}/{metadata.get('name')}",
                    urn=urn,
                    path=f"{at}.{key}",
                    secret=spec.get(key) == SECRET,
                    namespace=namespace,
                )


def notes(of: Plan | Side) -> Iterator[str]:
    """What permissions do not see of a plan; of its side, where that is at hand, at no cost."""
    side = of if isinstance(of, Side) else of_plan(of)
    if side.undetermined:
        yield f"permissions: left out for what is known after a deployment only: {said_places(side.undetermined)}"
    if side.charts:
        yield "permissions: roles and bindings that charts make are in no plan"
    if any(
        value == "true"
        for it in side.azure.clusters
        for key, value in it.switches
        if key.endswith("AzureRBAC")
    ):
        yield "permissions: roles in the cluster that Azure RBAC gives to people outside this program are not told"


def compare(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """Rights gained and lost, and the dangerous ones among them."""
    yield from undetermined(
        "permissions", "who may do what by it", before.undetermined, after.undetermined
    )
    cells = _cells(before, after)
    yield from doubted(
        cells_of.facts(cells, before.urns, after.urns),
        before.undetermined,
        after.undetermined,
        _behind(before, after),
    )
    yield from cells_of.escalations(cells, after.found, after.sources, after.urns)
    yield from _faults(before, after)
    yield from doubted(_accounts(before, after), before.undetermined, after.undetermined)
    yield from azure_rights.compare(before.azure, after.azure)


def rights(before: Side, after: Side) -> tuple[Right, ...]:
    """The cells of the permission matrix that differ."""
    return cells_of.matrix(_cells(before, after))


def _cells(before: Side, after: Side) -> list[Cell]:
    return cells_of.cells(before.held, after.held, after.minor)


def _behind(*sides: Side) -> dict[str, set[str]]:
    """What is said of a binding hangs on its role, too."""
    found: dict[str, set[str]] = {}
    for side in sides:
        for grant in (it for several in side.held.values() for it in several):
            for urns in (one.urns for one in sides):
                binding, role = side.urns.get(grant.binding, ""), urns.get(grant.role)
                if role:
                    found.setdefault(binding, set()).add(role)
    return found


def _faults(before: Side, after: Side) -> Iterator[AreaFinding]:
    """What is wrong with roles and bindings that was not before; ways to further rights are told by who gains them."""
    known = {(it.rule, it.of, it.what) for it in before.found}
    for it in after.found:
        way = it.rule.startswith("role-") and it.rule not in ("role-word", "role-wildcard")
        if way or (it.rule, it.of, it.what) in known:
            continue
        found = AreaFinding(
            rule=it.rule,
            severity=it.severity,
            resource=str(it.of),
            message=it.what,
            why=it.why,
            remedy=it.remedy,
            source=it.source,
            urn=after.urns.get(it.of, ""),
            area="permissions",
        )
        missing = it.rule == "binding-role-missing"
        doubt = next(
            (one for one in after.undetermined if missing and one.resource in it.what), None
        )
        yield unsure(found, f"{doubt.path} of {doubt.resource}" if doubt else "")


def _accounts(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """Pods that get a token, lose it, or run as somebody else."""
    old = {it.resource: it for it in before.runs}
    for it in after.runs:
        was = old.get(it.resource)
        if was and was.account != it.account:
            yield _account_fact(
                it,
                "changed",
                f"its pods run as ServiceAccount {it.namespace}/{it.account}, before as "
                f"{was.namespace}/{was.account}",
            )
        if it.token and not (was and was.token):
            if was or after.held.get(it.subject):
                yield _token(after, it, new=was is None)
            if was:
                yield _account_fact(
                    it, "gained", f"its pods get the token of ServiceAccount {it.account}"
                )
        if was and was.token and not it.token:
            yield _account_fact(
                it, "lost", f"its pods no longer get the token of ServiceAccount {it.account}"
            )


def _account_fact(it: Runs, sign: Sign, message: str) -> Fact:
    return Fact(
        area="permissions",
        sign=sign,
        resource=it.resource,
        message=f"{it.resource.partition(' ')[2]}: {message}",
        rank=30,
        path="spec.template.spec.serviceAccountName",
        urn=it.urn,
    )


def _token(side: Side, it: Runs, *, new: bool) -> AreaFinding:
    grants = side.held.get(it.subject, ())
    roles = list(dict.fromkeys(str(one.role) for one in grants))
    may = f", which has {', '.join(roles[:3])}" if roles else ", which has no role in this program"
    return AreaFinding(
        rule="permissions-token-mounted",
        severity="mandatory" if roles and not new else "advisory",
        resource=it.resource,
        message=f"{'is new, and ' if new else ''}its pods get a token of ServiceAccount "
        f"{it.namespace}/{it.account}{may}",
        path="spec.template.spec.automountServiceAccountToken",
        why="whoever gets into the pod calls the Kubernetes API as that account",
        remedy="set automountServiceAccountToken: false, unless the program calls that API",
        source=_TOKENS,
        urn=it.urn,
        area="permissions",
    )
