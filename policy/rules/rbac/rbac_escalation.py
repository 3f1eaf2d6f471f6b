"""Nobody may escalate, bind or impersonate.

With resourceNames, bind and impersonate are bounded, as Kubernetes advises, but by the names of those who may do
everything; nothing bounds escalate. On other resources than roles, and users, these verbs mean something else.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy.objects import listed
from policy.rule import Parameters, Rule, Violation
from policy.rules._roles import rights
from policy.unknown import either, every

_ROLES: Final = ("roles", "clusterroles", "*")
_SOMEBODY: Final = ("users", "groups", "serviceaccounts", "uids", "userextras", "*")
_ALMIGHTY: Final = ("cluster-admin", "system:masters")


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    def may(verb: str, resources: tuple[str, ...]) -> bool:
        return every(
            lambda: verb in listed(it, "verbs"),
            lambda: any(
                str(name).partition("/")[0] in resources for name in listed(it, "resources")
            ),
        )

    def unbounded() -> bool:
        names = listed(it, "resourceNames")
        return not names or any(name in _ALMIGHTY for name in names)

    if may("escalate", _ROLES):
        yield "verbs", "may give itself any right: escalate"
    elif every(
        lambda: either(lambda: may("bind", _ROLES), lambda: may("impersonate", _SOMEBODY)),
        unbounded,
    ):
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
