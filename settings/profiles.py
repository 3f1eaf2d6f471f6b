"""What a cluster profile stands for: recommended values by key path, each with its reason and source.

A row is advice that a stack takes by saying nothing: `Settings` fills in what the files leave out, and
`./aks explain` shows the row beside the value, taken or not.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

Profile = Literal["dev", "prod", "automaticLike"]
"""`prod`: what a production cluster is advised to have. `dev`: the same as far as it costs nothing. `automaticLike`:
what AKS Automatic decides by itself, as far as a Standard cluster can be told so."""

DEFAULT_PROFILE: Final[Profile] = "prod"
"""Safe where nobody thought of it."""

EVERY: Final = "*"
"""A step of a key path that stands for every entry of a map."""

Path = tuple[str, ...]


class Nothing:
    """A profile leaves the key at the setting's own default."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING: Final = Nothing()

Value = Any | Callable[[Mapping[str, Any]], Any]
"""Plain data as YAML holds it, `NOTHING`, or a function of the plain data that the key stands in (one node pool, say)
that gives one of the two."""


@dataclass(frozen=True, kw_only=True)
class Recommended:
    """One key and what each profile says of it."""

    key: str
    """Key path below the settings object; `nodePools.*.maxSurge` is that key of every pool."""

    prod: Value
    """With profile prod."""

    dev: Value
    """With profile dev."""

    automatic_like: Value
    """With profile automaticLike."""

    azure: str
    """What Azure does where nothing is said, in words or the value."""

    reason: str
    """Why the profiles say so."""

    source: str
    """Page that says it."""

    mode: Literal["System", "User"] | None = None
    """Of a key of node pools: pools of this mode alone."""

    optional: bool = False
    """Whether it holds only where the stack has the section that the key is in."""

    by: str = "the machine"
    """What a value that is a function goes by, as `./aks explain` says it."""

    @property
    def path(self) -> Path:
        """`key` as steps."""
        return tuple(self.key.split("."))

    def of(self, profile: Profile) -> Value:
        """What one profile says."""
        return {"dev": self.dev, "prod": self.prod, "automaticLike": self.automatic_like}[profile]


def implied(
    data: Mapping[str, Any], rows: tuple[Recommended, ...]
) -> dict[Path, tuple[Any, Recommended]]:
    """What the profile stands for in a stack's plain data, by key path: only what the data does not say.

    Empty for a stack that makes no cluster, or whose profile is none.
    """
    profile = profile_of(data)
    if profile is None:
        return {}
    found: dict[Path, tuple[Any, Recommended]] = {}
    for row in rows:
        for path, owner in _places(data, row.path, (), row.optional):
            if row.mode and owner.get("mode", "User") != row.mode:
                continue
            value = row.of(profile)
            value = value(owner) if callable(value) else value
            if value is not NOTHING:
                found[path] = (value, row)
    return found


def row_of(
    path: Path, data: Mapping[str, Any], rows: tuple[Recommended, ...]
) -> Recommended | None:
    """The row about the key at `path`, or about the section it is part of; None where no profile says anything."""
    found: Recommended | None = None
    for row in rows:
        near = found is None or len(row.path) > len(found.path)
        if near and _covers(row.path, path) and (not row.mode or row.mode == _mode(path, data)):
            found = row
    return found


def covering(path: Path, found: Mapping[Path, Any]) -> bool:
    """Whether what `implied` found has the key at `path`, by itself or in a section that came whole."""
    return any(path[:length] in found for length in range(1, len(path) + 1))


def _covers(pattern: Path, path: Path) -> bool:
    return len(pattern) <= len(path) and all(
        step in (EVERY, at) for step, at in zip(pattern, path, strict=False)
    )


def _mode(path: Path, data: Mapping[str, Any]) -> str | None:
    owner: Any = data
    for step in path[:2]:
        owner = owner.get(step) if isinstance(owner, Mapping) else None
    return owner.get("mode", "User") if isinstance(owner, Mapping) else None


def profile_of(data: Mapping[str, Any]) -> Profile | None:
    """The profile of a stack's plain data; None where it makes no cluster or names one that is none."""
    cluster = data.get("cluster")
    if data.get("target") != "aks" or not isinstance(cluster, Mapping):
        return None
    said = cluster.get("profile", DEFAULT_PROFILE)
    return said if said in get_args(Profile) else None


def filled(data: Mapping[str, Any], rows: tuple[Recommended, ...]) -> dict[str, Any]:
    """`data` with what its profile stands for; `data` itself is not changed."""
    result = dict(data)
    for path, (value, _) in implied(data, rows).items():
        at = result
        for step in path[:-1]:
            at[step] = dict(at.get(step) or {})
            at = at[step]
        at[path[-1]] = value
    return result


def _places(
    data: Mapping[str, Any], path: Path, before: Path, there: bool = False
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every place in `data` where the key of `path` may be and is not, with the map it belongs in.

    A map that is not there counts as empty, unless it must be `there`; what
    stands there and is no map is left alone, for the model to refuse.
    """
    step, *rest = path
    if not rest:
        if step not in data:
            yield (*before, step), data
        return
    for key in list(data) if step == EVERY else [step]:
        below = data.get(key, None if there else {})
        if isinstance(below, Mapping):
            yield from _places(below, tuple(rest), (*before, key), there)
