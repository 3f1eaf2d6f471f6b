"""One Helm chart of the estate, in its tenant's namespace."""

from collections.abc import Collection
from dataclasses import dataclass

import pulumi

from components.kubernetes.estate import Estate
from components.kubernetes.ingress import RELEASE_TYPE
from components.kubernetes.tenant import Tenant
from manifests import charts


@dataclass(frozen=True, kw_only=True)
class ChartArgs:
    """Inputs of `Chart`."""

    estate: Estate
    """The stack."""

    key: str
    """Key in `charts`."""

    tenant: Tenant
    """Comes first: namespace, quota and defaults, which the chart's pods are held to like any other's."""


class Chart(pulumi.ComponentResource):
    """One release of Helm: a single resource with the chart's values, without the objects it makes of them.

    Which pods those are, as far as the settings say, is its own input `pods`: a review reads plans and no settings.
    """

    def __init__(
        self, name: str, args: ChartArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = args.estate.settings
        pods = charts.declared_pods(settings.charts[args.key])
        super().__init__(charts.COMPONENT, name, {"pods": pods} if pods else None, opts)
        tenant = args.tenant
        self._release = pulumi.CustomResource(
            RELEASE_TYPE,
            f"{name}-release",
            charts.release(settings, args.key, settings.charts[args.key]),
            pulumi.ResourceOptions(
                parent=self, depends_on=[*tenant.before_objects, *tenant.before_pods]
            ),
        )

        self.register_outputs({})

    @property
    def objects(self) -> Collection[pulumi.Resource]:
        """All it is made of."""
        return [self._release]
