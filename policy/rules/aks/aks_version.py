"""The version of Kubernetes is supported.

What is not said is AKS's own default, which is supported.
"""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameter, Parameters, Rule, Violation


def _check(it: Object, parameters: Parameters) -> Iterator[Violation]:
    version = dig(it.manifest, "kubernetesVersion")
    if not isinstance(version, str) or not version:
        return
    minor = ".".join(version.split(".")[:2])
    if minor in parameters["supported"]:
        return
    if (
        minor not in parameters["longTerm"]
        or dig(it.manifest, "supportPlan") != "AKSLongTermSupport"
    ):
        yield "kubernetesVersion", f"is {minor}, which AKS supports no longer, or not yet"


RULE = Rule(
    id="aks-version",
    title="The version of Kubernetes is supported",
    area="aks",
    severity="mandatory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    parameters={
        "supported": Parameter(
            default=["1.34", "1.35", "1.36", "1.37"],
            docs="minors that AKS supports, as of November 2026",
        ),
        "longTerm": Parameter(
            default=["1.32", "1.33"],
            docs="minors with long-term support, for clusters whose support plan it is",
        ),
    },
    check=_check,
    why="Out of support AKS gives no patches and no help, and upgrades cannot skip a minor.",
    remedy="upgrade to the next minor",
    source="https://learn.microsoft.com/azure/aks/supported-kubernetes-versions",
)
