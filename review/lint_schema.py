"""Manifests against Kubernetes' own schemas: the one rule of a lint that is no file of `policy/`.

A stack's objects are held to them while they are planned; other people's are not. kubectl refuses an unknown field, and
a controller that applies for you may drop it in silence.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from policy.evaluation import Result
from policy.objects import Object
from policy.unknown import item_name
from review.kubernetes_schemas import KubernetesSchemas, newest_version
from review.plan import Resource

RULE: Final = "object-schema"
TITLE: Final = "Objects are as the schema of their kind has them"
WHY: Final = "kubectl refuses an unknown field, and another client may drop it: what it was for does not happen."
REMEDY: Final = "write the field as the kind has it (`kubectl explain`)"
VERSION_REMEDY: Final = (
    "name a version that has the kind, and write its fields as that one has them"
)
SOURCE: Final = "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation"

_GOT: Final = "; got "
"""What follows is a value, and may be a secret."""

_ITEM: Final = re.compile(r"(?<![^.\[\]])([^.\[\]]*)\[(\d+)\]")


def schema_results(it: Object) -> Iterator[Result]:
    """What the schema of the newest version that there is says of an object; items by name, and no value."""
    resource = Resource(urn="", type="kubernetes:", name=it.name, inputs=it.manifest)
    for fault in _schemas().faults(resource):
        path, _, message = fault.partition(": ")
        if " " in path:
            path, message = "", fault
        yield Result(RULE, "fail", named(path, it.manifest), message.partition(_GOT)[0])


@cache
def _schemas() -> KubernetesSchemas:
    return KubernetesSchemas(newest_version())


def named(path: str, manifest: Mapping[str, Any]) -> str:
    """A path whose items are named as rules name them: `spec.containers[web]` for `spec.containers[0]`."""
    value: Any = manifest
    done, rest = "", path
    while found := _ITEM.search(rest):
        for key in rest[: found.start(2) - 1].strip(".").split("."):
            value = value.get(key) if isinstance(value, dict) else None
        at = int(found[2])
        item = value[at] if isinstance(value, list) and at < len(value) else None
        done += f"{rest[: found.start(2)]}{item_name(found[1], at, item)}]"
        value, rest = item, rest[found.end() :]
    return done + rest
