"""The version of Kubernetes is supported.

What is not said is AKS's own default, which is supported. Which minors are is read from the dates in
`settings/aks-versions.json`, as of the day on which somebody last held them against their source: a verdict hangs on no
clock.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

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


_VERSIONS: Final = Path(__file__).parents[3] / "settings" / "aks-versions.json"


def minors(versions: Any) -> tuple[list[str], list[str]]:
    """The minors with support, and those with long-term support alone, on the day of the list."""
    today, supported, long_term = versions["asOf"], [], []
    for minor, it in versions["minors"].items():
        if today <= it["ends"]:
            supported.append(minor)
        elif today <= it["longTermEnds"]:
            long_term.append(minor)
    return supported, long_term


_SUPPORTED, _LONG_TERM = minors(json.loads(_VERSIONS.read_text(encoding="utf-8")))

RULE = Rule(
    id="aks-version",
    title="The version of Kubernetes is supported",
    area="aks",
    severity="mandatory",
    kinds=("azure-native:containerservice:ManagedCluster",),
    parameters={
        "supported": Parameter(
            default=_SUPPORTED,
            docs="minors that AKS supports, by the dates in settings/aks-versions.json",
        ),
        "longTerm": Parameter(
            default=_LONG_TERM,
            docs="minors with long-term support, for clusters whose support plan it is",
        ),
    },
    check=_check,
    why="Out of support AKS gives no patches and no help, and upgrades cannot skip a minor.",
    remedy="upgrade to the next minor",
    source="https://learn.microsoft.com/azure/aks/supported-kubernetes-versions",
)
