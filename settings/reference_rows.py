"""What a row of the reference says beside what the models know: an example, and what the key becomes."""

import re
from typing import NamedTuple

_FIELD = re.compile(r"(?P<kind>[A-Z][A-Za-z]+): (?P<path>[A-Za-z][^ ]*)")


class Target(NamedTuple):
    """A field of an object."""

    kind: str
    """Kubernetes kind or Azure resource type; `Pod` is the controller's pod template."""

    path: str
    """Keys with dots between; `[]` is an item of a list, `["a.b"]` a key with a dot."""


class Row(NamedTuple):
    """One key."""

    example: str
    """Value in YAML, other than the default."""

    becomes: str
    """`Kind: path`, several with `; ` between; else words, and `nothing: ...` where no object changes by it."""

    @property
    def fields(self) -> list[Target]:
        """The fields it becomes; empty where it is told in words."""
        found = [_FIELD.fullmatch(it) for it in self.becomes.split("; ")]
        return [Target(it["kind"], it["path"]) for it in found if it] if all(found) else []

    @property
    def shown(self) -> str:
        """`becomes` as Markdown."""
        fields = self.fields
        return "<br>".join(f"{kind} `{path}`" for kind, path in fields) or self.becomes
