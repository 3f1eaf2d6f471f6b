"""The platform, stack by stack: settings in, components out."""

from pathlib import Path

import pulumi

from components.kubernetes.cluster_provider import ClusterProvider, ClusterProviderArgs
from components.kubernetes.contents import make_contents
from components.kubernetes.current_context import refuse_remote
from components.kubernetes.estate import Estate
from settings.faults import SettingsError
from settings.load import load
from settings.machines import capacities
from settings.stack import ROOT_KEY

config = pulumi.Config()
try:
    settings = load(Path(__file__).parent, pulumi.get_stack(), config.require_object(ROOT_KEY))
except SettingsError as error:
    raise pulumi.RunError(str(error)) from None


async def main() -> None:
    """Make every component of the stack."""
    refuse_remote(settings)
    aks = None
    if settings.target == "aks":
        from components.azure.aks_cluster import AksCluster, AksClusterArgs  # a second to import
        from components.azure.webhooks import addresses

        location = pulumi.Config("azure-native").require("location")
        webhooks = addresses(settings, config)
        args = AksClusterArgs(settings=settings, location=location, webhooks=webhooks)
        aks = AksCluster("aks", args, pulumi.ResourceOptions(protect=settings.protect))
        pulumi.export("clusterName", aks.cluster_name)
        pulumi.export("kubeconfig", aks.kubeconfig)
        if aks.pipelines:
            pulumi.export("pipelines", aks.pipelines)

    access = ClusterProviderArgs(settings=settings, kubeconfig=aks.kubeconfig if aks else None)
    before = aks.before_workloads if aks else None
    cluster = ClusterProvider("cluster", access, pulumi.ResourceOptions(depends_on=before))
    opts = pulumi.ResourceOptions(provider=cluster)

    estate = await Estate.of_stack(settings, config, aks.client_ids if aks else {})
    await make_contents(estate, opts)
    pulumi.export("configHistory", estate.history.output())
    pulumi.export("nodePools", [pool.as_output() for pool in capacities(settings)])
    pulumi.export("hosts", {key: it.host for key, it in settings.ingress.hosts.items()})


pulumi.run(main)
