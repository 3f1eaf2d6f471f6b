"""Pure functions from settings to whole Kubernetes objects: no engine, no cluster, no clock.

An object is a plain dict in wire form, so that the same one is registered with Pulumi, rendered to YAML, checked
against schemas, applied to an API server in tests and read by the analyses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Manifest = dict[str, Any]
"""One object in wire form. A leaf may be a `pulumi.Input`: place it, never look at it."""


class Part(NamedTuple):
    """One object of a component."""

    role: str
    """Unique in its component: the logical name is `{component}-{role}`."""

    manifest: Manifest

    after: tuple[str, ...] = ()
    """Roles of the same component that must be there first, where no field says so."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """The objects of one component, in apply order."""

    component: Literal["Priorities", "Tenant", "Ingress", "Workload"]
    name: str
    """Logical name: `priorities`, `{namespace}` of a tenant, `ingress`, `{namespace}-{workload}`."""

    namespace: str
    """Empty for what no namespace holds."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class Values:
    """Leaves that no settings file holds: what only Azure knows, and secrets.

    Each is a plain string when rendering (a named placeholder) and a `pulumi.Output` in the program.
    """

    client_ids: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Client id of the identity of each workload that signs in to Azure, by workload name; not of one whose client id
    the stack gives."""

    secrets: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Secret values by their config key without project, as `settings.secret_keys` lists them."""

    secret_names: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Names of Secrets that are named by their content, by `manifests.secrets.Hashed.key`; one that is not here is
    named as if nobody had set its value."""
