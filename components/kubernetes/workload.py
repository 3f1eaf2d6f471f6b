"""One workload of the catalogue, in its tenant's namespace."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.kubernetes.estate import Estate
from components.kubernetes.history import revision
from components.kubernetes.ingress import Ingress
from components.kubernetes.priorities import Priorities
from components.kubernetes.tenant import Tenant
from components.kubernetes_object import register
from manifests import Part, workload
from manifests.cases import CASES
from manifests.ingress import ROUTED
from settings import workload as settings

STARTS_PODS: Final = frozenset({"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"})


@dataclass(frozen=True, kw_only=True)
class WorkloadArgs:
    """Inputs of `Workload`."""

    estate: Estate
    """The stack. Its `protect` keeps disks from deletion, and nothing else of a workload."""

    workload: settings.Workload
    """The workload. A new name or namespace replaces all its objects."""

    tenant: Tenant
    """Comes first: namespace, quota and defaults."""

    ingress: Ingress | None = None
    """Comes before the routes: the controller gives an Ingress its address, which `pulumi up` waits for.
    None where the cluster has a controller of its own."""

    priorities: Priorities | None = None
    """Comes before the pods; None where the stack has no `priorityClasses`."""


class Workload(pulumi.ComponentResource):
    """Controller, Service, configuration, network policies and all else that makes up a workload."""

    def __init__(
        self, name: str, args: WorkloadArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:kubernetes:Workload", name, None, opts)
        estate = args.estate
        before_objects, before_pods = args.tenant.before_objects, args.tenant.before_pods
        if args.priorities and args.workload.priority_class:
            before_pods = [*before_pods, *args.priorities.before_pods]
        before_routes = [*before_objects, *(args.ingress.before_routes if args.ingress else ())]

        def before(part: Part) -> Sequence[pulumi.Resource]:
            kind = part.manifest["kind"]
            if kind in STARTS_PODS:
                return before_pods
            return before_routes if kind in ROUTED else before_objects

        parts = workload.parts(estate.settings, args.workload, estate.values, estate.graph)
        current = register(
            self,
            name,
            parts,
            before=before,
            protected=lambda part: estate.settings.protect and _holds_data(part),
            revision=revision,
        )
        # A job has nothing to roll back to: it is gone when another takes its place.
        kept = [it for it in parts if args.workload.kind != "job" or it.role != CASES]
        earlier = register(self, name, estate.history.earlier(name, kept), before=before)
        self._objects = [*current.values(), *earlier.values()]

        self.register_outputs({})

    @property
    def objects(self) -> Collection[pulumi.Resource]:
        """All it is made of."""
        return self._objects


def _holds_data(part: Part) -> bool:
    if part.manifest["kind"] == "StatefulSet":
        return "volumeClaimTemplates" in part.manifest["spec"]
    return bool(part.manifest["kind"] == "PersistentVolumeClaim")
