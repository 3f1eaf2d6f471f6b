"""Images come from allowed registries."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, containers
from policy.rule import Parameter, Parameters, Rule, Violation
from policy.rules._images import image_of


def _check(it: Container, parameters: Parameters) -> Iterator[Violation]:
    allowed, image = parameters["allowed"], image_of(it.spec)
    if not allowed or image is None:
        return
    if not any(image.name.startswith(f"{prefix.rstrip('/')}/") for prefix in allowed):
        yield "image", f"{image.name} comes from none of the allowed registries"


RULE = Rule(
    id="image-registry",
    title="Images come from allowed registries",
    area="images",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    parameters={
        "allowed": Parameter(
            default=[],
            docs="registries, or repositories below them, such as registry.example/team; without any nothing is asked",
        )
    },
    check=_check,
    why="What a foreign registry serves is neither scanned nor kept.",
    remedy="copy the image to an allowed registry, and name it there",
    source="https://learn.microsoft.com/azure/aks/concepts-security",
)
