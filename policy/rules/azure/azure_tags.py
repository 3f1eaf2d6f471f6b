"""Resources carry tags."""

from collections.abc import Iterator

from policy.objects import Object, mapping
from policy.rule import Parameter, Parameters, Rule, Violation
from policy.rules._azure import TAGGED


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    tags = mapping(it.manifest, "tags")
    missing = [key for key in parameters["tags"] if not tags.get(key)]
    if missing:
        yield "tags", f"has no {', '.join(missing)}"


RULE = Rule(
    id="azure-tags",
    title="Resources carry tags",
    area="azure",
    severity="advisory",
    kinds=TAGGED,
    parameters={
        "tags": Parameter(default=["environment", "owner"], docs="tags that every resource carries")
    },
    check=_check,
    why="Costs and owners cannot be told.",
    remedy="set the tags",
    source="https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources",
)
