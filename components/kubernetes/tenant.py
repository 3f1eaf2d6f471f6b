"""A namespace with its bounds. What runs in it are components of their own, beside it and not below."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import pulumi

from components.kubernetes.estate import Estate
from components.kubernetes_object import register, type_token
from components.recall import Named, named
from manifests import Part, tenant

TOKEN: Final = "aks-platform:kubernetes:Tenant"

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

    @cached_property
    def parts(self) -> Sequence[Part]:
        """The objects of the tenant."""
        return tenant.parts(self.estate.settings, self.namespace, self.estate.values)

    @property
    def secrets(self) -> Mapping[int, str]:
        """As `components.recall` asks."""
        return self.estate.secrets

    def registers(self, _name: str, opts: pulumi.ResourceOptions) -> object:
        """As `components.recall` asks."""
        return [
            named([opts.provider if isinstance(opts.provider, pulumi.Resource) else None]),
            self.estate.settings.protect,
            [[part.role, part.manifest, part.after] for part in self.parts],
        ]

    def recalled(self, name: str) -> "Recalled":
        """What stands for the tenant where its rows are there already."""
        names = {part.role: _named(name, part) for part in self.parts}
        bounds = [names[it.role] for it in self.parts if it.manifest["kind"] in BOUNDS]
        return Recalled([names[NAMESPACE]], bounds)


class Recalled(NamedTuple):
    """A tenant that is not made; its properties are as those of `Tenant`."""

    before_objects: Sequence[Named]
    before_pods: Sequence[Named]


def _named(name: str, part: Part) -> Named:
    kind, version = part.manifest["kind"], part.manifest["apiVersion"]
    return Named(type_token(kind, version), f"{name}-{part.role}")


class Tenant(pulumi.ComponentResource):
    """One tenant's Namespace with quota, defaults, network policies, personas and credentials."""

    namespace: pulumi.Output[str]
    """Name of the namespace, known once it exists."""

    def __init__(
        self, name: str, args: TenantArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(TOKEN, name, None, opts)
        settings, parts = args.estate.settings, args.parts
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
