"""SELinux options stay with types of containers."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from policy.kinds import WORKLOADS
from policy.objects import Pod, dig, pods
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import in_turn, of_contexts

_TYPES: Final = ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")


def _check(it: Pod, _parameters: Parameters) -> Iterator[Violation]:
    yield from of_contexts(it, "seLinuxOptions", _look)


def _look(options: Any) -> Iterator[Violation]:
    def part(key: str) -> Iterator[Violation]:
        if dig(options, key) not in (None, *(_TYPES if key == "type" else ("",))):
            yield key, "leaves the confinement of containers"

    yield from in_turn(*(partial(part, key) for key in ("type", "user", "role")))


RULE = Rule(
    id="pod-selinux-options",
    title="SELinux options stay with types of containers",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=pods,
    check=_check,
    why="Another type, a user or a role leaves the confinement of containers.",
    remedy="remove seLinuxOptions, or name a type such as container_t",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
)
