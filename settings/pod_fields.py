"""A pod as the rules of Pod Security look at it, whatever stands where a map or a list should be.

Anybody's YAML is read here, so nothing is taken for granted: what has the wrong type counts as not given, for the API
server refuses it before it asks for a level.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

LISTS: Final = ("initContainers", "containers", "ephemeralContainers")
"""Where containers stand, in the order in which the API server looks at them."""

_MOST_CHARACTERS: Final = 253
"""As long as the name of any object may be."""


class Breach(NamedTuple):
    """One place of a pod that a rule objects to."""

    path: str
    """From the pod: `spec.containers[0].securityContext.privileged`, `metadata.annotations["..."]`."""

    who: str
    """The container or volume; empty for the pod itself."""

    message: str
    """Who must do what, in the API server's words where it has any."""


@dataclass(frozen=True)
class Container:
    """One container of any list."""

    path: str
    """`spec.initContainers[0]`."""

    name: str
    fields: Mapping[str, Any]
    security: Mapping[str, Any]
    """Its securityContext, empty where it has none."""

    @property
    def title(self) -> str:
        """As messages name it."""
        return f'container "{self.name}"'

    def breach(self, key: str, words: str) -> Breach:
        """What a rule objects to at `key` of it; `words` follow its title."""
        return Breach(f"{self.path}.{key}", self.name, f"{self.title} {words}")


@dataclass(frozen=True)
class Pod:
    """Metadata and spec of a pod or of a pod template."""

    metadata: Mapping[str, Any]
    spec: Mapping[str, Any]

    @cached_property
    def annotations(self) -> Mapping[str, Any]:
        """Empty where it has none."""
        return mapping(self.metadata.get("annotations"))

    @cached_property
    def security(self) -> Mapping[str, Any]:
        """Its own securityContext."""
        return mapping(self.spec.get("securityContext"))

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """All of them, in the order of `LISTS`."""
        return tuple(
            Container(
                f"spec.{key}[{index}]",
                text(it.get("name") or ""),
                it,
                mapping(it.get("securityContext")),
            )
            for key in LISTS
            for index, it in mappings(self.spec.get(key))
        )

    @cached_property
    def volumes(self) -> tuple[tuple[str, str, Mapping[str, Any]], ...]:
        """Path, name and fields of each."""
        return tuple(
            (f"spec.volumes[{index}]", text(it.get("name") or ""), it)
            for index, it in mappings(self.spec.get("volumes"))
        )

    @property
    def is_windows(self) -> bool:
        """Whether it says that its nodes run Windows."""
        return mapping(self.spec.get("os")).get("name") == "windows"

    @property
    def in_user_namespace(self) -> bool:
        """Whether root in it is nobody on the node (`hostUsers: false`)."""
        return self.spec.get("hostUsers") is False

    def settings(self, key: str) -> Iterator[tuple[str, str, str, Any]]:
        """One key of every securityContext that gives it, the pod's first: path, container's name, title and value."""
        if self.security.get(key) is not None:
            yield f"spec.securityContext.{key}", "", "pod", self.security[key]
        for it in self.containers:
            if it.security.get(key) is not None:
                yield f"{it.path}.securityContext.{key}", it.name, it.title, it.security[key]


def mapping(value: Any) -> Mapping[str, Any]:
    """`value`, or an empty map where it is none."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The maps of a list with their indices; none where it is no list."""
    if isinstance(value, list | tuple):
        for index, it in enumerate(value):
            if isinstance(it, Mapping):
                yield index, it


def texts(value: Any) -> list[str]:
    """The items of a list as text; none where it is no list."""
    return [text(it) for it in value] if isinstance(value, list | tuple) else []


def is_one_of(value: Any, allowed: frozenset[str]) -> bool:
    """Whether `value`, which may be anything, is one of these words."""
    return isinstance(value, str) and value in allowed


def text(value: Any) -> str:
    """`value` on one line of a message, cut where it is long; of a map or a list no more than that it is one."""
    if isinstance(value, Mapping | list | tuple):
        return "{…}" if isinstance(value, Mapping) else "[…]"
    whole = "".join(it if it.isprintable() else "\N{REPLACEMENT CHARACTER}" for it in str(value))
    return whole if len(whole) <= _MOST_CHARACTERS else f"{whole[: _MOST_CHARACTERS - 1]}…"
