"""A mutable tag is pulled each time."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, dig
from policy.rule import Parameter, Parameters, Rule, Violation
from policy.rules._images import image_of


def _check(it: Container, parameters: Parameters) -> Iterator[Violation]:
    image = image_of(it.spec)
    if image is None or image.digest:
        return
    policy = dig(it.spec, "imagePullPolicy")
    if policy is None and image.tag in ("", "latest"):
        return
    if (not image.tag or image.tag in parameters["tags"]) and policy != "Always":
        yield "imagePullPolicy", f"nodes keep what {image.name} was before"


RULE = Rule(
    id="image-pull-policy",
    title="A mutable tag is pulled each time",
    area="images",
    severity="advisory",
    kinds=WORKLOADS,
    each=containers,
    parameters={
        "tags": Parameter(
            default=["latest", "main", "master", "develop", "dev", "edge", "nightly", "stable"],
            docs="tags that are moved from image to image",
        )
    },
    check=_check,
    why="Otherwise a node goes on with what it has under that name, and asks for no credentials.",
    remedy="set imagePullPolicy to Always, or pin the digest",
    source="https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy",
)
