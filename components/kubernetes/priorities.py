"""The stack's PriorityClasses: of the whole cluster, and there before any pod that names one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.kubernetes.estate import Estate
from components.kubernetes_object import KubernetesObject
from manifests import priorities

FIXED: Final = ("value", "preemptionPolicy")
"""Fields that the API server lets nobody change. Pods that run keep the priority they started with."""


@dataclass(frozen=True, kw_only=True)
class PrioritiesArgs:
    """Inputs of `Priorities`."""

    estate: Estate
    """The stack. A new `value` replaces the class; its pods stay."""


class Priorities(pulumi.ComponentResource):
    """A PriorityClass for each of the stack's `priorityClasses`."""

    def __init__(
        self, name: str, args: PrioritiesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:kubernetes:Priorities", name, None, opts)
        options = pulumi.ResourceOptions(
            parent=self, replace_on_changes=[*FIXED], delete_before_replace=True
        )
        self._objects = [
            KubernetesObject(f"{name}-{part.role}", part.manifest, options)
            for part in priorities.parts(args.estate.settings)
        ]
        self.register_outputs({})

    @property
    def objects(self) -> Collection[pulumi.Resource]:
        """All it is made of."""
        return self._objects

    @property
    def before_pods(self) -> Sequence[pulumi.Resource]:
        """What an object that starts pods waits for: a pod that names a class that is not there is refused."""
        return self._objects
