"""What a rule of a Role allows, as the API server's RBAC authorizer compares it.

Text is compared as it stands: a singular, a kind or a misspelt group matches nothing and is no error there.
`pkg/registry/rbac/validation` and `pkg/apis/rbac/v1/evaluation_helpers.go` of Kubernetes 1.35 and 1.36;
https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

ALL: Final = "*"
API_GROUP: Final = "rbac.authorization.k8s.io"


class Rule(NamedTuple):
    """One line of a Role."""

    groups: tuple[str, ...]
    """API groups; the empty one is the core."""

    resources: tuple[str, ...]
    """Plural, as RBAC compares them; a subresource follows a slash."""

    verbs: tuple[str, ...]

    names: tuple[str, ...] = ()
    """Objects by name; none: all."""

    @property
    def manifest(self) -> dict[str, Any]:
        """The rule in wire form."""
        found = {
            "apiGroups": [*self.groups],
            "resources": [*self.resources],
            "verbs": [*self.verbs],
        }
        return {**found, "resourceNames": [*self.names]} if self.names else found


class Right(NamedTuple):
    """One verb on one resource; of one object where `name` says so."""

    group: str
    resource: str
    """With its subresource, as `pods/log`."""

    verb: str
    name: str = ""
    """Empty: whatever the object is called."""


def rule_of(manifest: Mapping[str, Any]) -> Rule:
    """A rule from wire form; what is missing or of another type is empty, and then it allows nothing."""
    return Rule(
        *(_texts(manifest.get(key)) for key in ("apiGroups", "resources", "verbs", "resourceNames"))
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(it) for it in value) if isinstance(value, list | tuple) else ()


def allows(rule: Rule, right: Right) -> bool:
    """Whether `rule` alone allows `right`; one without a name asks for every object."""
    return (
        (ALL in rule.verbs or right.verb in rule.verbs)
        and (ALL in rule.groups or right.group in rule.groups)
        and any(covers(it, right.resource) for it in rule.resources)
        and (not rule.names or right.name in rule.names)
    )


def covers(written: str, resource: str) -> bool:
    """Whether the resource in a rule means `resource`: itself, `*`, or `*/scale`. `pods/*` means nothing."""
    if written in (ALL, resource):
        return True
    sub = resource.partition("/")[2]
    return bool(sub) and written == f"{ALL}/{sub}"


def granted(rules: Iterable[Rule], right: Right) -> bool:
    """Whether one of `rules` allows `right`: RBAC adds up and never takes away."""
    return any(allows(rule, right) for rule in rules)
