"""Parts that reviews made by hand are put together from."""

from typing import Final

from review.guard.findings import Blast, GuardFinding
from review.report import (
    Bar,
    Change,
    PropertyChange,
)

STACK: Final = "urn:pulumi:prod::aks-platform::"


CLUSTER_URN: Final = (
    f"{STACK}aks-platform:azure:AksCluster$aks-platform:azure:Cluster$"
    "azure-native:containerservice:ManagedCluster::aks-cluster-managed-cluster"
)


POOL_URN: Final = (
    f"{STACK}aks-platform:azure:AksCluster$aks-platform:azure:NodePools$"
    "azure-native:containerservice:AgentPool::aks-pool-wg1"
)


HOSTILE: Final = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a | b || c",
    "`code` ``` ~~~",
    "\x1b[31mred\x1b[0m\x07",
    "line\nbreak\r\nand\ttab\u2028end",
    "\u202egnp.exe\u2066x\u2069",
    "zero\u200bwidth\u200d\ufeff\u00ad",
    "@everyone #1 GH-1 org/repo#2 3f2c1ab9 :tada:",
    "https://evil.example/x www.evil.example mailto:a@evil.example",
    "[click](javascript:alert(1)) ![x](//evil.example/x.png)",
    "</details></summary><!-- -->",
    "# heading\n---\n| a |\n|---|\n> quote\n```",
    "&lt;b&gt; &#60; \\| \\` * _ ~ $x$",
    "--> ]]> {{ x }} ${{ github.token }}",
    "\ud800 lone surrogate",
    "日本語の名前 العربية",
)


"""What names and values may hold, and no format may act upon."""


def kubernetes(component: str, kind: str, name: str) -> str:
    """The URN of a Kubernetes object below a component; `kind` with group and version, `apps/v1:Deployment`."""
    return f"{STACK}aks-platform:kubernetes:{component}$kubernetes:{kind}::{name}"


WEB_URN: Final = kubernetes("Workload", "apps/v1:Deployment", "course-web-deployment")


REDIS_URN: Final = kubernetes("Workload", "apps/v1:StatefulSet", "course-redis-statefulset")


_IMAGE: Final = "spec.template.spec.containers[web].image"


_PAGE: Final = "https://learn.microsoft.com/azure/aks/"


def _change(operation, resource, urn, *properties, component="", **rest):
    return Change(
        operation=operation,
        resource=resource,
        type=urn.split("::")[2].rpartition("$")[2],
        urn=urn,
        properties=properties,
        component=component,
        **rest,
    )


def _property(path, old="", new="", alters="changed", **rest):
    return PropertyChange(path=path, alters=alters, old=old, new=new, **rest)


def _guarded():
    yield GuardFinding(
        rule="guard-replaced",
        severity="mandatory",
        resource="AgentPool wg1",
        message='vmSize: "Standard_D4ds_v5" -> "Standard_D8ds_v5": every node is another machine',
        urn=POOL_URN,
        path="vmSize",
        old='"Standard_D4ds_v5"',
        new='"Standard_D8ds_v5"',
        happens="replaced",
        order="deleteFirst",
        stopped=True,
        why="every node is another machine, and the old ones go before the first new one comes",
        safe="a new pool first: `nodePools.<name>.blueGreen: true` gives it another name",
        source=_PAGE + "create-node-pools",
        known="provider",
        field="AgentPool.vmSize",
        blast=Blast(
            pools=("wg1",),
            nodes=(2, 5),
            workloads=tuple(f"Deployment course/w{it}" for it in range(9)),
            pods=(14, 23),
            disks=("1 x course/data-redis (8Gi)",),
            others=("Release nginx-ingress/controller",),
        ),
    )
    yield GuardFinding(
        rule="guard-deleted",
        severity="mandatory",
        resource="StatefulSet course/redis",
        message="is removed from the program: its pods go; scale it to nothing first",
        urn=REDIS_URN,
        path="",
        old="",
        new="",
        happens="deleted",
        why="its pods go; the disks of its claims stay",
        safe="scale it to nothing first and look who still asks for it",
        source="https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/",
        blast=Blast(workloads=("StatefulSet course/redis",), pods=(1, 1)),
    )
    yield GuardFinding(
        rule="guard-maybe-replaced",
        severity="advisory",
        resource="ManagedCluster aks-course-prod",
        message="nodeResourceGroup is only known after a deployment",
        urn=CLUSTER_URN,
        path="nodeResourceGroup",
        old='"a"',
        new="unknown before deployment",
        happens="maybeReplaced",
        why="another name makes the cluster anew",
        safe="write the name out",
        source=_PAGE + "faq",
        verdict="unknown",
    )


def _bar(group, name, unit, before, after, limit_before, limit_after):
    return Bar(
        group=group,
        name=name,
        unit=unit,
        before=before,
        after=after,
        limit_before=limit_before,
        limit_after=limit_after,
    )
