"""No snippets are written into the controller's configuration."""

from collections.abc import Iterator

from policy.objects import Object
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    for key in it.annotations:
        if key.endswith(("-snippet", "-snippets")):
            yield f'metadata.annotations["{key}"]', "writes into the controller's configuration"


RULE = Rule(
    id="ingress-snippets",
    title="No snippets are written into the controller's configuration",
    area="exposure",
    severity="mandatory",
    kinds=("Ingress",),
    check=_check,
    why="Their author can read every certificate and secret of the controller (CVE-2021-25742).",
    remedy="remove the annotation",
    source="https://kubernetes.io/docs/concepts/services-networking/ingress-controllers/",
)
