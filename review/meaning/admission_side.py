"""What admission says of every controller of a plan: Pod Security by namespace and version, LimitRanges, quotas.

Controllers themselves are stored; it is their pods that are refused, one by one. What hangs on a value that only a
deployment tells is undecided, and named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from review.analyses.pod_security import ENFORCE, TEMPLATES, enforced
from review.analyses.security_marks import decides, named_path, pod_marks
from review.guard.rows_cluster import CLUSTER
from review.guard.table import plain_type
from review.marks import is_mark, known, names
from review.meaning.admission_pod import Breach, Manifests, pod_amounts_verdict, pod_verdict
from review.meaning.controllers import Controller, controllers
from review.plan import Plan
from review.sources.memo import Memo, contents, digest
from settings.pod_security import NEWEST, Level

_LABELS: Final = tuple(
    f"pod-security.kubernetes.io/{mode}" for mode in ("enforce", "warn", "audit")
)
SAFEGUARD: Final = "azure-native:containerservice:DeploymentSafeguard"


@dataclass(frozen=True)
class Space:
    """One Namespace of the plan."""

    level: Level | None
    """What it enforces; None: nothing, so that everything is let in, or nobody knows (`unknown`)."""

    minor: int | None
    """Version that it pins; None: the server's own."""

    told: tuple[tuple[str, str], ...]
    """The labels of `warn` and `audit`, which let in and tell."""

    unknown: bool
    """Whether only a deployment tells what it enforces."""

    urn: str


@dataclass(frozen=True)
class Verdict:
    """Of one controller."""

    urn: str
    namespace: str
    level: Level | None
    """None: nothing is enforced, or nobody knows (`undecided` says so)."""

    minor: int
    security: tuple[Breach, ...]
    amounts: tuple[Breach, ...]
    """Refusals by LimitRange, quota or validation."""

    filled: tuple[tuple[str, str, str], ...]
    """Container, `requests.cpu`, value: what the namespace's LimitRanges fill in."""

    undecided: tuple[str, ...]
    """Paths that must be known to say whether its pods are let in."""


@dataclass(frozen=True)
class Side:
    """What one plan's admission says."""

    spaces: Mapping[str, Space]
    verdicts: Mapping[str, Verdict]
    """By title of the controller."""

    minor: int
    """Of the cluster; the newest known where the plan does not tell."""

    safeguards: Mapping[str, tuple[str, str]]
    """Level of AKS deployment safeguards and URN, by logical name."""


def of_plan(plan: Plan, memo: Memo | None = None) -> Side:
    """Judge every controller of the plan; `memo` has verdicts of an earlier run."""
    minor, kept = _minor(plan), memo or Memo()
    spaces, limits, quotas, safeguards = _bounds(plan)
    rows = {
        id(row.inputs): content.digest
        for row, content in zip(plan.resources, contents(plan), strict=True)
    }
    around: dict[str, bytes] = {}
    verdicts = {}
    for it in controllers(plan).values():
        space = spaces.get(it.namespace)
        bounds = limits.get(it.namespace, ()), quotas.get(it.namespace, ())
        if it.namespace not in around:
            around[it.namespace] = digest([it.namespace, space, minor, *bounds])
        content = digest([it.kind, it.urn]) + rows[id(it.manifest)] + around[it.namespace]
        verdicts[it.title] = kept.of(content, partial(_verdict, it, space, minor, bounds))
    return Side(dict(sorted(spaces.items())), verdicts, minor, dict(sorted(safeguards.items())))


def _bounds(
    plan: Plan,
) -> tuple[
    dict[str, Space],
    dict[str, list[Mapping[str, Any]]],
    dict[str, list[Mapping[str, Any]]],
    dict[str, tuple[str, str]],
]:
    spaces: dict[str, Space] = {}
    limits: dict[str, list[Mapping[str, Any]]] = {}
    quotas: dict[str, list[Mapping[str, Any]]] = {}
    safeguards: dict[str, tuple[str, str]] = {}
    for row in plan.resources:
        kind = row.inputs.get("kind") if row.type.startswith("kubernetes:") else None
        if kind == "Namespace":
            spaces[names(row)[1]] = _space(row.inputs, row.urn)
        elif kind == "LimitRange":
            limits.setdefault(names(row)[0], []).append(row.inputs)
        elif kind == "ResourceQuota":
            quotas.setdefault(names(row)[0], []).append(row.inputs)
        elif plain_type(row.type) == SAFEGUARD:
            level = row.inputs.get("level")
            said = level if isinstance(level, str) else "known after deployment only"
            safeguards[row.name] = (said, row.urn)
    return spaces, limits, quotas, safeguards


def _space(manifest: Mapping[str, Any], urn: str) -> Space:
    metadata = manifest.get("metadata")
    labels = known(metadata).get("labels")
    said = {key: it for key, it in known(labels).items() if key.startswith(_LABELS)}
    told = tuple(
        sorted(
            (key.rpartition("/")[2], it if isinstance(it, str) else "known after deployment only")
            for key, it in said.items()
            if not key.startswith(ENFORCE)
        )
    )
    marked = any(is_mark(it) for key, it in said.items() if key.startswith(ENFORCE))
    if is_mark(metadata) or is_mark(labels) or marked:
        return Space(None, None, told, True, urn)
    found, _ = enforced(manifest)
    level, minor = (found.level, found.minor) if found else (None, None)
    return Space(level, minor, told, False, urn)


def _minor(plan: Plan) -> int:
    found = [
        said
        for row in plan.resources
        if plain_type(row.type) == CLUSTER
        and isinstance(said := row.inputs.get("kubernetesVersion"), str)
    ]
    parts = found[0].split(".") if len(found) == 1 else []
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else NEWEST


def _verdict(
    it: Controller, space: Space | None, minor: int, bounds: tuple[Manifests, Manifests]
) -> Verdict:
    level: Level | None = None
    at = minor
    undecided: list[str] = []
    if space is None or space.unknown:
        # What the strictest level allows every namespace lets in.
        if pod_verdict(it.template, "restricted", minor):
            undecided.append(f"the labels of Namespace {it.namespace}")
    else:
        level = space.level
        at = minor if space.minor is None else min(minor, space.minor)
    found = pod_verdict(it.template, level, at) if level else ()
    above = it.path
    open_ = pod_marks(it.manifest, TEMPLATES[it.kind]) if level not in (None, "privileged") else []
    security = []
    for breach in found:
        path = named_path(it.manifest, f"{above}.{breach.path}".removeprefix("."))
        if not any(decides(mark, above, path) for mark in open_):
            security.append(Breach(breach.control, breach.message, path))
    undecided += open_
    amounts, filled, lacking = pod_amounts_verdict(it.template, *bounds)
    undecided += (f"{above}.{path}".removeprefix(".") for path in lacking)
    return Verdict(
        it.urn,
        it.namespace,
        level,
        at,
        tuple(security),
        tuple(
            Breach(one.control, one.message, f"{above}.spec".removeprefix(".")) for one in amounts
        ),
        filled,
        tuple(sorted(set(undecided))),
    )
