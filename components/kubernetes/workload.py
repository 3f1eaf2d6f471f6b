"""One workload of the catalogue, in its tenant's namespace."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, cast

import pulumi

from components.kubernetes.estate import Estate
from components.kubernetes.history import revision
from components.kubernetes.ingress import Ingress
from components.kubernetes.priorities import Priorities
from components.kubernetes.tenant import Recalled, Tenant
from components.kubernetes_object import register
from components.recall import Named, named
from manifests import Part, workload
from manifests.cases import CASES
from manifests.ingress import ROUTED
from settings import workload as settings

TOKEN: Final = "aks-platform:kubernetes:Workload"

STARTS_PODS: Final = frozenset({"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"})


@dataclass(frozen=True, kw_only=True)
class WorkloadArgs:
    """Inputs of `Workload`."""

    estate: Estate
    """The stack. Its `protect` keeps disks from deletion, and nothing else of a workload."""

    workload: settings.Workload
    """The workload. A new name or namespace replaces all its objects."""

    tenant: Tenant | Recalled
    """Comes first: namespace, quota and defaults. A recalled one serves to ask whether the workload can be, too."""

    ingress: Ingress | None = None
    """Comes before the routes: the controller gives an Ingress its address, which `pulumi up` waits for.
    None where the cluster has a controller of its own."""

    priorities: Priorities | None = None
    """Comes before the pods; None where the stack has no `priorityClasses`."""

    _contents: dict[str, "Contents"] = field(default_factory=dict, repr=False, compare=False)

    def contents(self, name: str) -> "Contents":
        """The objects of a workload called `name`, worked out once."""
        if name not in self._contents:
            estate = self.estate
            parts = workload.parts(estate.settings, self.workload, estate.values, estate.graph)
            # A job has nothing to roll back to: it is gone when another takes its place.
            kept = [it for it in parts if self.workload.kind != "job" or it.role != CASES]
            self._contents[name] = Contents(parts, estate.history.earlier(name, kept))
        return self._contents[name]

    @property
    def secrets(self) -> Mapping[int, str]:
        """As `components.recall` asks."""
        return self.estate.secrets

    def before(self, part: Part) -> Sequence[pulumi.Resource | Named]:
        """What `part` waits for beside other parts."""
        kind = part.manifest["kind"]
        if kind in STARTS_PODS:
            ranked = self.priorities and self.workload.priority_class
            return [
                *self.tenant.before_pods,
                *(self.priorities.before_pods if self.priorities and ranked else ()),
            ]
        routed = self.ingress.before_routes if self.ingress and kind in ROUTED else ()
        return [*self.tenant.before_objects, *routed]

    def protects(self, part: Part) -> bool:
        """Whether nobody may delete `part` by mistake."""
        return self.estate.settings.protect and _holds_data(part)

    def registers(self, name: str, opts: pulumi.ResourceOptions) -> object:
        """As `components.recall` asks."""
        contents = self.contents(name)
        return [
            named([opts.provider if isinstance(opts.provider, pulumi.Resource) else None]),
            [
                [
                    [part.role, part.manifest, part.after],
                    named(self.before(part)),
                    self.protects(part),
                ]
                for part in contents.current
            ],
            [
                [[part.role, part.manifest, part.after], named(self.before(part))]
                for part in contents.earlier
            ],
        ]


class Contents(NamedTuple):
    """Objects of one workload."""

    current: Sequence[Part]
    earlier: Sequence[Part]
    """Earlier versions of what is named by its content."""


class Workload(pulumi.ComponentResource):
    """Controller, Service, configuration, network policies and all else that makes up a workload."""

    def __init__(
        self, name: str, args: WorkloadArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(TOKEN, name, None, opts)
        contents = args.contents(name)
        # Its tenant is made: a recalled one is for asking alone.
        before = cast("Callable[[Part], Sequence[pulumi.Resource]]", args.before)
        current = register(
            self,
            name,
            contents.current,
            before=before,
            protected=args.protects,
            revision=revision,
        )
        earlier = register(self, name, contents.earlier, before=before)
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
