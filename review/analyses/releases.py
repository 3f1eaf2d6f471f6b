"""What is on its way and what was taken back: rollbacks and second versions, from what the Deployments say of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from manifests.labels import TRACK
from manifests.releases import RELEASE, ROLLBACK
from review.analyses.pods import CONTROLLERS, kubernetes_objects, meta
from review.findings import Finding
from review.marks import is_mark, known, known_list, names, text
from review.plan import Plan


def release_findings(plan: Plan) -> Iterator[Finding]:
    """One for each image that runs its rollback, each second version, and each of those without a digest.

    All advisory: each was asked for in the stack file, and each should be gone some day.
    """
    controllers = {
        (it["kind"], *names(row)): it
        for row, it in kubernetes_objects(plan)
        if text(it.get("kind")) in CONTROLLERS
    }
    for (kind, namespace, name), manifest in controllers.items():
        metadata = meta(manifest)
        said, track = (
            known(metadata.get("annotations")),
            text(known(metadata.get("labels")).get(TRACK)),
        )
        resource = f"{kind} {namespace}/{name}"
        for key in (ROLLBACK, RELEASE):
            if is_mark(said.get(key)):
                yield _untold(resource, f"metadata.annotations.{key}")
        for key in ("annotations", "labels"):
            if is_mark(metadata.get(key)):
                yield _untold(resource, f"metadata.{key}")
        for back in filter(None, text(said.get(ROLLBACK)).split(", ")):
            key, _, versions = back.partition(": ")
            message = f"runs {versions}: images.{key}.rollback; remove the line to go forward again"
            yield _advisory("rollback-active", resource, message)
        if track and text(said.get(RELEASE)):
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
    spec = known(known(known(manifest.get("spec")).get("template")).get("spec"))
    for key in ("initContainers", "containers"):
        for it in known_list(spec.get(key)):
            if text(it.get("image")):
                yield text(it.get("name")), it["image"]


def _advisory(rule: str, resource: str, message: str) -> Finding:
    return Finding(rule=rule, severity="advisory", resource=resource, message=message)


def _untold(resource: str, path: str) -> Finding:
    return Finding(
        rule="release-unknown",
        severity="advisory",
        resource=resource,
        message=f"whether it runs a rollback or a second version cannot be told: {path} must be known",
        path=path,
        verdict="unknown",
    )
