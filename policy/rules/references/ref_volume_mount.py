"""What a container mounts is a volume of its pod."""

from collections.abc import Iterator
from typing import Any

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, dig, items, listed
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import in_turn, over
from policy.unknown import either


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    templates = listed(it.pod.object.manifest, "spec", "volumeClaimTemplates")

    def known(name: Any) -> bool:
        return either(
            lambda: any(dig(volume, "name") == name for _, volume in items(it.pod.spec, "volumes")),
            lambda: any(dig(claim, "metadata", "name") == name for claim in templates),
        )

    def look(mount: Any) -> Iterator[Violation]:
        if not known(dig(mount, "name")):
            yield "name", "is no volume of the pod"

    yield from in_turn(
        lambda: over(items(it.spec, "volumeMounts"), look),
        lambda: over(items(it.spec, "volumeDevices"), look),
    )


RULE = Rule(
    id="ref-volume-mount",
    title="What a container mounts is a volume of its pod",
    area="references",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    check=_check,
    why="The API server refuses the pod.",
    remedy="add the volume, or correct the name",
    source="https://kubernetes.io/docs/concepts/storage/volumes/",
)
