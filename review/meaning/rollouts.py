"""How a controller brings its pods to a new template: who stops first, how many stay, who does not follow at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Any, Final

from review.marks import known
from review.meaning.controllers import Controller

ROLLOUT: Final = (
    "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#updating-a-deployment"
)
STATEFUL: Final = (
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies"
)
DAEMON: Final = "https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/"
JOBS: Final = "https://kubernetes.io/docs/concepts/workloads/controllers/job/"
CRON: Final = "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/"


@dataclass(frozen=True)
class Rollout:
    """Of one controller."""

    text: str
    """Behind what restarts: `1 more at a time, all 3 stay ready`."""

    down: bool = False
    """Whether there is a moment without a ready pod."""

    restarts: bool = True
    """False where nothing restarts by itself."""

    source: str = ROLLOUT


def rollout(of: Controller, rest: int, full: int) -> Rollout:
    """With `rest` to `full` pods, by the controller's own rules and defaults."""
    if of.kind == "Deployment":
        return _deployment(of.spec, rest)
    if of.kind == "StatefulSet":
        return _stateful(of.spec, rest)
    if of.kind == "DaemonSet":
        return _daemon(of.spec, full)
    if of.kind == "CronJob":
        stopped = "; it is suspended" if of.spec.get("suspend") is True else ""
        return Rollout(
            f"a run that is there ends as it began, the next one has the new pod{stopped}",
            restarts=False,
            source=CRON,
        )
    if of.kind == "Job":
        return Rollout("the Job and the pods of its last run go first", source=JOBS)
    if of.kind in ("ReplicaSet", "ReplicationController"):
        return Rollout(
            "a pod that is there stays as it is until somebody deletes it",
            restarts=False,
        )
    return Rollout("a bare pod is deleted and made anew", down=True)


def _deployment(spec: Mapping[str, Any], count: int) -> Rollout:
    if spec.get("paused") is True:
        return Rollout("it is paused: nothing happens until `paused` goes", restarts=False)
    strategy = known(spec.get("strategy"))
    if strategy.get("type") == "Recreate":
        return Rollout("all stop before the first new one starts (Recreate)", down=count > 0)
    rolling = known(strategy.get("rollingUpdate"))
    more = share(rolling.get("maxSurge", "25%"), count, up=True)
    less = share(rolling.get("maxUnavailable", "25%"), count, up=False)
    if more is None or less is None:
        return Rollout(
            "how many at a time is known after deployment only (spec.strategy.rollingUpdate)"
        )
    if not more and not less:
        less = 1
    stay = max(count - less, 0)
    ready = f"all {count} stay ready" if stay == count and count > 1 else f"{stay} of {count} stay"
    if count == 1 and stay == 1:
        ready = "the old one stays until the new one is ready"
    at_once = f"{more} more at a time" if more else f"{less} at a time"
    return Rollout(f"{at_once}, {ready}", down=count > 0 and stay == 0)


def _stateful(spec: Mapping[str, Any], count: int) -> Rollout:
    strategy = known(spec.get("updateStrategy"))
    if strategy.get("type") == "OnDelete":
        return Rollout(
            "each only once somebody deletes it (OnDelete)", restarts=False, source=STATEFUL
        )
    rolling = known(strategy.get("rollingUpdate"))
    partition = rolling.get("partition", 0)
    if isinstance(partition, int) and partition >= max(count, 1):
        return Rollout(
            f"none: partition {partition} holds all back", restarts=False, source=STATEFUL
        )
    first = f", down to ordinal {partition}" if partition else ""
    at_once = share(rolling.get("maxUnavailable", 1), count, up=True) or 1
    how = "one by one" if at_once == 1 else f"{at_once} at a time"
    return Rollout(
        f"{how}, the last first{first}; each is gone before its successor starts",
        down=0 < count <= at_once,
        source=STATEFUL,
    )


def _daemon(spec: Mapping[str, Any], nodes: int) -> Rollout:
    strategy = known(spec.get("updateStrategy"))
    if strategy.get("type") == "OnDelete":
        return Rollout(
            "each only once somebody deletes it (OnDelete)", restarts=False, source=DAEMON
        )
    rolling = known(strategy.get("rollingUpdate"))
    more = share(rolling.get("maxSurge", 0), nodes, up=True)
    less = share(rolling.get("maxUnavailable", 1), nodes, up=True)
    if more:
        return Rollout(f"{more} nodes at a time, the new one first", source=DAEMON)
    return Rollout(
        f"{less or 1} node{'s' if (less or 1) > 1 else ''} at a time, without it meanwhile",
        source=DAEMON,
    )


def share(value: Any, count: int, *, up: bool) -> int | None:
    """A number, or a percentage of `count`, rounded as controllers do; None for what is neither."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value)
    if isinstance(value, str) and value.endswith("%") and value[:-1].isdigit():
        part = int(value[:-1]) * count / 100
        return ceil(part) if up else floor(part)
    return int(value) if isinstance(value, str) and value.isdigit() else None
