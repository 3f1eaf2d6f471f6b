"""Names are valid in DNS."""

from collections.abc import Iterator

from policy.kinds import GROUPS
from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._names import DNS_LABELS, PATH_NAMES, is_label, is_subdomain


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    name = dig(it.manifest, "metadata", "name")
    if not isinstance(name, str) or it.kind in PATH_NAMES:
        return
    if it.kind in DNS_LABELS:
        if not is_label(name):
            yield "metadata.name", "is no label of DNS of at most 63 characters"
    elif not is_subdomain(name):
        yield "metadata.name", "is no name in DNS of at most 253 characters"


RULE = Rule(
    id="name-valid",
    title="Names are valid in DNS",
    area="conventions",
    severity="mandatory",
    kinds=tuple(GROUPS),
    check=_check,
    why="The API server refuses the object.",
    remedy="use lower case letters, digits and -",
    source="https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
)
