"""What wakes somebody: one section an alert, each with its threshold, how long it must last and how bad it is.

The PromQL behind each is `components/azure/alert_rules.py`. The defaults are what the profiles recommend.
"""

from collections.abc import Iterator
from typing import Annotated

from settings.constraint import Number
from settings.section import Section
from settings.values import DnsLabel, Percent, Positive

ForMinutes = Annotated[int, Number("must be minutes from 0 to 1440, for example 15", 0, 1440)]
"""How long the condition must hold before anybody is told."""

Severity = Annotated[
    int, Number("must be a severity from 0 (critical) to 4 (verbose), for example 2", 0, 4)
]
"""0 critical, 1 error, 2 warning, 3 informational, 4 verbose."""

Days = Annotated[int, Number("must be whole days from 1 to 365, for example 14", 1, 365)]

WindowMinutes = Annotated[int, Number("must be minutes from 5 to 1440, for example 15", 5, 1440)]

RuleMinutes = Annotated[int, Number("must be minutes from 1 to 15, for example 1", 1, 15)]
"""https://learn.microsoft.com/azure/azure-monitor/metrics/prometheus-rule-groups"""


class Alert(Section):
    """What every alert has."""

    enabled: bool = True
    """Whether there is such an alert."""

    for_minutes: ForMinutes
    """How long the condition must hold before anybody is told."""

    severity: Severity
    """0 critical, 1 error, 2 warning, 3 informational, 4 verbose."""


class NodesNotReady(Alert):
    """A node that the control plane does not hear from."""

    for_minutes: ForMinutes = 10
    """How long a node must be away; a new node is ready within a few minutes."""

    severity: Severity = 1
    """How bad it is."""


class PendingPods(Alert):
    """Pods for which there is no place."""

    pods: Positive = 1
    """How many of one namespace wait."""

    for_minutes: ForMinutes = 15
    """How long they wait; a new node takes up to ten minutes."""

    severity: Severity = 2
    """How bad it is."""


class PoolShare(Alert):
    """How much of a pool at its maximum its pods ask for or may take."""

    percent: Percent
    """Of what pods can use on every node of the pool at `max`."""

    for_minutes: ForMinutes = 15
    """How long the share is above that."""

    severity: Severity = 2
    """How bad it is."""


class PoolRequests(PoolShare):
    """Requests: beyond 100 percent new pods stay pending, whatever the autoscaler does."""

    percent: Percent = 85
    """Of what pods can use on every node of the pool at `max`."""


class PoolLimits(PoolShare):
    """Limits: beyond 100 percent pods that all take what they may are throttled (CPU) or killed (memory)."""

    percent: Percent = 90
    """Of what pods can use on every node of the pool at `max`."""


class PoolAtMaximum(Alert):
    """An autoscaled pool with as many nodes as it may have."""

    for_minutes: ForMinutes = 30
    """How long; a short peak is what the maximum is for."""

    severity: Severity = 2
    """How bad it is."""


class OomKills(Alert):
    """Containers killed for taking more memory than their limit."""

    restarts: Positive = 1
    """How many of one container within the window."""

    window_minutes: WindowMinutes = 15
    """How far back kills are counted."""

    for_minutes: ForMinutes = 0
    """How long; a kill is a fact at once."""

    severity: Severity = 2
    """How bad it is."""


class CrashLoops(Alert):
    """Containers that end again and again."""

    for_minutes: ForMinutes = 15
    """How long a container waits in CrashLoopBackOff."""

    severity: Severity = 2
    """How bad it is."""


class FailedJobs(Alert):
    """Jobs that have used up their attempts."""

    for_minutes: ForMinutes = 1
    """How long; the alert stays until the Job is gone."""

    severity: Severity = 3
    """How bad it is."""


class VolumesNearlyFull(Alert):
    """Disks of workloads that fill up."""

    percent: Percent = 85
    """How much of one is taken."""

    for_minutes: ForMinutes = 15
    """How long."""

    severity: Severity = 2
    """How bad it is."""


class CertificateEnds(Alert):
    """The certificates by which a node's kubelet and the API server know each other; AKS renews them by itself."""

    days: Days = 14
    """How long before the end."""

    for_minutes: ForMinutes = 60
    """How long; one that is being renewed gives no alarm."""

    severity: Severity = 1
    """How bad it is."""


class VersionEnds(Alert):
    """Nodes with a Kubernetes minor whose standard support ends, by the dates of `settings/calendar.py`."""

    days: Days = 90
    """How long before the end."""

    for_minutes: ForMinutes = 60
    """How long; an upgrade that runs gives no alarm."""

    severity: Severity = 3
    """How bad it is."""


class Alerts(Section):
    """Who is told of what. Azure makes no alert by itself."""

    enabled: bool = False
    """Whether there are any. They read `metrics`."""

    notify: list[DnsLabel] | None = None
    """Action groups that are told, by name; omitted: all of `actionGroups`."""

    evaluation_minutes: RuleMinutes = 1
    """How often the conditions are looked at."""

    resolve_minutes: RuleMinutes = 10
    """How long a condition must be over before the alert is taken back."""

    nodes_not_ready: NodesNotReady = NodesNotReady()
    """Nodes the control plane does not hear from."""

    pending_pods: PendingPods = PendingPods()
    """Pods without a node."""

    pool_cpu_requests: PoolRequests = PoolRequests()
    """CPU requests of a pool near its maximum."""

    pool_memory_requests: PoolRequests = PoolRequests()
    """Memory requests of a pool near its maximum."""

    pool_cpu_limits: PoolLimits = PoolLimits()
    """CPU limits of a pool near its maximum."""

    pool_memory_limits: PoolLimits = PoolLimits()
    """Memory limits of a pool near its maximum."""

    pool_at_maximum: PoolAtMaximum = PoolAtMaximum()
    """Autoscaled pools that cannot grow."""

    oom_kills: OomKills = OomKills()
    """Containers killed for memory."""

    crash_loops: CrashLoops = CrashLoops()
    """Containers that do not stay up."""

    failed_jobs: FailedJobs = FailedJobs()
    """Jobs that failed for good."""

    volumes_nearly_full: VolumesNearlyFull = VolumesNearlyFull()
    """Disks that fill up."""

    certificate_ends: CertificateEnds = CertificateEnds()
    """Certificates of nodes."""

    version_ends: VersionEnds = VersionEnds()
    """Kubernetes minors that run out of support."""

    def each(self) -> Iterator[tuple[str, Alert]]:
        """Every alert by its key in YAML, switched on or not."""
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if isinstance(value, Alert):
                yield str(field.alias), value
