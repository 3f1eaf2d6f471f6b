"""Ports: what a container listens on and over which protocol, and what a network policy opens of it."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, NamedTuple

from settings.forms import ShortForm
from settings.section import Section
from settings.values import Port

Protocol = Literal["TCP", "UDP", "SCTP"]

TCP: Protocol = "TCP"


class Opened(NamedTuple):
    """What a network policy opens: a number is no port without its protocol."""

    number: int

    protocol: Protocol = TCP


def long_port(value: Any) -> dict[str, Any] | None:
    """`http: 80` is short for `http: {port: 80}`, `service: 80` for `service: {port: 80}`."""
    number = isinstance(value, int) and not isinstance(value, bool)
    return {"port": value} if number else None


PORT_RULE = "must be a port, for example 80, or a map of settings"


class ContainerPort(Section):
    """What a container listens on; `http: 8080` is short for `http: {port: 8080}`."""

    port: Port
    """Number; with another protocol the same may stand twice in a pod."""

    protocol: Protocol = TCP
    """Over what it is spoken to. AKS' nodes load no SCTP, and Cilium needs `sctp.enabled` for it."""

    @property
    def opened(self) -> Opened:
        """Number and protocol."""
        return Opened(self.port, self.protocol)


ContainerPortOrNumber = Annotated[
    ContainerPort, ShortForm(long_port, PORT_RULE, ContainerPort | Port)
]


def over_tcp(ports: Mapping[str, ContainerPort]) -> Mapping[str, ContainerPort]:
    """Those of `ports` that a health check, an ingress controller or Prometheus can ask."""
    if all(it.protocol == TCP for it in ports.values()):
        return ports
    return {name: it for name, it in ports.items() if it.protocol == TCP}


def usual_port(names: Iterable[str]) -> str | None:
    """The port that is meant where none is named: the only one, or `http`; None where that is open."""
    found = list(names)
    if len(found) == 1:
        return found[0]
    return "http" if "http" in found else None
