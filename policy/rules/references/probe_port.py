"""A probe's named port is one of its container."""

from collections.abc import Iterator
from functools import partial

from policy.kinds import WORKLOADS
from policy.objects import Container, dig, items, main_containers
from policy.rule import Parameters, Rule, Violation
from policy.rules._probes import PROBES
from policy.rules._turns import in_turn


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    def look(key: str, action: str) -> Iterator[Violation]:
        port = dig(it.spec, key, action, "port")
        if not isinstance(port, str) or port.isdigit():
            return
        if not any(dig(each, "name") == port for _, each in items(it.spec, "ports")):
            yield f"{key}.{action}.port", f"names {port}, which is no port of the container"

    yield from in_turn(
        *(
            partial(look, key, action)
            for key in PROBES
            if key in it.spec
            for action in ("httpGet", "tcpSocket")
        )
    )


RULE = Rule(
    id="probe-port",
    title="A probe's named port is one of its container",
    area="references",
    severity="mandatory",
    kinds=WORKLOADS,
    each=main_containers,
    check=_check,
    why="The probe fails for good: the pod never gets ready, or is restarted for ever.",
    remedy="name a port of the container, or its number",
    source="https://kubernetes.io/docs/concepts/workloads/pods/probes/",
)
