"""Health checks of a container, in wire form."""

from collections.abc import Mapping
from typing import Any

from settings.container import ContainerSettings
from settings.ports import ContainerPort, over_tcp, usual_port
from settings.probes import HttpGet, Probe, checks_of, served_port
from settings.workload import Workload

_NUMBERS = (
    ("initialDelaySeconds", "initial_delay_seconds"),
    ("periodSeconds", "period_seconds"),
    ("timeoutSeconds", "timeout_seconds"),
    ("successThreshold", "success_threshold"),
    ("failureThreshold", "failure_threshold"),
    ("terminationGracePeriodSeconds", "termination_grace_period_seconds"),
)


def probes(workload: Workload, container: ContainerSettings) -> dict[str, Any]:
    """`startupProbe`, `readinessProbe` and `livenessProbe` of `container`, those that there are.

    A port is named where Kubernetes takes a name; gRPC takes a number only. No check names a host: from 1.34 on the
    baseline pod security level forbids it.
    """
    served = served_port(container.ports, workload.served) if workload.service else None
    given = checks_of(container.probes, served)
    found = (
        ("startupProbe", given.startup),
        ("readinessProbe", given.readiness),
        ("livenessProbe", given.liveness),
    )
    return {key: _probe(probe, container.ports) for key, probe in found if probe}


def http_get(given: HttpGet, ports: Mapping[str, ContainerPort]) -> dict[str, Any]:
    """An HTTP request to the container with `ports`, of a probe or of `preStop`."""
    wire: dict[str, Any] = {"path": given.path, "port": _port(given.port, ports)}
    if given.scheme != "HTTP":
        wire["scheme"] = given.scheme
    if given.headers:
        wire["httpHeaders"] = [{"name": name, "value": it} for name, it in given.headers.items()]
    return wire


def _probe(probe: Probe, ports: Mapping[str, ContainerPort]) -> dict[str, Any]:
    wire: dict[str, Any] = {}
    if probe.http_get:
        wire["httpGet"] = http_get(probe.http_get, ports)
    elif probe.tcp_socket:
        wire["tcpSocket"] = {"port": _port(probe.tcp_socket.port, ports)}
    elif probe.grpc:
        wire["grpc"] = {"port": ports[_port(probe.grpc.port, ports)].port}
        if probe.grpc.service is not None:
            wire["grpc"]["service"] = probe.grpc.service
    elif probe.exec:
        wire["exec"] = {"command": [*probe.exec.command]}
    for key, attribute in _NUMBERS:
        number = getattr(probe, attribute)
        if number is not None:
            wire[key] = number
    return wire


def _port(given: str | None, ports: Mapping[str, ContainerPort]) -> str:
    asked = over_tcp(ports)
    return given or usual_port(asked) or next(iter(asked))
