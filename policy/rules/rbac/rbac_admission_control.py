"""Nobody changes admission or approves certificates."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy.rule import Parameters, Rule, Violation
from policy.rules._roles import grants, rights

_WRITES: Final = ("create", "update", "patch", "delete")
_HOOKS: Final = ("mutatingwebhookconfigurations", "validatingwebhookconfigurations")
_REQUESTS: Final = ("certificatesigningrequests/approval",)


def _check(it: Mapping[str, Any], _parameters: Parameters) -> Iterator[Violation]:
    if grants(it, "admissionregistration.k8s.io", _HOOKS, _WRITES):
        yield "resources", "decides what the API server admits"
    elif grants(it, "certificates.k8s.io", _REQUESTS, ("update", "patch", "approve")):
        yield "resources", "approves certificates of any user"


RULE = Rule(
    id="rbac-admission-control",
    title="Nobody changes admission or approves certificates",
    area="rbac",
    severity="mandatory",
    kinds=("ClusterRole",),
    each=rights,
    check=_check,
    why="Webhooks see and change every object, and a signed certificate is any user.",
    remedy="leave it to the platform",
    source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks",
)
