"""A pod has time to end after its preStop hook."""

import re
from collections.abc import Iterator
from typing import Any, Final

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, mapping, pods, texts
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import of_containers

_SLEEP: Final = re.compile(r"(?:^|[;&\s])sleep\s+([0-9]+)")


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    given = dig(it.spec, "terminationGracePeriodSeconds")
    seconds = given if isinstance(given, int) else 30

    def look(container: Any) -> Iterator[Violation]:
        hook = mapping(container, "lifecycle", "preStop")
        asleep = dig(hook, "sleep", "seconds")
        if not isinstance(asleep, int):
            found = _SLEEP.search(" ".join(texts(hook, "exec", "command")))
            asleep = int(found[1]) if found else 0
        if asleep and asleep >= seconds:
            yield "lifecycle.preStop", f"sleeps {asleep} s, and the pod is killed after {seconds} s"

    yield from of_containers(it, look, ("initContainers", "containers"))


RULE = Rule(
    id="rollout-grace-period",
    title="A pod has time to end after its preStop hook",
    area="availability",
    severity="advisory",
    kinds=WORKLOADS,
    each=pods,
    check=_check,
    why="The kubelet kills the process in the middle of its requests.",
    remedy="raise terminationGracePeriodSeconds above the hook's time",
    source="https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/",
)
