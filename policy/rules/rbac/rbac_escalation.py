"""Nobody may escalate, bind or impersonate.

With resourceNames, bind and impersonate are bounded, as Kubernetes advises; nothing bounds escalate.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy.objects import listed
from policy.rule import Parameters, Rule, Violation
from policy.rules._roles import rights

_BOUNDED: Final = ("bind", "impersonate")


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    verbs = listed(it, "verbs")
    if "escalate" in verbs:
        yield "verbs", "may give itself any right: escalate"
    elif any(verb in _BOUNDED for verb in verbs) and not listed(it, "resourceNames"):
        yield "verbs", "may take any right: bind or impersonate"


RULE = Rule(
    id="rbac-escalation",
    title="Nobody may escalate, bind or impersonate",
    area="rbac",
    severity="mandatory",
    kinds=(
        "Role",
        "ClusterRole",
    ),
    each=rights,
    check=_check,
    why="Each of them leads to every right there is.",
    remedy="remove the verb",
    source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb",
)
