"""A namespace says what Pod Security enforces."""

from collections.abc import Iterator
from typing import Final

from policy.objects import Object
from policy.rule import Parameter, Parameters, Rule, Violation

_LABEL: Final = "pod-security.kubernetes.io/enforce"
_PATH: Final = f'metadata.labels["{_LABEL}"]'


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    level = it.labels.get(_LABEL)
    if it.name.startswith("kube-") or level in ("baseline", "restricted"):
        return
    if level != "privileged":
        yield _PATH, "says no level that Pod Security knows"
    elif not it.annotations.get(parameters["reasonAnnotation"]):
        yield _PATH, "allows everything, and gives no reason"


RULE = Rule(
    id="namespace-pod-security",
    title="A namespace says what Pod Security enforces",
    area="pod-security",
    severity="mandatory",
    kinds=("Namespace",),
    parameters={
        "reasonAnnotation": Parameter(
            default="aks-platform/pod-security-reason",
            docs="annotation of a Namespace that says why it is privileged",
        )
    },
    check=_check,
    why="Without the label a cluster's default holds, which is to allow everything.",
    remedy="set the label pod-security.kubernetes.io/enforce to restricted, or baseline",
    source="https://kubernetes.io/docs/concepts/security/pod-security-admission/",
)
