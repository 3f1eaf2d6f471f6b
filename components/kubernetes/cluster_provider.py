"""The provider that every Kubernetes object of a stack is on: which cluster, and how it is spoken to."""

import json
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

import pulumi

from settings.stack import Kubeconfig, Settings

CLIENT: Final = {"qps": 200, "burst": 400}
"""Requests a second, and at once. The provider's own limits (50 and 120) bound a preview: that of 800 objects against a
server fell to 0.68 of its time with higher ones. The API server queues by itself what comes too fast for it."""


@dataclass(frozen=True, kw_only=True)
class ClusterProviderArgs:
    """Inputs of `ClusterProvider`."""

    settings: Settings
    """The stack."""

    kubeconfig: pulumi.Input[str] | None = None
    """YAML, required with target aks. Without it: the stack's `kubeconfig`, read by the provider where
    it runs and never here, so that a plan is the same on every machine."""


class ClusterProvider(pulumi.ProviderResource):
    """The kubernetes provider of a stack.

    In wire form: the SDK's own class fills what is left out from KUBECONFIG and other variables of the
    shell, which would then be in the plan, and in the state.
    """

    def __init__(
        self, name: str, args: ClusterProviderArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        given = _given(args)
        props = {
            **given,
            # Nested values and booleans of a provider travel as JSON text.
            "enableServerSideApply": "true",
            "kubeClientSettings": json.dumps(CLIENT),
        }
        own = pulumi.ResourceOptions(version=version("pulumi-kubernetes"))
        super().__init__("kubernetes", name, props, pulumi.ResourceOptions.merge(own, opts))


def _given(args: ClusterProviderArgs) -> dict[str, Any]:
    """Where the cluster is, and its identifier.

    The identifier is a literal: left out, an unknown or changed kubeconfig replaces the provider and
    every object with it (pulumi-kubernetes 1148, 2344, 4019).
    """
    settings = args.settings
    if settings.target == "aks":
        if args.kubeconfig is None:
            raise ValueError("target aks: the provider needs the kubeconfig of the cluster")
        return {"clusterIdentifier": settings.cluster.name, "kubeconfig": args.kubeconfig}
    at = settings.kubeconfig or Kubeconfig()
    return {
        "clusterIdentifier": at.context or settings.environment,
        "kubeconfig": at.path,
        "context": at.context,
    }
