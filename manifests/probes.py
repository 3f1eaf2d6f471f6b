"""Health checks of a container, in wire form."""

from typing import Any

from settings.probes import Probe, checks_of, usual_port
from settings.workload import Workload

_TIMES = (
    ("initialDelaySeconds", "initial_delay_seconds"),
    ("periodSeconds", "period_seconds"),
    ("timeoutSeconds", "timeout_seconds"),
    ("successThreshold", "success_threshold"),
    ("failureThreshold", "failure_threshold"),
)


def probes(workload: Workload) -> dict[str, Any]:
    """`startupProbe`, `readinessProbe` and `livenessProbe`, those that there are.

    A port is named where Kubernetes takes a name; gRPC takes a number only. No check names a host: from 1.34 on the
    baseline pod security level forbids it.
    """
    given = checks_of(workload.probes, {}, serves=False)
    found = (
        ("startupProbe", given.startup),
        ("readinessProbe", given.readiness),
        ("livenessProbe", given.liveness),
    )
    return {key: _probe(probe, workload) for key, probe in found if probe}


def _probe(probe: Probe, workload: Workload) -> dict[str, Any]:
    wire: dict[str, Any] = {}
    if probe.http_get:
        wire["httpGet"] = {
            "path": probe.http_get.path,
            "port": _port(probe.http_get.port, workload),
        }
    elif probe.tcp_socket:
        wire["tcpSocket"] = {"port": _port(probe.tcp_socket.port, workload)}
    elif probe.grpc:
        wire["grpc"] = {"port": workload.ports[_port(probe.grpc.port, workload)]}
        if probe.grpc.service is not None:
            wire["grpc"]["service"] = probe.grpc.service
    elif probe.exec:
        wire["exec"] = {"command": [*probe.exec.command]}
    for key, attribute in _TIMES:
        seconds = getattr(probe, attribute)
        if seconds is not None:
            wire[key] = seconds
    return wire


def _port(given: str | None, workload: Workload) -> str:
    return given or usual_port(workload.ports) or next(iter(workload.ports))
