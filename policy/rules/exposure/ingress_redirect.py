"""Plain HTTP is sent on to HTTPS."""

from collections.abc import Iterator

from policy.objects import Object
from policy.rule import Parameters, Rule, Violation


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    for key, value in it.annotations.items():
        if key.endswith("/ssl-redirect") and str(value).lower() == "false":
            yield f'metadata.annotations["{key}"]', "serves plain HTTP, too"


RULE = Rule(
    id="ingress-redirect",
    title="Plain HTTP is sent on to HTTPS",
    area="exposure",
    severity="advisory",
    kinds=("Ingress",),
    check=_check,
    why="The first request, with its cookies, is in clear.",
    remedy="remove the annotation that turns the redirect off",
    source="https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
)
