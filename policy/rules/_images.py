"""The parts of an image's reference, as container runtimes read it."""

from typing import Any, Final, NamedTuple

from policy.objects import dig

_DOCKER: Final = ("docker.io", "index.docker.io")


class Image(NamedTuple):
    """One reference: `registry.example/team/web:1.2@sha256:...`."""

    name: str
    """With its registry: `docker.io/library/redis` for `redis`."""

    tag: str
    """Empty where there is none."""

    digest: str


def image_of(container: Any) -> Image | None:
    """The image of a container's map; None where it names none."""
    text = dig(container, "image")
    if not isinstance(text, str) or not text:
        return None
    name, _, digest = text.partition("@")
    head, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    name = f"{head}{slash}{last}"
    first, slash, _ = name.partition("/")
    if not slash:
        name = f"docker.io/library/{name}"
    elif first in _DOCKER:
        path = name.partition("/")[2]
        name = f"docker.io/{path}" if "/" in path else f"docker.io/library/{path}"
    elif not ("." in first or ":" in first or first == "localhost"):
        name = f"docker.io/{name}"
    return Image(name, tag, digest)
