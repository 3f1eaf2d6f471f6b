"""The way in: the F5 NGINX Ingress Controller, its namespace, and the Ingress that owns each host.

The controller is a `helm.v3.Release`: a `helm.v4.Chart` asks the cluster for its capabilities already in a preview,
so the first preview of a cluster that does not exist yet would fail. The price: the objects of the chart are not in
the plan, only its values. https://www.pulumi.com/registry/packages/kubernetes/api-docs/helm/v3/release/
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.kubernetes.estate import Estate
from components.kubernetes.tenant import NAMESPACE
from components.kubernetes_object import register
from manifests import Part, ingress
from manifests.ingress import ROUTED
from manifests.third_party import NGINX_INGRESS

RELEASE_TYPE: Final = "kubernetes:helm.sh/v3:Release"

TIMEOUT_SECONDS: Final = 600
"""For pods and the load balancer's address. Helm's own 300 is short for the first node of a scaled-down pool."""


@dataclass(frozen=True, kw_only=True)
class IngressArgs:
    """Inputs of `Ingress`."""

    estate: Estate
    """The stack, with `ingress.controller: nginx`. Its `protect` keeps the Namespace from deletion."""


class Ingress(pulumi.ComponentResource):
    """Namespace, network policies, controller, and a master Ingress for each host in use."""

    class_name: str
    """IngressClass that the controller serves."""

    def __init__(
        self, name: str, args: IngressArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:kubernetes:Ingress", name, None, opts)
        settings = args.estate.settings
        parts = ingress.parts(settings)
        ground = register(
            self,
            name,
            [it for it in parts if not _is_route(it)],
            protected=lambda part: settings.protect and part.role == NAMESPACE,
        )
        self._release = pulumi.CustomResource(
            RELEASE_TYPE,
            f"{name}-controller",
            {
                "name": NGINX_INGRESS.name,
                "chart": NGINX_INGRESS.reference,
                "version": NGINX_INGRESS.version,
                "namespace": settings.ingress.namespace,
                "values": ingress.chart_values(settings),
                # Helm installs definitions once and never updates them, and Ingress needs none; the controller's own
                # kinds do (docs/limits.md).
                "skipCrds": settings.ingress.routing == "Ingress",
                "atomic": True,
                "timeout": TIMEOUT_SECONDS,
                "compat": "true",
            },
            # Without its network policies the controller cannot reach the API server.
            pulumi.ResourceOptions(parent=self, depends_on=[*ground.values()]),
        )
        hosts = register(
            self,
            name,
            [it for it in parts if _is_route(it)],
            before=lambda _: [self._release],
            beside=ground,
        )
        self._objects = [*ground.values(), self._release, *hosts.values()]

        self.class_name = settings.ingress.class_name
        self.register_outputs({"class_name": self.class_name})

    @property
    def objects(self) -> Collection[pulumi.Resource]:
        """All it is made of."""
        return self._objects

    @property
    def before_routes(self) -> Sequence[pulumi.Resource]:
        """What an Ingress waits for: without a controller none gets the address that `pulumi up` expects."""
        return [self._release]


def _is_route(part: Part) -> bool:
    return part.manifest["kind"] in ROUTED
