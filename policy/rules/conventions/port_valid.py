"""Ports have numbers and names that the API server takes."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, dig, items
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import in_turn, over

_NAME: Final = re.compile(r"(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")
"""RFC 6335: a letter in it, no hyphen at an end or beside another."""

_LAST: Final = 65535


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    def look(port: Any) -> Iterator[Violation]:
        yield from in_turn(
            lambda: _number(port, "containerPort", 1),
            lambda: _number(port, "hostPort", 0),
            lambda: _name(port),
        )

    yield from over(items(it.spec, "ports"), look)
    named = Counter(str(name) for _, port in items(it.spec, "ports") if (name := dig(port, "name")))
    for name, times in named.items():
        if times > 1:
            yield "ports", f"names {times} of its ports {name}"


def _number(port: Any, key: str, least: int) -> Iterator[Violation]:
    found = dig(port, key)
    if isinstance(found, int) and not least <= found <= _LAST:
        yield key, f"is no port between 1 and {_LAST:,}"


def _name(port: Any) -> Iterator[Violation]:
    found = dig(port, "name")
    if isinstance(found, str) and found and not _NAME.fullmatch(found):
        yield "name", "is no name of a port"


RULE = Rule(
    id="port-valid",
    title="Ports have numbers and names that the API server takes",
    area="conventions",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    check=_check,
    why="The API server refuses the pod.",
    remedy="give each port a name of its own: at most 15 small letters, digits and single -, a letter among them",
    source="https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports",
)
