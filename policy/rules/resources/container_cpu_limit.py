"""No CPU limit exceeds what the platform allows."""

from collections.abc import Iterator

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, dig, quantity
from policy.rule import Parameter, Parameters, Rule, Violation


def _check(it: Container, parameters: Parameters) -> Iterator[Violation]:
    maximum = quantity(parameters["maximum"])
    if maximum is None:
        return
    limit = quantity(dig(it.spec, "resources", "limits", "cpu"))
    if limit is not None and limit > maximum:
        yield (
            "resources.limits.cpu",
            f"is above the {parameters['maximum']} that a container may have",
        )


RULE = Rule(
    id="container-cpu-limit",
    title="No CPU limit exceeds what the platform allows",
    area="resources",
    severity="advisory",
    kinds=WORKLOADS,
    each=containers,
    parameters={
        "maximum": Parameter(
            default="",
            docs="the highest CPU limit of a container, 4 for example; empty asks nothing",
        )
    },
    check=_check,
    why="One pod may take a node's cores.",
    remedy="lower resources.limits.cpu, or raise the parameter maximum",
    source="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
)
