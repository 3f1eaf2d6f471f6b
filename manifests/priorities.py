"""Who goes first when nodes are full: the stack's PriorityClasses, which no namespace holds."""

from manifests import Manifest, Part
from manifests.labels import of_platform
from settings.stack import PriorityClass, Settings

COMPONENT = "priorities"


def parts(settings: Settings) -> tuple[Part, ...]:
    """A PriorityClass for each of `priorityClasses`, role and name as there; none is anyone's default."""
    labels = of_platform(settings, COMPONENT, COMPONENT)
    return tuple(
        Part(name, _manifest(name, given, labels))
        for name, given in settings.priority_classes.items()
    )


def _manifest(name: str, given: PriorityClass, labels: dict[str, str]) -> Manifest:
    return {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": name, "labels": {**labels}},
        "value": given.value,
        "preemptionPolicy": "PreemptLowerPriority" if given.preemption else "Never",
        "description": given.description,
        "globalDefault": False,
    }
