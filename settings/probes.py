"""How the health of a container is checked, and what is checked where nobody says.

Defaults: a container is ready when the port opens that the Service sends requests to (`readiness: none` switches it
off); nothing restarts it and nothing waits for a slow start. Periods are Kubernetes' own: every 10 s, 1 s for an
answer, 3 failures.
https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import Discriminator, Field, Tag

from settings.forms import LONG_TAG, NO_FORM_TAG, SHORT_TAG, ShortForm
from settings.ports import ContainerPort, over_tcp
from settings.section import BY_KEY, Section
from settings.service import Served
from settings.values import HeaderName, PortName, Positive, ProbePath, Seconds

PERIOD_SECONDS = 10
FAILURE_THRESHOLD = 3
"""Kubernetes' defaults: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Probe"""


class HttpGet(Section):
    """An HTTP request that must answer 200 to 399."""

    path: ProbePath = "/"
    """Path with its query, for example `/healthz`."""

    port: PortName | None = None
    """Name in `ports`, of a TCP port; omitted: the only one, or `http`."""

    scheme: Literal["HTTP", "HTTPS"] = "HTTP"
    """With `HTTPS` the certificate is not verified."""

    headers: Annotated[dict[HeaderName, str], BY_KEY] = {}
    """Request headers by name. Never a secret: they stand in the pod for all to read."""


class TcpSocket(Section):
    """A TCP connection that must open."""

    port: PortName | None = None
    """Name in `ports`, of a TCP port; omitted: the only one, or `http`."""


class Grpc(Section):
    """A gRPC health check."""

    port: PortName | None = None
    """Name in `ports`, of a TCP port; omitted: the only one, or `http`."""

    service: str | None = None
    """Service name to ask for; omitted: the server as a whole."""


class Exec(Section):
    """A command in the container that must exit with 0."""

    command: list[str] = Field(min_length=1)
    """Program and arguments; no shell."""


class Probe(Section):
    """One health check: exactly one of `httpGet`, `tcpSocket`, `grpc`, `exec`."""

    ONE_OF: ClassVar = ("httpGet", "tcpSocket", "grpc", "exec")

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

    termination_grace_period_seconds: Positive | None = None
    """Time to stop when this check ends the container; omitted: the pod's. Not for readiness."""

    @property
    def patience_seconds(self) -> int:
        """How long after its start a container that never answers is given: delay and all allowed failures."""
        failures = self.failure_threshold or FAILURE_THRESHOLD
        return (self.initial_delay_seconds or 0) + failures * (
            self.period_seconds or PERIOD_SECONDS
        )


_SHORT: Mapping[str, Mapping[str, Any]] = {"tcp": {"tcpSocket": {}}, "grpc": {"grpc": {}}}


def _long(value: Any) -> Mapping[str, Any] | None:
    """`/readyz` is short for `{httpGet: {path: /readyz}}`, `tcp` and `grpc` for a check of the port."""
    if not isinstance(value, str):
        return None
    return {"httpGet": {"path": value}} if value.startswith("/") else _SHORT.get(value)


_LongProbe = Annotated[
    Probe,
    ShortForm(
        _long,
        "must be a path such as '/readyz', 'tcp', 'grpc', 'none' or a map of settings",
        Probe | ProbePath | Literal["tcp", "grpc"],
    ),
]


def _form(value: object) -> str:
    return SHORT_TAG if value == "none" else NO_FORM_TAG if value is None else LONG_TAG


ProbeOrNone = Annotated[
    Annotated[_LongProbe, Tag(LONG_TAG)]
    | Annotated[Literal["none"], Tag(SHORT_TAG)]
    | Annotated[None, Tag(NO_FORM_TAG)],
    Discriminator(_form),
]


class Probes(Section):
    """Health checks of the container: a map, a path for httpGet, `tcp`, `grpc`, or `none`."""

    startup: ProbeOrNone = None
    """Until it passes the other two wait: room for a slow start."""

    readiness: ProbeOrNone = None
    """While it fails the pod gets no traffic. Omitted: the TCP port behind `service` must open; `none`: ready at
    once."""

    liveness: ProbeOrNone = None
    """When it fails the container is restarted."""


class Checks(NamedTuple):
    """The health checks that a container gets in the end."""

    startup: Probe | None
    readiness: Probe | None
    liveness: Probe | None


@lru_cache(maxsize=256)
def ready_when_open(port: str) -> Probe:
    """What stands in for a readiness check that nobody wrote: the port called `port` opens."""
    return Probe.model_validate({"tcpSocket": {"port": port}})


def checks_of(probes: Probes, served: str | None) -> Checks:
    """What `probes` of a container comes to; `served` is its port that a Service sends requests to: only with one it
    is checked without being asked."""

    def given(probe: Probe | Literal["none"] | None) -> Probe | None:
        return probe if isinstance(probe, Probe) else None

    readiness = given(probes.readiness)
    if probes.readiness is None and served:
        readiness = ready_when_open(served)
    return Checks(given(probes.startup), readiness, given(probes.liveness))


def served_port(ports: Mapping[str, ContainerPort], behind: Iterable[Served]) -> str | None:
    """Of a container's `ports` the first one `behind` a Service that a check can open, which only a TCP port can be;
    None where it has none of them."""
    checked = over_tcp(ports)
    return next((it.target for it in behind if it.target in checked), None)
