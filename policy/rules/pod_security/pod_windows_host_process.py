"""No Windows container runs on the node itself."""

from collections.abc import Iterator
from typing import Any

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, pods
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import of_contexts


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    yield from of_contexts(it, "windowsOptions", _look)


def _look(options: Any) -> Iterator[Violation]:
    if dig(options, "hostProcess") not in (None, False):
        yield "hostProcess", "runs on the node itself"


RULE = Rule(
    id="pod-windows-host-process",
    title="No Windows container runs on the node itself",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    check=_check,
    why="A HostProcess container has the node's files, network and rights.",
    remedy="remove windowsOptions.hostProcess",
    source="https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/",
)
