"""A controller selects its own pods."""

from collections.abc import Iterator

from policy.objects import Pod, mapping, pods
from policy.rule import Parameters, Rule, Violation
from policy.stack import matches


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    selector = mapping(it.object.manifest, "spec", "selector")
    if not selector:
        yield "", "no spec.selector selects these pods"
    elif not matches(it.labels, selector):
        yield "", "spec.selector does not select these pods"


RULE = Rule(
    id="rollout-selector",
    title="A controller selects its own pods",
    area="references",
    severity="mandatory",
    kinds=("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
    each=pods,
    check=_check,
    why="The API server refuses it.",
    remedy="give the template the labels of spec.selector",
    source="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/",
)
