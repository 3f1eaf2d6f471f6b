"""One container: what it asks for, what it reads, what it may do, and when it starts beside others."""

from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field

from settings.constraint import Text
from settings.forms import ShortForm
from settings.mounts import EnvValue, MountOrVolume, Scratch
from settings.ports import ContainerPortOrNumber
from settings.probes import Exec, HttpGet, Probes
from settings.section import BY_KEY, Section
from settings.values import (
    AbsolutePath,
    Capability,
    Count,
    CpuQuantity,
    DnsLabel,
    EnvName,
    ImageRepository,
    MemoryQuantity,
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


Day = Annotated[
    str,
    Text(
        r"^2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        "must be a day, for example '2027-01-31'",
        10,
    ),
]


class SecurityException(Section):
    """Leave to be less than restricted; the namespace must allow the level."""

    level: Literal["baseline", "privileged"]
    """The strictest Pod Security level the pods still meet."""

    reason: str = Field(min_length=10)
    """Why it cannot be avoided; printed in every review."""

    expires: Day | None = None
    """Last day it holds, for example `2027-01-31`; a review tells 30 days before, and nothing is rendered after.
    Omitted: it holds until somebody takes it out."""


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

    ONE_OF: ClassVar = ("sleepSeconds", "exec", "httpGet")

    sleep_seconds: Seconds | None = None
    """Wait this long, so that what sends requests has time to hear that the pod goes."""

    exec: Exec | None = None
    """Run a command in the container."""

    http_get: HttpGet | None = None
    """Send an HTTP request to the container."""


def _seconds(value: Any) -> dict[str, int] | None:
    """`preStop: 5` is short for `preStop: {sleepSeconds: 5}`."""
    number = isinstance(value, int) and not isinstance(value, bool)
    return {"sleepSeconds": value} if number else None


PreStop = Annotated[
    Lifecycle,
    ShortForm(
        _seconds,
        "must be seconds to wait, for example 5, or a map of settings",
        Lifecycle | Seconds,
    ),
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

    ports: Annotated[dict[PortName, ContainerPortOrNumber], BY_KEY] = {}
    """Container ports by name: a number, or that with a `protocol`. A name is used once in a pod."""

    resources: Resources = Resources()
    """CPU and memory of the container."""

    probes: Probes = Probes()
    """Health checks."""

    env: dict[EnvName, EnvValue] = {}
    """Variables: a text, or `{field}`, `{resource}`, `{config}`, `{secret}`. A change rolls the pods; longer lists
    belong to `config`."""

    mounts: Annotated[dict[AbsolutePath, MountOrVolume], BY_KEY] = {}
    """Volumes by the folder they appear in: a name in `volumes`, or that with `subPath` and `readOnly`.
    `config-files` is `config.files`, for a further container."""

    scratch: Annotated[Scratch, BY_KEY] = {}
    """Folders to write to, each with the most it holds: the image's own files are read-only. `[/tmp]` gives 64Mi; two
    containers share nothing there."""

    pre_stop: PreStop | None = None
    """Before the container is told to stop; a number is seconds to wait. Omitted: 5 seconds, at most half of
    `terminationGracePeriodSeconds`, for the workload's own container where it has a `service`; else nothing."""


def _before_main(value: Any) -> dict[str, str] | None:
    """`before: complete` is short for `before: {main: complete}`."""
    return {MAIN: value} if isinstance(value, str) else None


MAIN = "main"
"""What `before` calls the workload's own container."""


class Container(ContainerSettings):
    """A further container of the pod: beside the workload's own, or before it."""

    image: ImageRepository | None = None
    """Repository, its version in `images` of the stack; omitted: the workload's image."""

    before: Annotated[
        dict[DnsLabel, Condition],
        ShortForm(
            _before_main,
            f"must be one of {', '.join(get_args(Condition))}, or a map of them by container",
            dict[DnsLabel, Condition] | Condition,
        ),
    ] = {}
    """What waits for it, by container name, `main` for the workload's own: for its end (`complete`: an init
    container), its start (`started`: a sidecar that keeps running) or its startup probe (`healthy`). One word
    stands for `{main: ...}`; omitted: it starts with the workload's own."""

    security: Security | None = None
    """Its rights; omitted: the workload's."""
