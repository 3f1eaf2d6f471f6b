"""A Secret and key that a pod needs exists.

A Secret that is not here may come from elsewhere, for many tools make them: that is for a person to know.
"""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, items, pods
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import in_namespace
from policy.rules._refs import Reference, has_key, of_references
from policy.stack import Stack
from policy.unknown import Undecided


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    def look(reference: Reference) -> Iterator[Violation]:
        name = reference.name
        held = stack.get("Secret", it.object.namespace, name)
        if held is None:
            if not _from_vault(stack, it.object.namespace, name):
                raise Undecided(
                    f"Secret {it.object.namespace}/{name} is not here, and others may make it"
                )
        elif reference.key and not has_key(held, reference.key):
            yield "", f"needs key {reference.key} of {held.title}, which has none"

    yield from of_references(it, "Secret", look)


def _from_vault(stack: Stack, namespace: str, name: str) -> bool:
    return any(
        dig(made, "secretName") == name
        for source in in_namespace(stack, "SecretProviderClass", namespace)
        for _, made in items(source.manifest, "spec", "secretObjects")
    )


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
