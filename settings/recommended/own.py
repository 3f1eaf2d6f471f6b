"""Keys that are the stack's own to choose: no profile says anything, but Azure does where nothing is said."""

from typing import Final

from settings.profiles import NOTHING, Recommended


def _own(key: str, azure: str, reason: str, source: str) -> Recommended:
    return Recommended(
        key=key,
        prod=NOTHING,
        dev=NOTHING,
        automatic_like=NOTHING,
        azure=azure,
        reason=reason,
        source=f"https://learn.microsoft.com/azure/aks/{source}",
    )


ROWS: Final = (
    _own(
        "cluster.kubernetesVersion",
        "the region's default minor on the day of creation",
        "written out, so that two clusters of one program are alike; the calendar tells when its support ends",
        "supported-kubernetes-versions",
    ),
    _own(
        "cluster.name",
        "none: Azure demands one",
        "it is the context of kubectl and part of what alerts and logs say; a new one is a new cluster",
        "create-node-pools",
    ),
    _own(
        "cluster.dnsPrefix",
        "the first letters of cluster and group, and part of the subscription's id",
        "fixed for the life of the cluster, so written out rather than made up by whoever creates it first",
        "private-clusters",
    ),
    _own(
        "cluster.nodeResourceGroup",
        "MC_<group>_<cluster>_<location>",
        "a name that sorts beside the group of the cluster; fixed for the life of the cluster",
        "faq",
    ),
    _own(
        "cluster.apiServer.authorizedIpRanges",
        "none: the API server answers the whole Internet",
        "only the offices and pipelines themselves know where they come from",
        "api-server-authorized-ip-ranges",
    ),
    _own(
        "cluster.maintenance.notAllowed",
        "none: every window opens",
        "days without changes are your own: the end of the year, a launch",
        "planned-maintenance",
    ),
    _own(
        "cluster.runs",
        "it runs until somebody stops it",
        "who works when is your own to say; a cluster that is stopped costs its disks alone",
        "start-stop-cluster",
    ),
    _own(
        "cluster.registry",
        "none: every image needs a pull secret",
        "which registry holds your images nobody else knows; its cluster gets AcrPull before the first pull",
        "cluster-container-registry-integration",
    ),
    _own(
        "cluster.bootstrapPool.name",
        "none: Azure demands one",
        "a name that no other pool will ever want, since this one cannot be renamed",
        "use-system-pools",
    ),
)
