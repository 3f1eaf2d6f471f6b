"""Who may do what: personas and roles of a namespace, and what a workload itself may do there."""

from typing import Annotated, Literal

from pydantic import Field

from settings.azure_values import EntraObjectId
from settings.constraint import Text
from settings.escalation import EscalationPath
from settings.rbac import Rule
from settings.section import Section
from settings.values import DnsLabel

Reason = Annotated[str, Field(min_length=10)]

ApiGroup = Annotated[
    str,
    Text(
        r"^(\*|[a-z0-9]([a-z0-9.-]*[a-z0-9])?|)$",
        "must be an API group, for example 'apps', or '' for the core",
    ),
]
ResourceName = Annotated[
    str,
    Text(
        r"^[A-Za-z*][A-Za-z0-9.-]*(/[A-Za-z0-9*]+)?$",
        "must be a resource in the plural, for example 'pods' or 'pods/log'",
    ),
]
Verb = Annotated[
    str, Text(r"^(\*|[A-Za-z:-]+)$", "must be a verb of the API, for example 'get' or 'list'")
]


class RoleRule(Section):
    """One rule of a Role: its verbs on its resources, each of one of its groups."""

    api_groups: list[ApiGroup] = Field(default=[""], min_length=1)
    """API groups; `''` is the core: pods, services, configmaps."""

    resources: list[ResourceName] = Field(min_length=1)
    """In the plural, with a subresource after a slash: `pods`, `deployments/scale`. RBAC compares text, so a singular
    grants nothing; each is held against what the API serves."""

    verbs: list[Verb] = Field(min_length=1)
    """For example `get`, `list`, `watch`, `patch`; each must do something on one of the resources."""

    resource_names: list[str] = []
    """Only these objects. Not with `list`, `watch`, `create` and `deletecollection`, whose requests name none."""

    @property
    def rule(self) -> Rule:
        """The same as RBAC compares it."""
        return Rule(
            tuple(self.api_groups),
            tuple(self.resources),
            tuple(self.verbs),
            tuple(self.resource_names),
        )


class CustomRole(Section):
    """A role of this estate, beside the personas."""

    rules: list[RoleRule] = Field(min_length=1)
    """What it allows; rules add up."""

    reason: Reason | None = None
    """Who needs it and why; required where a rule has `*`."""

    allow_escalation: dict[EscalationPath, Reason] = {}
    """Ways to further rights that are meant, each with its reason; without it such a rule is refused."""


class NamespaceAccess(Section):
    """Entra groups by persona and role; the rights are listed in docs/access.md."""

    viewer: list[EntraObjectId] = []
    """May look at everything but Secrets and logs."""

    deployer: list[EntraObjectId] = []
    """May also scale, and restart pods one by one."""

    debugger: list[EntraObjectId] = []
    """May also read logs, open a port, attach a debug container and open a shell."""

    operator: list[EntraObjectId] = []
    """May do all of deployer and debugger, change autoscalers and budgets, and end jobs."""

    roles: dict[DnsLabel, list[EntraObjectId]] = {}
    """Groups by role of the stack's `roles`."""

    allow_escalation: dict[Literal["exec"], Reason] = {}
    """`exec`: why its groups may open a shell beside a service account that may do more than they."""


class ServiceAccount(Section):
    """The workload's identity in the cluster."""

    token: bool = False
    """Whether pods get a token for the Kubernetes API. Goes together with `kubernetes` in `uses`."""

    rules: list[RoleRule] = []
    """What the workload itself may do in its namespace; needs `token`."""

    roles: list[DnsLabel] = []
    """The same by roles of the stack's `roles`."""

    allow_escalation: dict[EscalationPath, Reason] = {}
    """Ways to further rights that are meant, each with its reason."""
