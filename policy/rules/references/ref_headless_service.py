"""A StatefulSet's Service exists."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import is_missing
from policy.stack import Stack


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    name = dig(it.manifest, "spec", "serviceName")
    if name and is_missing(stack, "Service", it.namespace, name):
        yield "spec.serviceName", f"is no Service of namespace {it.namespace}"


RULE = StackRule(
    id="ref-headless-service",
    title="A StatefulSet's Service exists",
    area="references",
    severity="mandatory",
    kinds=("StatefulSet",),
    reach="namespace",
    check=_check,
    why="Its pods have no names in DNS and do not find each other.",
    remedy="add a headless Service of that name",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/",
)
