"""Which marks of a pod may decide about Pod Security, and how a place in a pod is named."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from review.marks import is_mark, known

_SECURITY: Final = frozenset(
    {
        "hostIPC", "hostNetwork", "hostPID", "hostUsers", "hostPort", "host", "os",
        "securityContext", "volumes", "containers", "initContainers", "ports", "lifecycle",
        "livenessProbe", "readinessProbe", "startupProbe", "httpGet", "tcpSocket",
    }
)  # fmt: skip
"""Keys on the way to what Pod Security looks at; below `securityContext` everything is, of a volume its keys."""

_ANNOTATIONS: Final = (
    "container.apparmor.security.beta.kubernetes.io/",
    "container.seccomp.security.alpha.kubernetes.io/",
    "seccomp.security.alpha.kubernetes.io/",
)


def marks(template: Mapping[str, Any], above: str) -> Iterator[str]:
    """Paths of marks where Pod Security looks, items by name."""
    metadata = known(template.get("metadata"))
    if is_mark(template.get("spec")):
        yield f"{above}.spec".removeprefix(".")
        return
    annotations = metadata.get("annotations")
    if is_mark(annotations):
        yield f"{above}.metadata.annotations".removeprefix(".")
    for key, value in known(annotations).items():
        if is_mark(value) and key.startswith(_ANNOTATIONS):
            yield f"{above}.metadata.annotations.{key}".removeprefix(".")
    yield from _looked_at(template.get("spec"), f"{above}.spec".removeprefix("."), whole=False)


def _looked_at(value: Any, at: str, *, whole: bool) -> Iterator[str]:
    if is_mark(value):
        yield at
    elif isinstance(value, Mapping):
        for key, it in value.items():
            if whole or key in _SECURITY:
                below = f"{at}.{key}"
                yield from _looked_at(it, below, whole=whole or key == "securityContext")
    elif isinstance(value, list | tuple):
        for index, it in enumerate(value):
            name = known(it).get("name")
            yield from _looked_at(
                it, f"{at}[{name if isinstance(name, str) else index}]", whole=whole
            )


def pod_marks(manifest: Mapping[str, Any], steps: tuple[str, ...]) -> list[str]:
    """`marks` of the pods of a controller, whose template stands at `steps`; the first where that is not told."""
    at, above = manifest, ""
    for step in steps:
        above = f"{above}.{step}".removeprefix(".")
        if is_mark(at.get(step)):
            return [above]
        at = known(at.get(step))
    return [*marks(at, above)]


def decides(mark: str, above: str, path: str) -> bool:
    """Whether the value at `mark` may decide about `path`, with the pod template at `above`.

    What a pod says of itself counts for each container that says nothing.
    """
    spec = f"{above}.spec".removeprefix(".")
    whole = spec.startswith(mark) or mark.startswith(f"{spec}.securityContext")
    return whole or path.startswith(mark) or mark.startswith(path)


def named_path(manifest: Mapping[str, Any], path: str) -> str:
    """`spec.containers[0].image` as `spec.containers[api].image`."""
    found: list[str] = []
    at: Any = manifest
    for step in path.replace("[", ".[").split("."):
        if step.startswith("[") and step[1:-1].isdigit():
            index = int(step[1:-1])
            at = at[index] if isinstance(at, list | tuple) and index < len(at) else None
            name = known(at).get("name")
            found[-1] += f"[{name}]" if isinstance(name, str) else step
        else:
            at = known(at).get(step)
            found.append(step)
    return ".".join(found)
