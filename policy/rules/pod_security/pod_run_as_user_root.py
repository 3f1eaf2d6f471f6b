"""No container runs as user 0."""

from collections.abc import Iterator
from typing import Any

from policy.kinds import WORKLOADS
from policy.objects import Pod, pods
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import has_own_users, of_contexts


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    def look(user: Any) -> Iterator[Violation]:
        if user == 0:
            yield "", "is root"

    if not has_own_users(it):
        yield from of_contexts(it, "runAsUser", look)


RULE = Rule(
    id="pod-run-as-user-root",
    title="No container runs as user 0",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    check=_check,
    why="User 0 is root, whatever the image says.",
    remedy="give another runAsUser, or none where the image has a user",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
)
