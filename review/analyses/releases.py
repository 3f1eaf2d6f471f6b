"""What is on its way and what was taken back: rollbacks and second versions, from what the Deployments say of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from manifests.labels import TRACK
from manifests.releases import RELEASE, ROLLBACK
from review.analyses.pods import CONTROLLERS, kubernetes_objects, meta
from review.findings import Finding
from review.plan import Plan


def release_findings(plan: Plan) -> Iterator[Finding]:
    """One for each image that runs its rollback, each second version, and each of those without a digest.

    All advisory: each was asked for in the stack file, and each should be gone some day.
    """
    controllers = {
        (it["kind"], meta(it)["namespace"], meta(it)["name"]): it
        for _, it in kubernetes_objects(plan)
        if it.get("kind") in CONTROLLERS
    }
    for (kind, namespace, name), manifest in controllers.items():
        metadata = meta(manifest)
        said, track = metadata.get("annotations", {}), metadata.get("labels", {}).get(TRACK)
        resource = f"{kind} {namespace}/{name}"
        for back in filter(None, said.get(ROLLBACK, "").split(", ")):
            key, _, versions = back.partition(": ")
            message = f"runs {versions}: images.{key}.rollback; remove the line to go forward again"
            yield _advisory("rollback-active", resource, message)
        if track and RELEASE in said:
            yield _advisory("release-in-progress", resource, said[RELEASE])
            first = controllers.get((kind, namespace, name.removesuffix(f"-{track}")), {})
            for image in _unpinned(manifest, first):
                message = (
                    f"runs {image} by its tag, which can be moved; the other version has a digest: "
                    f"add one to images.*.tracks.{track}"
                )
                yield _advisory("version-unpinned", resource, message)


def _unpinned(manifest: Mapping[str, Any], first: Mapping[str, Any]) -> Iterator[str]:
    """Images without a digest of containers that have one in the `first` version."""
    pinned = {name for name, image in _images(first) if "@" in image}
    for name, image in _images(manifest):
        if name in pinned and "@" not in image:
            yield image


def _images(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    spec = manifest.get("spec", {}).get("template", {}).get("spec", {})
    for key in ("initContainers", "containers"):
        yield from ((it["name"], str(it["image"])) for it in spec.get(key, ()))


def _advisory(rule: str, resource: str, message: str) -> Finding:
    return Finding(rule=rule, severity="advisory", resource=resource, message=message)
