"""No ConfigMap holds a secret."""

from collections.abc import Iterator
from functools import partial

from policy.objects import Object, mapping
from policy.rule import Parameters, Rule, Violation
from policy.rules._secrets import holds_credentials, is_named_as_secret, is_plain_text
from policy.rules._turns import in_turn
from policy.unknown import is_secret


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    data = mapping(it.manifest, "data")

    def look(key: str) -> Iterator[Violation]:
        value = data.get(key)
        if is_secret(value):
            yield f"data[{key}]", "is a secret, and stands in a ConfigMap"
        elif is_named_as_secret(key) and is_plain_text(value):
            yield f"data[{key}]", "is named as a secret, and stands in a ConfigMap"
        elif holds_credentials(value):
            yield f"data[{key}]", "has credentials in it"

    yield from in_turn(*(partial(look, key) for key in data))


RULE = Rule(
    id="secret-in-config-map",
    title="No ConfigMap holds a secret",
    area="secrets",
    severity="mandatory",
    kinds=("ConfigMap",),
    check=_check,
    why="ConfigMaps are neither encrypted nor hidden, and viewers may read them.",
    remedy="move it to Key Vault or a Secret",
    source="https://kubernetes.io/docs/concepts/configuration/configmap/",
)
