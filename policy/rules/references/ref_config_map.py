"""A ConfigMap and key that a pod needs exists."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Pod, pods
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import is_missing
from policy.rules._refs import Reference, has_key, of_references
from policy.stack import Stack


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    def look(reference: Reference) -> Iterator[Violation]:
        name = reference.name
        if name == "kube-root-ca.crt":
            return
        if is_missing(stack, "ConfigMap", it.object.namespace, name):
            yield "", f"needs ConfigMap {name}, which namespace {it.object.namespace} does not have"
            return
        held = stack.get("ConfigMap", it.object.namespace, name)
        if held and reference.key and not has_key(held, reference.key):
            yield "", f"needs key {reference.key} of {held.title}, which has none"

    yield from of_references(it, "ConfigMap", look)


RULE = StackRule(
    id="ref-config-map",
    title="A ConfigMap and key that a pod needs exists",
    area="references",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    reach="namespace",
    check=_check,
    why="The container does not start: CreateContainerConfigError.",
    remedy="add it, or correct the name",
    source="https://kubernetes.io/docs/concepts/configuration/configmap/",
)
