"""Pods do not share the node's network, processes or memory."""

from collections.abc import Iterator
from functools import partial

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, pods
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import in_turn


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    def look(key: str) -> Iterator[Violation]:
        if dig(it.spec, key) not in (None, False):
            yield key, "shares this with its node"

    yield from in_turn(*(partial(look, key) for key in ("hostNetwork", "hostPID", "hostIPC")))


RULE = Rule(
    id="pod-host-namespaces",
    title="Pods do not share the node's network, processes or memory",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    check=_check,
    why="Such a pod sees other pods' traffic and processes, and no NetworkPolicy holds for it on the node's network.",
    remedy="remove hostNetwork, hostPID and hostIPC",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
)
