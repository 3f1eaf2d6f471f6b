"""Nothing lives in the namespace default.

Of manifests in a folder that name none the namespace may come from the command that applies them.
"""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, StackRule, Violation
from policy.rules._names import NAMESPACED
from policy.stack import Stack


def _check(it: Object, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    given = dig(it.manifest, "metadata", "namespace")
    if given == "default" or (not given and stack.complete):
        yield "metadata.namespace", "lives in the namespace default"


RULE = StackRule(
    id="namespace-default",
    title="Nothing lives in the namespace default",
    area="conventions",
    severity="advisory",
    kinds=NAMESPACED,
    reach="namespace",
    check=_check,
    why="It has no quota, no policies and no level of Pod Security of its own.",
    remedy="give metadata.namespace",
    source="https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
)
