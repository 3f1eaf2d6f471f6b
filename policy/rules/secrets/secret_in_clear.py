"""A Secret's values are secrets of the engine, too."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from policy.objects import Object, mapping
from policy.rule import Parameters, Rule, Violation
from policy.rules._secrets import is_filled_later
from policy.rules._turns import in_turn
from policy.unknown import is_secret

_PLANNED: Final = "stands in clear in what is planned, and in the engine's state"
_PUBLIC: Final = (".crt", ".pub", ".cer")


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    def look(part: str) -> Iterator[Violation]:
        held = it.manifest.get(part)
        if is_secret(held):
            return
        for key in mapping(held):
            value = mapping(held).get(key)
            if is_secret(value) or not value or key.endswith(_PUBLIC):
                continue
            if not is_filled_later(value):
                yield f"{part}[{key}]", _PLANNED if it.urn else "stands in clear in the manifest"

    yield from in_turn(partial(look, "data"), partial(look, "stringData"))


RULE = Rule(
    id="secret-in-clear",
    title="A Secret's values are secrets of the engine, too",
    area="secrets",
    severity="mandatory",
    kinds=("Secret",),
    check=_check,
    why="Git, or the plan, the state and the previews, show them; base64 is no encryption.",
    remedy="take the value from Key Vault, or, in a stack, from pulumi config --secret",
    source="https://www.pulumi.com/docs/iac/concepts/secrets/",
)
