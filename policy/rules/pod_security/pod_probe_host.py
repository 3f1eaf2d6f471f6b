"""Probes and hooks ask the pod itself."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import in_turn

_HANDLERS: Final = (
    ("livenessProbe",),
    ("readinessProbe",),
    ("startupProbe",),
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
)
_ACTIONS: Final = ("httpGet", "tcpSocket")


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    def look(steps: tuple[str, ...]) -> Iterator[Violation]:
        if dig(it.spec, *steps, "host") not in (None, ""):
            yield ".".join((*steps, "host")), "asks another host than the pod"

    yield from in_turn(
        *(
            partial(look, (*key, action))
            for key in _HANDLERS
            if key[0] in it.spec
            for action in _ACTIONS
        )
    )


RULE = Rule(
    id="pod-probe-host",
    title="Probes and hooks ask the pod itself",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    check=_check,
    why="The kubelet would call any host for the author of a pod; from 1.34 on the level baseline refuses it.",
    remedy="remove host: the pod's own address is asked",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
)
