"""No pod acts as the group root.

Where the user is root, its group tells nothing more: that is the finding of pod-run-as-user-root.
"""

from collections.abc import Iterator
from functools import partial

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, items, pods
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import in_turn


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    def look(key: str) -> Iterator[Violation]:
        if dig(it.spec, "securityContext", key) == 0:
            yield f"securityContext.{key}", "is the group root"

    def among() -> Iterator[Violation]:
        for path, group in items(it.spec, "securityContext", "supplementalGroups"):
            if group == 0:
                yield path, "is the group root"

    if dig(it.spec, "securityContext", "runAsUser") != 0:
        yield from in_turn(partial(look, "runAsGroup"), partial(look, "fsGroup"), among)


RULE = Rule(
    id="pod-root-group",
    title="No pod acts as the group root",
    area="pod-security",
    severity="advisory",
    kinds=WORKLOADS,
    each=pods,
    check=_check,
    why="Files of the group root are often writable for it in images and volumes.",
    remedy="give another runAsGroup, fsGroup or supplementalGroups",
    source="https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
)
