"""Images are pinned by digest."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, containers
from policy.rule import Parameters, Rule, Violation
from policy.rules._images import image_of


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    image = image_of(it.spec)
    if image and not image.digest:
        yield "image", f"{image.name} is not pinned by digest"


RULE = Rule(
    id="image-digest",
    title="Images are pinned by digest",
    area="images",
    severity="advisory",
    kinds=WORKLOADS,
    each=containers,
    check=_check,
    why="A tag can be moved to another image by whoever may push.",
    remedy="add @sha256:... of the image that was tested",
    source="https://kubernetes.io/docs/concepts/containers/images/",
)
