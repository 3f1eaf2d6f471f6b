"""A namespace with its bounds. What runs in it are components of their own, beside it and not below."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.kubernetes.estate import Estate
from components.kubernetes_object import register
from manifests import tenant

NAMESPACE: Final = "namespace"
"""Role of the Namespace."""

BOUNDS: Final = frozenset({"ResourceQuota", "LimitRange"})
"""Kinds that only count for pods made after them."""


@dataclass(frozen=True, kw_only=True)
class TenantArgs:
    """Inputs of `Tenant`."""

    estate: Estate
    """The stack. Its `protect` keeps the Namespace, and with it all that is inside, from deletion; the
    objects beside it stay free, as a Role or a Secret is at times replaced."""

    namespace: str
    """Key in `namespaces`. A new name is a new namespace, and all that ran in the old one is deleted."""


class Tenant(pulumi.ComponentResource):
    """One tenant's Namespace with quota, defaults, network policies, personas and credentials."""

    namespace: pulumi.Output[str]
    """Name of the namespace, known once it exists."""

    def __init__(
        self, name: str, args: TenantArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:kubernetes:Tenant", name, None, opts)
        settings = args.estate.settings
        parts = tenant.parts(settings, args.namespace, args.estate.values)
        made = register(
            self,
            name,
            parts,
            protected=lambda part: settings.protect and part.role == NAMESPACE,
        )
        self._objects = made
        self._bounds = [made[it.role] for it in parts if it.manifest["kind"] in BOUNDS]

        self.namespace = made[NAMESPACE].metadata["name"]
        self.register_outputs({"namespace": self.namespace})

    @property
    def objects(self) -> Collection[pulumi.Resource]:
        """All it is made of."""
        return self._objects.values()

    @property
    def before_objects(self) -> Sequence[pulumi.Resource]:
        """What every object in the namespace waits for."""
        return [self._objects[NAMESPACE]]

    @property
    def before_pods(self) -> Sequence[pulumi.Resource]:
        """What an object that starts pods waits for: they would escape a quota or a default made later.
        Both wait for the Namespace themselves."""
        return self._bounds
