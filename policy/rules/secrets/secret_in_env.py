"""No environment variable holds a secret in clear."""

from collections.abc import Iterator
from typing import Any

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, dig, items, mapping
from policy.rule import Parameters, Rule, Violation
from policy.rules._secrets import holds_credentials, is_named_as_secret, is_plain_text
from policy.rules._turns import over
from policy.unknown import is_secret


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    def look(variable: Any) -> Iterator[Violation]:
        name, value = dig(variable, "name"), mapping(variable).get("value")
        if value is None:
            return
        if is_secret(value) or (is_named_as_secret(name) and is_plain_text(value)):
            yield "value", f"holds a secret in clear: variable {name}"
        elif holds_credentials(value):
            yield "value", f"holds credentials in clear: variable {name}"

    yield from over(items(it.spec, "env"), look)


RULE = Rule(
    id="secret-in-env",
    title="No environment variable holds a secret in clear",
    area="secrets",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    check=_check,
    why="It stands in Git, in the engine's state, in the API and in kubectl describe.",
    remedy="take it from a Secret with secretKeyRef, or mount it from Key Vault",
    source="https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
)
