"""Images that run otherwise after a change: another version, another content, another registry.

An image that many workloads share is told of once. Images of charts stand in the charts' own values, which
`review.meaning.versions` tells of.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from review.findings import Severity, Verdict
from review.meaning.controllers import containers, controllers, shortened_list
from review.plan import Plan
from review.report import AreaFinding, Fact, Sign

PULLS: Final = "https://kubernetes.io/docs/concepts/containers/images/"
DEFAULT_REGISTRY: Final = "docker.io"
LATEST: Final = "latest"

Where = tuple[str, str]
"""Title of the controller and name of the container."""


@dataclass(frozen=True)
class Side:
    """Images of one plan."""

    images: Mapping[Where, str | None]
    """None: only a deployment tells, or the program says it is a secret."""

    urns: Mapping[str, str]
    """Of each controller, by title."""

    paths: Mapping[Where, str]


class Image(NamedTuple):
    """The parts of a reference."""

    registry: str
    repository: str
    tag: str
    """Empty where there is a digest alone; `latest` where nothing is said."""

    digest: str

    @property
    def name(self) -> str:
        """Without the version."""
        return f"{self.registry}/{self.repository}"

    @property
    def version(self) -> str:
        """Tag and the beginning of the digest."""
        short = f"@{self.digest[:19]}" if self.digest else ""
        return f"{self.tag}{short}"


def of_plan(plan: Plan) -> Side:
    """Every container of every controller."""
    images: dict[Where, str | None] = {}
    urns, paths = {}, {}
    for it in controllers(plan).values():
        urns[it.title] = it.urn
        for name, fields in containers(it.pod):
            image = fields.get("image")
            where = it.title, name
            images[where] = image if isinstance(image, str) else None
            kind = "containers" if fields in (it.pod.get("containers") or ()) else "initContainers"
            paths[where] = ".".join(filter(None, (it.path, f"spec.{kind}[{name}].image")))
    return Side(images, urns, paths)


def parsed(reference: str) -> Image:
    """As the container runtimes read it: no registry is docker.io, no tag and no digest is `latest`."""
    name, _, digest = reference.partition("@")
    path, colon, tag = name.rpartition(":")
    if not colon or "/" in tag:
        path, tag = name, ""
    first, slash, rest = path.partition("/")
    has_host = slash and ("." in first or ":" in first or first == "localhost")
    registry, repository = (first, rest) if has_host else (DEFAULT_REGISTRY, path)
    if registry == DEFAULT_REGISTRY and "/" not in repository:
        repository = f"library/{repository}"
    return Image(registry, repository, tag or ("" if digest else LATEST), digest)


def is_lower(old: str, new: str) -> bool:
    """Whether the tag `new` is an earlier version than `old`, where both are versions of one form (semver)."""
    before, after = _version(old), _version(new)
    return before is not None and after is not None and after < before


_VERSION: Final = re.compile(
    r"v?(?P<core>[0-9]{1,9}(\.[0-9]{1,9}){0,3})(-(?P<pre>[0-9A-Za-z.-]+))?(\+.*)?"
)


def _version(tag: str) -> tuple[Any, ...] | None:
    found = _VERSION.fullmatch(tag)
    if not found:
        return None
    core = [int(it) for it in found["core"].split(".")]
    numbers = tuple(core + [0] * (4 - len(core)))
    if not found["pre"]:
        return (*numbers, 1, ())
    parts = found["pre"].split(".")
    pre = tuple((0, int(it), "") if it.isdigit() else (1, 0, it) for it in parts)
    return (*numbers, 0, pre)


def compare(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """One fact a change of one image, with findings where a reviewer has to decide."""
    groups: dict[tuple[str | None, str | None, Sign], list[Where]] = {}
    for where in sorted({*before.images, *after.images}):
        sign: Sign = "changed"
        if where not in before.images:
            sign = "gained"
        elif where not in after.images:
            sign = "lost"
        old, new = before.images.get(where), after.images.get(where)
        if sign != "changed" or old != new:
            groups.setdefault((old, new, sign), []).append(where)
    for (old, new, sign), places in groups.items():
        yield from _Group(before, after, old, new, sign, places).told()


@dataclass
class _Group:
    """One change of one image, wherever it is made."""

    before: Side
    after: Side
    old: str | None
    new: str | None
    sign: Sign
    places: list[Where]

    def told(self) -> Iterator[Fact | AreaFinding]:
        if self.sign != "lost" and self.new is None:
            yield self._finding(
                "image-unknown",
                f"no plan tells the image of {self._where}: its {self._path} must be known to say what runs",
                "a reviewer cannot say what code runs",
                "let the program say the image, not an output of another resource",
                verdict="unknown",
            )
            return
        if self.sign == "lost":
            said = "an image that the base does not tell" if self.old is None else self.old
            yield self._fact(f"{said} no longer runs in {self._where}", 60)
            return
        image = parsed(str(self.new))
        if self.old is None:
            run = "runs from now on" if self.sign == "gained" else "is said now"
            yield self._fact(f"{self.new} {run} in {self._where}", 40)
            yield from self._unpinned(image)
            return
        yield from self._changed(parsed(self.old), image)

    def _changed(self, old: Image, new: Image) -> Iterator[Fact | AreaFinding]:
        if old == new:
            words = f"{self.new} is another spelling of {self.old} in {self._where}: the same image"
        elif old.name != new.name:
            words = f"{self._where} runs {self.new} in place of {self.old}"
        elif old.digest and old.digest == new.digest:
            tags = f"{old.tag or 'no tag'} -> {new.tag or 'no tag'}"
            words = f"{new.name}: {tags} of one digest: the same content in {self._where}"
        else:
            words = f"{new.name}: {old.version} -> {new.version} in {self._where}"
        yield self._fact(words, 20 if old.name != new.name else 30)
        if old.registry != new.registry:
            yield self._finding(
                "image-registry",
                f"{self._where} pulls from {new.registry} in place of {old.registry}",
                "another registry is another owner: who may push there decides what runs here",
                f"see that {new.registry} is one that you trust and that its nodes may pull from it",
            )
        if old.digest and not new.digest:
            yield self._finding(
                "image-digest-lost",
                f"{self._where} runs {new.name}:{new.tag} by its tag; before it had a digest",
                "a tag can be moved, and then two pods of one workload run different code",
                f"add the digest of {new.name}:{new.tag}",
            )
        else:
            yield from self._unpinned(new)
        if old.name == new.name and old.tag == new.tag and old.digest and new.digest:
            if old.digest != new.digest and new.tag:
                yield self._finding(
                    "image-tag-moved",
                    f"{new.name}:{new.tag} is another image than before in {self._where}: "
                    f"{old.digest[:19]} -> {new.digest[:19]}",
                    "a tag that moves hides what changed",
                    "give the build a tag of its own, or ask who pushed it",
                )
        elif old.repository == new.repository and is_lower(old.tag, new.tag):
            yield self._finding(
                "image-downgrade",
                f"{self._where} goes back from {old.tag} to {new.tag}",
                "an earlier version may not read what the later one has written, and lacks its fixes",
                "see that the step back is meant, and that data and clients still fit",
            )

    def _unpinned(self, image: Image) -> Iterator[AreaFinding]:
        if not image.digest:
            yield self._finding(
                "image-unpinned",
                f"{self._where} runs {image.name}:{image.tag} by its tag alone",
                "a tag can be moved, and then two pods of one workload run different code",
                f"add the digest of {image.name}:{image.tag}",
            )

    @property
    def _where(self) -> str:
        titles = list(dict.fromkeys(title for title, _ in self.places))
        if len(titles) > 1:
            return f"{len(titles)} workloads ({shortened_list(titles)})"
        names = shortened_list(name for _, name in self.places)
        return f"{titles[0]} ({names})"

    @property
    def _side(self) -> Side:
        return self.before if self.sign == "lost" else self.after

    @property
    def _path(self) -> str:
        return self._side.paths[self.places[0]]

    @property
    def _one(self) -> tuple[str, str, str]:
        """Resource, path and URN; of many workloads the image is the resource, and the URN is that of the first."""
        title, _ = self.places[0]
        if len({it for it, _ in self.places}) == 1:
            return title, self._path, self._side.urns[title]
        image = self.new or self.old
        resource = f"image {parsed(image).name}" if image else f"{len(self.places)} containers"
        return resource, "", self._side.urns[title]

    def _fact(self, message: str, rank: int) -> Fact:
        resource, path, urn = self._one
        return Fact(
            area="images",
            sign=self.sign,
            resource=resource,
            message=message,
            rank=rank,
            path=path,
            old=self.old or "",
            new=self.new or "",
            source=PULLS,
            urn=urn,
        )

    def _finding(
        self,
        rule: str,
        message: str,
        why: str,
        remedy: str,
        *,
        severity: Severity = "advisory",
        verdict: Verdict = "fail",
    ) -> AreaFinding:
        resource, path, urn = self._one
        return AreaFinding(
            rule=rule,
            severity=severity,
            resource=resource,
            message=message,
            path=path,
            why=why,
            remedy=remedy,
            source=PULLS,
            urn=urn,
            area="images",
            verdict=verdict,
        )
