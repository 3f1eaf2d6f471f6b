"""Objects say their environment."""

from collections.abc import Iterator

from policy.objects import Object
from policy.rule import Parameter, Parameters, Rule, Violation
from policy.rules._names import LABELLED


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    value, allowed = it.labels.get(parameters["label"]), parameters["values"]
    if not value:
        yield f'metadata.labels["{parameters["label"]}"]', "does not say of which environment it is"
    elif allowed and value not in allowed:
        yield f'metadata.labels["{parameters["label"]}"]', "names an environment that there is not"


RULE = Rule(
    id="label-environment",
    title="Objects say their environment",
    area="conventions",
    severity="advisory",
    kinds=LABELLED,
    parameters={
        "label": Parameter(default="env", docs="label that names the environment"),
        "values": Parameter(default=[], docs="what it may be; without any, anything"),
    },
    check=_check,
    why="Logs and metrics of dev and prod are told apart by it.",
    remedy="set the label env",
    source="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/",
)
