"""One container: what it asks for, what it reads, what it may do, and when it starts beside others."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from settings.mounts import EnvValue, MountOrVolume
from settings.probes import Exec, HttpGet, Probes
from settings.section import Section
from settings.values import (
    AbsolutePath,
    Capability,
    Count,
    CpuQuantity,
    DnsLabel,
    EnvName,
    ImageRepository,
    MemoryQuantity,
    Port,
    PortName,
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


class Lifecycle(Section):
    """What happens before a container is told to stop: exactly one of the three."""

    sleep_seconds: Seconds | None = None
    """Wait this long, so that what sends requests has time to hear that the pod goes."""

    exec: Exec | None = None
    """Run a command in the container."""

    http_get: HttpGet | None = None
    """Send an HTTP request to the container."""


def _seconds(value: object) -> object:
    """`preStop: 5` is short for `preStop: {sleepSeconds: 5}`."""
    number = isinstance(value, int) and not isinstance(value, bool)
    return {"sleepSeconds": value} if number else value


PreStop = Annotated[
    Lifecycle, BeforeValidator(_seconds, json_schema_input_type=Lifecycle | Seconds)
]

Condition = Literal["complete", "started", "healthy"]
"""What one container waits for of another: its end, its start, or that its startup probe passed."""


class ContainerSettings(Section):
    """What the workload's own container and each further one have in common."""

    command: list[str] | None = None
    """Replaces the image's entry point."""

    args: list[str] | None = None
    """Replaces the image's arguments."""

    working_dir: AbsolutePath | None = None
    """Folder the command starts in; omitted: the image's."""

    ports: dict[PortName, Port] = {}
    """Container ports by name; a name is used once in a pod."""

    resources: Resources = Resources()
    """CPU and memory of the container."""

    probes: Probes = Probes()
    """Health checks."""

    env: dict[EnvName, EnvValue] = {}
    """Variables: a text, or `{field}`, `{resource}`, `{config}`, `{secret}`. A change rolls the pods; longer lists
    belong to `config`."""

    mounts: dict[AbsolutePath, MountOrVolume] = {}
    """Volumes by the folder they appear in: a name in `volumes`, or that with `subPath` and `readOnly`."""

    pre_stop: PreStop | None = None
    """Before the container is told to stop; a number is seconds to wait. Omitted: 5 seconds where `service` sends
    requests, else nothing."""


def _before_main(value: object) -> object:
    """`before: complete` is short for `before: {main: complete}`."""
    return {MAIN: value} if isinstance(value, str) else value


MAIN = "main"
"""What `before` calls the workload's own container."""


class Container(ContainerSettings):
    """A further container of the pod: beside the workload's own, or before it."""

    image: ImageRepository | None = None
    """Repository, its version in `images` of the stack; omitted: the workload's image."""

    before: Annotated[
        dict[DnsLabel, Condition],
        BeforeValidator(_before_main, json_schema_input_type=dict[DnsLabel, Condition] | Condition),
    ] = {}
    """What waits for it, by container name, `main` for the workload's own: for its end (`complete`: an init
    container), its start (`started`: a sidecar that keeps running) or its startup probe (`healthy`). One word
    stands for `{main: ...}`; omitted: it starts with the workload's own."""

    security: Security | None = None
    """Its rights; omitted: the workload's."""
