"""What one plan says of versions: cluster and pools, charts, APIs, and what the calendar is asked about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from review.analyses.pods import RELEASE
from review.guard.pairs import title
from review.guard.rows_cluster import CLUSTER
from review.guard.rows_pools import POOL
from review.guard.table import plain_type
from review.marks import is_mark, known, known_list
from review.meaning.controllers import ignored, is_ignored, stable
from review.meaning.removed_apis import REMOVED
from review.plan import SECRET, Plan, Resource

_SAID: Final[Mapping[str, str]] = {
    "supportPlan": "support plan",
    "autoUpgradeProfile.upgradeChannel": "upgrade channel",
    "autoUpgradeProfile.nodeOSUpgradeChannel": "node OS upgrade channel",
    "sku.tier": "tier",
}


@dataclass(frozen=True)
class Versions:
    """Of a cluster or a pool."""

    title: str
    urn: str
    version: Any
    """`1.35`; None where the service or a channel chooses; a mark where only a deployment tells."""

    said: Mapping[str, str]
    """Further words, by what a reader calls them."""

    is_pool: bool


@dataclass(frozen=True)
class Chart:
    """One Helm release."""

    title: str
    urn: str
    reference: str
    version: str
    digest: str
    images: Mapping[str, str]
    """Tags and digests in its values, by path."""


@dataclass(frozen=True)
class Side:
    """What one plan says of versions."""

    versions: Mapping[str, Versions]
    charts: Mapping[str, Chart]
    apis: tuple[tuple[str, str, str, str], ...]
    """apiVersion, kind, title and URN of objects whose API some minor serves no longer."""

    azure: Mapping[str, str]
    """API versions that types ask for by themselves, and versions of providers, by type."""

    watched: tuple[Resource, ...]
    """What the calendar is asked about, without all else."""


def of_plan(plan: Plan) -> Side:
    """Read the plan once."""
    versions, charts, azure, watched = {}, {}, {}, []
    apis = []
    for row in plan.resources:
        type_ = plain_type(row.type)
        if type_ in (CLUSTER, POOL):
            versions[stable(row.urn)] = _versions(row, is_pool=type_ == POOL)
            watched.append(row)
        elif row.type == RELEASE:
            charts[stable(row.urn)] = _chart(row)
            kept = {
                key: row.inputs[key] for key in ("chart", "repositoryOpts") if key in row.inputs
            }
            watched.append(replace(row, inputs=kept))
        elif row.type.startswith("kubernetes:"):
            at = str(row.inputs.get("apiVersion")), str(row.inputs.get("kind"))
            if at in REMOVED:
                apis.append((*at, title(row), row.urn))
        elif row.type != type_:
            azure[type_] = row.type.partition(":")[2].partition("/")[2].partition(":")[0]
        if row.type.startswith("pulumi:providers:"):
            said = row.inputs.get("version")
            if isinstance(said, str):
                azure[row.type] = said
    return Side(
        dict(sorted(versions.items())),
        dict(sorted(charts.items())),
        tuple(sorted(apis)),
        dict(sorted(azure.items())),
        tuple(sorted(watched, key=lambda it: it.urn)),
    )


def _versions(row: Resource, *, is_pool: bool) -> Versions:
    key = "orchestratorVersion" if is_pool else "kubernetesVersion"
    version = None if is_ignored(key, ignored(row)) else row.inputs.get(key)
    said = {}
    for path, words in ({"osSKU": "osSKU"} if is_pool else _SAID).items():
        value: Any = row.inputs
        for step in path.split("."):
            value = known(value).get(step)
        if isinstance(value, str):
            said[words] = value
        elif is_mark(value):
            said[words] = _mark(value)
    return Versions(title(row), row.urn, version, said, is_pool)


def _mark(value: Any) -> str:
    return "[secret]" if value == SECRET else "unknown before deployment"


def _chart(row: Resource) -> Chart:
    inputs = row.inputs
    named, version = inputs.get("chart"), inputs.get("version")
    reference, _, digest = (named if isinstance(named, str) else "").partition("@")
    repository = known(inputs.get("repositoryOpts")).get("repo")
    if isinstance(repository, str):
        reference = f"{repository.rstrip('/')}/{reference}"
    images = dict(sorted(_images(inputs.get("values"), "values")))
    return Chart(
        title(row),
        row.urn,
        reference,
        version if isinstance(version, str) else _mark(version) if is_mark(version) else "",
        digest,
        images,
    )


def _images(value: Any, at: str) -> Iterator[tuple[str, str]]:
    """Tags, digests and whole references of images in a chart's values, by the keys that charts have for them."""
    if isinstance(value, Mapping) and not is_mark(value):
        for key, it in value.items():
            named = key in ("tag", "digest", "image")
            if named and isinstance(it, str | int | float):
                yield f"{at}.{key}", str(it)
            elif named and is_mark(it):
                yield f"{at}.{key}", _mark(it)
            else:
                yield from _images(it, f"{at}.{key}")
    for index, it in enumerate(known_list(value)):
        yield from _images(it, f"{at}[{index}]")


def minor_of(version: Any) -> int | None:
    """35 of `1.35.2`; None for anything else."""
    parts = version.removeprefix("v").split(".") if isinstance(version, str) else []
    return int(parts[1]) if len(parts) > 1 and parts[0] == "1" and parts[1].isdigit() else None


def cluster_minor(side: Side) -> int | None:
    """Minor of the only cluster."""
    found = [it for it in side.versions.values() if not it.is_pool]
    return minor_of(found[0].version) if len(found) == 1 else None
