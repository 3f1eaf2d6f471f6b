"""How many replicas there are, how they keep apart and how many may be missing."""

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from settings.section import BY_KEY, Section
from settings.values import (
    DecimalQuantity,
    DnsLabel,
    IntOrPercent,
    LabelKey,
    LabelValue,
    MetricName,
    PolicyPeriod,
    Positive,
    Seconds,
    StabilizationWindow,
)

Spread = Literal["DoNotSchedule", "ScheduleAnyway"]


def _spread(value: object) -> object:
    """`Off` switches it off in an override, too, where null would only remove what the catalogue says."""
    if value not in ("DoNotSchedule", "ScheduleAnyway", "Off", None):
        raise PydanticCustomError("rule", "must be DoNotSchedule, ScheduleAnyway or Off")
    return None if value == "Off" else value


SpreadOrOff = Annotated[
    Spread | None,
    BeforeValidator(
        _spread, json_schema_input_type=Literal["DoNotSchedule", "ScheduleAnyway", "Off"] | None
    ),
]


class SpreadRule(Section):
    """How the replicas keep apart."""

    zones: SpreadOrOff = "ScheduleAnyway"
    """Over availability zones; `DoNotSchedule` rather leaves a pod pending; `Off` leaves it to the scheduler."""

    nodes: SpreadOrOff = "ScheduleAnyway"
    """Over nodes; values as for `zones`."""


class Affinity(Section):
    """Which nodes and which neighbours the pods want; `required` rather leaves a pod pending than do without."""

    near: Annotated[dict[DnsLabel, Literal["required", "preferred"]], BY_KEY] = {}
    """Workloads of the same namespace to share a node with."""

    apart: Annotated[dict[DnsLabel, Literal["required", "preferred"]], BY_KEY] = {}
    """Workloads of the same namespace to share no node with."""

    nodes: Annotated[dict[LabelKey, list[LabelValue]], BY_KEY] = {}
    """Node labels the pods need, each with the values that will do."""

    preferred_nodes: Annotated[dict[LabelKey, list[LabelValue]], BY_KEY] = {}
    """Node labels the pods would rather have."""


class ScalingPolicy(Section):
    """One bound on how fast an autoscaler moves: exactly one of the two, within `periodSeconds`."""

    ONE_OF: ClassVar = ("pods", "percent")

    pods: Positive | None = None
    """Pods added or removed at most."""

    percent: Positive | None = None
    """Share of the replicas added or removed at most, in percent; over 100 more than doubles them."""

    period_seconds: PolicyPeriod = 60
    """The time it is counted over, at most 1800."""


class ScalingRules(Section):
    """How an autoscaler moves in one direction."""

    stabilization_window_seconds: StabilizationWindow | None = None
    """How long it looks back before it moves; Kubernetes' default is 0 up, 300 down."""

    policies: list[ScalingPolicy] = []
    """Bounds on its speed; omitted: Kubernetes' own (double or 4 pods in 15 s up, all in 15 s down)."""

    select_policy: Literal["Max", "Min", "Disabled"] | None = None
    """Which of several policies counts; `Disabled` never moves in this direction."""


class ScalingBehavior(Section):
    """How fast an autoscaler moves."""

    scale_up: ScalingRules | None = None
    """To more replicas."""

    scale_down: ScalingRules | None = None
    """To fewer replicas."""


class Metric(Section):
    """A custom or external metric: exactly one of `averageValue`, `value`."""

    ONE_OF: ClassVar = ("averageValue", "value")

    type: Literal["Pods", "External", "Object"] = "Pods"
    """`Pods` averages over the pods, `External` is from outside the cluster, `Object` describes another object."""

    average_value: DecimalQuantity | None = None
    """Target for each pod, for example `100` or `500m`."""

    value: DecimalQuantity | None = None
    """Target of the whole; not with type Pods."""

    selector: dict[LabelKey, LabelValue] = {}
    """Labels of the series."""

    object: str | None = Field(default=None, pattern=r"^[a-z0-9./]+/[A-Z][A-Za-z]+/[a-z0-9.-]+$")
    """The object of type Object as `apiVersion/Kind/name`, for example `networking.k8s.io/v1/Ingress/public`."""


class Autoscale(Section):
    """A HorizontalPodAutoscaler; it then owns the number of replicas."""

    min: Positive = 1
    """Fewest replicas. At least 2 for what must survive a node drain, which `availability: ha` makes the default."""

    max: Positive
    """Most replicas; counted in full against quota and pool."""

    cpu: Positive | None = None
    """Target CPU use, percent of the request; over 100 where the limit leaves room for it."""

    memory: Positive | None = None
    """Target memory use, percent of the request; over 100 where the limit leaves room for it."""

    metrics: Annotated[dict[MetricName, Metric], BY_KEY] = {}
    """Custom and external metrics by name; the cluster needs an adapter that serves them."""

    behavior: ScalingBehavior | None = None
    """How fast it moves; omitted: Kubernetes' own."""


class Disruption(Section):
    """A PodDisruptionBudget: exactly one of the two. It must let a drain pass."""

    ONE_OF: ClassVar = ("minAvailable", "maxUnavailable")

    min_available: IntOrPercent | None = None
    """Pods that must stay while nodes are drained."""

    max_unavailable: IntOrPercent | None = None
    """Pods that may be gone while nodes are drained."""


class Toleration(Section):
    """A node taint the pods tolerate, as in Kubernetes."""

    key: LabelKey | None = None
    """Taint key; omitted with operator Exists: every taint."""

    operator: Literal["Exists", "Equal"] = "Exists"
    """`Equal` compares `value`, too."""

    value: LabelValue | None = None
    """Taint value, with operator Equal."""

    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = None
    """Omitted: every effect."""

    toleration_seconds: Seconds | None = None
    """How long a pod stays once the taint is there; only with effect NoExecute."""
