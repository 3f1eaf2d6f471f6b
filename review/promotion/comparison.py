"""Two stacks side by side: what differs in their settings and in what is made of them, and whether it is meant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from review.promotion.differences import Difference
from review.promotion.rendered import Rendered


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two stacks."""

    one: str
    other: str
    settings: tuple[Difference, ...]
    rendered: tuple[Rendered, ...]
    notes: tuple[str, ...] = ()
    """What could not be compared, and why."""

    @cached_property
    def drift(self) -> tuple[Difference, ...]:
        """Settings that differ and are declared nowhere."""
        return tuple(it for it in self.settings if not it.intended)

    @cached_property
    def unexplained(self) -> tuple[Rendered, ...]:
        """What differs in the running system although no setting says so."""
        return tuple(it for it in self.rendered if it.by_settings is False)

    @property
    def clean(self) -> bool:
        """Whether all that differs is meant, and all was compared."""
        return not (self.drift or self.unexplained or self.notes)

    def meant(self) -> Iterator[tuple[str, Sequence[Difference]]]:
        """Why settings differ on purpose, and which; in the order of the settings."""
        groups: dict[str, list[Difference]] = {}
        for it in self.settings:
            if it.intended:
                groups.setdefault(it.why, []).append(it)
        yield from groups.items()
