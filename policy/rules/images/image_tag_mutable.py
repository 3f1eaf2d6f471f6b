"""No image is latest or without a tag."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, containers
from policy.rule import Parameter, Parameters, Rule, Violation
from policy.rules._images import image_of


def _check(it: Container, parameters: Parameters) -> Iterator[Violation]:
    image = image_of(it.spec)
    if image and not image.digest and (not image.tag or image.tag in parameters["tags"]):
        text = (
            f"{image.name}:{image.tag} names no version"
            if image.tag
            else f"{image.name} has no tag"
        )
        yield "image", text


RULE = Rule(
    id="image-tag-mutable",
    title="No image is latest or without a tag",
    area="images",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    parameters={"tags": Parameter(default=["latest"], docs="tags that name no version")},
    check=_check,
    why="Nobody can tell what runs, each node may run another version, and no rollback finds the old one.",
    remedy="name the version's tag, and its digest",
    source="https://kubernetes.io/docs/concepts/containers/images/",
)
