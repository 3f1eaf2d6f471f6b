"""The version of Pod Security is pinned."""

import re
from collections.abc import Iterator
from typing import Final

from policy.objects import Object
from policy.rule import Parameters, Rule, Violation

_LABEL: Final = "pod-security.kubernetes.io/enforce"
_VERSION: Final = re.compile(r"v1\.[0-9]+")


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    version = it.labels.get(f"{_LABEL}-version")
    if it.labels.get(_LABEL) and not (isinstance(version, str) and _VERSION.fullmatch(version)):
        yield (
            f'metadata.labels["{_LABEL}-version"]',
            "changes its meaning with the cluster's version",
        )


RULE = Rule(
    id="namespace-pod-security-version",
    title="The version of Pod Security is pinned",
    area="pod-security",
    severity="advisory",
    kinds=("Namespace",),
    check=_check,
    why="With latest an upgrade of the cluster refuses pods that ran before.",
    remedy="set pod-security.kubernetes.io/enforce-version to the cluster's version, v1.35 for example",
    source="https://kubernetes.io/docs/concepts/security/pod-security-admission/",
)
