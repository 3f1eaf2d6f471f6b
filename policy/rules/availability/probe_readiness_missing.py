"""Pods behind a Service have a readiness probe."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from policy.objects import Object, Pod, dig, items, pods
from policy.rule import Parameters, StackRule, Violation
from policy.rules._index import services
from policy.stack import Stack


def _check(it: Pod, stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    chosen = [svc for svc in services(stack).choosing(it) if not _waits_for_nobody(svc)]
    if not chosen:
        return
    targets = [target for svc in chosen for target in _targets(svc)]
    running = [
        (path, item)
        for path, item in chain(items(it.spec, "containers"), items(it.spec, "initContainers"))
        if path.startswith("containers") or dig(item, "restartPolicy") == "Always"
    ]
    asked = [(path, item) for path, item in running if _answers(item, targets)]
    if asked:
        for path, item in asked:
            if dig(item, "readinessProbe") is None:
                yield (
                    f"{path}.readinessProbe",
                    f"gets requests of {chosen[0].title} before it is ready",
                )
    elif not any(dig(item, "readinessProbe") is not None for _, item in running):
        yield "containers", f"get requests of {chosen[0].title}, and none has a readiness probe"


def _waits_for_nobody(service: Object) -> bool:
    return dig(service.manifest, "spec", "publishNotReadyAddresses") is True


def _targets(service: Object) -> Iterator[Any]:
    for _, port in items(service.manifest, "spec", "ports"):
        target = dig(port, "targetPort")
        yield dig(port, "port") if target is None else target


def _answers(container: Any, targets: list[Any]) -> bool:
    return any(
        dig(port, "name") in targets or dig(port, "containerPort") in targets
        for _, port in items(container, "ports")
    )


RULE = StackRule(
    id="probe-readiness-missing",
    title="Pods behind a Service have a readiness probe",
    area="availability",
    severity="advisory",
    kinds=("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"),
    each=pods,
    reach="namespace",
    check=_check,
    why="Without it they get requests before they can answer, and while they are overloaded.",
    remedy="add a readinessProbe",
    source="https://kubernetes.io/docs/concepts/workloads/pods/probes/",
)
