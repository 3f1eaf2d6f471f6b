"""One container: what it asks for, how its health is checked, what it may do."""

from typing import Literal

from pydantic import Field

from settings.section import Section
from settings.values import (
    Capability,
    Count,
    CpuQuantity,
    MemoryQuantity,
    PortName,
    Positive,
    ProbePath,
    Seconds,
)


class Amounts(Section):
    """CPU and memory of one container."""

    cpu: CpuQuantity | None = None
    """Cores, for example `250m`. Without it the namespace's LimitRange decides."""

    memory: MemoryQuantity | None = None
    """Bytes, for example `256Mi`. Without it the namespace's LimitRange decides."""


class Resources(Section):
    """What a container asks for and may use at most; counted against quota and pool."""

    requests: Amounts = Amounts()
    """Kept free for the container on its node; what the scheduler and the quota count."""

    limits: Amounts = Amounts()
    """The most it may use: CPU is throttled, memory is killed."""


class HttpGet(Section):
    """An HTTP request that must answer 200 to 399."""

    path: ProbePath = "/"
    """Path with its query, for example `/healthz`."""

    port: PortName
    """Name in `ports`."""


class TcpSocket(Section):
    """A TCP connection that must open."""

    port: PortName
    """Name in `ports`."""


class Grpc(Section):
    """A gRPC health check."""

    port: PortName
    """Name in `ports`."""

    service: str | None = None
    """Service name to ask for; omitted: the server as a whole."""


class Exec(Section):
    """A command in the container that must exit with 0."""

    command: list[str] = Field(min_length=1)
    """Program and arguments; no shell."""


class Probe(Section):
    """One health check: exactly one of `httpGet`, `tcpSocket`, `grpc`, `exec`."""

    http_get: HttpGet | None = None
    """Ask over HTTP."""

    tcp_socket: TcpSocket | None = None
    """Open a connection; the best liveness check, since it passes in a saturated pod."""

    grpc: Grpc | None = None
    """Ask over gRPC."""

    exec: Exec | None = None
    """Run a command in the container."""

    initial_delay_seconds: Seconds | None = None
    """Wait before the first check; a startup probe serves better."""

    period_seconds: Positive | None = None
    """Time between checks; Kubernetes' default is 10."""

    timeout_seconds: Positive | None = None
    """Time for one answer; Kubernetes' default is 1."""

    success_threshold: Positive | None = None
    """Successes in a row before the pod counts as ready; 1 for liveness and startup."""

    failure_threshold: Positive | None = None
    """Failures in a row before the check counts as failed; Kubernetes' default is 3."""


class Probes(Section):
    """Health checks of the container."""

    startup: Probe | None = None
    """Until it passes the other two wait: room for a slow start."""

    readiness: Probe | None = None
    """While it fails the pod gets no traffic."""

    liveness: Probe | None = None
    """When it fails the container is restarted."""


class SecurityException(Section):
    """Leave to be less than restricted; the namespace must allow the level."""

    level: Literal["baseline", "privileged"]
    """The strictest Pod Security level the pods still meet."""

    reason: str = Field(min_length=10)
    """Why it cannot be avoided; printed in every review."""


class Security(Section):
    """The container's rights; the defaults meet the restricted Pod Security level."""

    run_as_user: Count = 10001
    """User id. 0 (root) needs an exception."""

    run_as_group: Count = 10001
    """Group id."""

    fs_group: Count | None = None
    """Group that owns mounted disks; needed where a non-root user writes to one."""

    read_only_root_filesystem: bool = True
    """Whether the image's own files are read-only; mount an emptyDir where it must write."""

    add_capabilities: list[Capability] = []
    """Linux capabilities added after all are dropped; restricted allows only NET_BIND_SERVICE."""

    exception: SecurityException | None = None
    """The reasoned exception; omitted: restricted."""
