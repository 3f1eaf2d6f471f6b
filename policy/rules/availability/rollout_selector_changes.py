"""A selector has no label that changes by release."""

from collections.abc import Iterator

from policy.objects import Object, mapping
from policy.rule import Parameter, Parameters, Rule, Violation


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    for key in mapping(it.manifest, "spec", "selector", "matchLabels"):
        if key in parameters["labels"]:
            yield (
                f'spec.selector.matchLabels["{key}"]',
                "changes with a release, and selectors cannot",
            )


RULE = Rule(
    id="rollout-selector-changes",
    title="A selector has no label that changes by release",
    area="availability",
    severity="advisory",
    kinds=("Deployment", "StatefulSet", "DaemonSet"),
    parameters={
        "labels": Parameter(
            default=[
                "app.kubernetes.io/version",
                "chart",
                "helm.sh/chart",
                "pod-template-hash",
                "version",
            ],
            docs="labels that change from release to release",
        )
    },
    check=_check,
    why="Selectors cannot be changed: the next version fails, or the engine replaces the workload.",
    remedy="select by app.kubernetes.io/name and instance",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/",
)
