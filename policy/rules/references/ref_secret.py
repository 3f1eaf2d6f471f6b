"""A Secret and key that a pod needs exists.

A Secret that is not here may come from elsewhere, for many tools make them: that is for a person to know.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, items, pods
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import in_namespace
from policy.rules._refs import Reference, has_key, of_references
from policy.stack import Stack
from policy.unknown import Undecided, either


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    def look(reference: Reference) -> Iterator[Violation]:
        name = reference.name
        held = stack.get("Secret", it.object.namespace, name)
        if held is None:
            if not _is_made(stack, it.object.namespace, name):
                raise Undecided(
                    f"Secret {it.object.namespace}/{name} is not here, and others may make it"
                )
        elif reference.key and not has_key(held, reference.key):
            yield "", f"needs key {reference.key} of {held.title}, which has none"

    yield from of_references(it, "Secret", look)


_MAKERS: Final[Mapping[str, tuple[str, ...]]] = {
    "Certificate": ("spec", "secretName"),
    "ExternalSecret": ("spec", "target", "name"),
    "SealedSecret": ("spec", "template", "metadata", "name"),
}
"""Objects of cert-manager, External Secrets and Sealed Secrets that stand for a Secret, and where they name it; where
they do not, it has their name."""


def _is_made(stack: Stack, namespace: str, name: str) -> bool:
    def by_vault() -> bool:
        return any(
            dig(made, "secretName") == name
            for source in in_namespace(stack, "SecretProviderClass", namespace)
            for _, made in items(source.manifest, "spec", "secretObjects")
        )

    def by(kind: str, path: tuple[str, ...]) -> bool:
        return any(
            (dig(it.manifest, *path) or it.name) == name
            for it in in_namespace(stack, kind, namespace)
        )

    return either(by_vault, *(partial(by, kind, path) for kind, path in _MAKERS.items()))


RULE = StackRule(
    id="ref-secret",
    title="A Secret and key that a pod needs exists",
    area="references",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    reach="namespace",
    check=_check,
    why="The container does not start: CreateContainerConfigError.",
    remedy="add it, or correct the name",
    source="https://kubernetes.io/docs/concepts/configuration/secret/",
)
