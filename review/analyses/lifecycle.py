"""What of a plan Azure supports no longer, or soon will not."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from review.findings import Finding
from review.marks import known_list
from review.plan import Plan, Resource
from settings.calendar import AS_OF, MINORS, RETIREMENTS, WARNING, Retirement, end_of, newest

CLUSTER: Final = ":ManagedCluster"
POOL: Final = ":AgentPool"
INGRESS_NGINX: Final = "ingress-nginx"

_OS: Final[Mapping[str, str]] = {
    "CBLMariner": "azure-linux-2",
    "Ubuntu2204": "ubuntu-22.04",
    "Windows2019": "windows-2019",
    "Windows2022": "windows-2022",
}


def lifecycle_findings(plan: Plan, today: date) -> Iterator[Finding]:
    """Versions and features past their end (mandatory) or within 90 days of it (advisory), of any plan."""
    for it in plan.resources:
        if not it.type.startswith(("azure-native:", "kubernetes:helm.sh")):
            continue
        if it.type.endswith(CLUSTER):
            yield from _version(it, today)
        title = f"{it.type.rpartition(':')[2]} {it.name}"
        for key in dict.fromkeys(_retired(it)):
            yield from _ending(RETIREMENTS[key], title, today)


def _version(it: Resource, today: date) -> Iterator[Finding]:
    said = it.inputs.get("kubernetesVersion")
    if not isinstance(said, str):
        return  # an upgrade channel owns it, or it is not known
    minor = ".".join(said.split(".")[:2])
    long_term = it.inputs.get("supportPlan") == "AKSLongTermSupport"
    end, title = end_of(minor, long_term=long_term), f"ManagedCluster {it.name}"
    if end is None:
        yield Finding(
            rule="kubernetes-version-unknown",
            severity="advisory",
            resource=title,
            message=f"Kubernetes {minor} is not in the calendar of {AS_OF}: when its support ends is not known here; "
            "`az aks get-versions` tells",
        )
        return
    if not MINORS[minor].confirmed:
        yield Finding(
            rule="kubernetes-version-unconfirmed",
            severity="advisory",
            resource=title,
            message=f"Kubernetes {minor} was planned, not announced, on {AS_OF}: ask `az aks get-versions` before "
            "`pulumi up`",
        )
    later = newest(today)
    remedy = f"; raise kubernetesVersion to {later}, one minor at a time" if later != minor else ""
    kind = "long-term support" if long_term else "support"
    text = f"{kind} of Kubernetes {minor} {{}} on {end}: then no fixes come and Azure helps no more{remedy}"
    yield from _dated("kubernetes-version-ends", title, text, end, today)


def _ending(it: Retirement, title: str, today: date) -> Iterator[Finding]:
    text = f"{it.what} {{}} on {it.on}; use {it.instead} ({it.source})"
    yield from _dated("retired", title, text, it.on, today)


def _dated(rule: str, title: str, text: str, end: date, today: date) -> Iterator[Finding]:
    if end < today:
        yield Finding(rule=rule, severity="mandatory", resource=title, message=text.format("ended"))
    elif end - today <= WARNING:
        left = (end - today).days
        message = text.format(f"ends in {left} days,") if left else text.format("ends today,")
        yield Finding(rule=rule, severity="advisory", resource=title, message=message)


def _retired(it: Resource) -> Iterator[str]:
    """Keys of `RETIREMENTS` that a resource uses."""
    kind = it.type.rpartition(":")[2]
    if kind == "ManagedCluster":
        yield from _of_cluster(it.inputs)
        for pool in known_list(it.inputs.get("agentPoolProfiles")):
            yield from _of_pool(pool)
    elif kind == "AgentPool":
        yield from _of_pool(it.inputs)
    elif kind in ("Release", "Chart"):
        chart, repository = it.inputs.get("chart"), it.inputs.get("repositoryOpts")
        where = repository.get("repo", "") if isinstance(repository, Mapping) else ""
        # F5's chart is `nginx-ingress`; the retired one has its name the other way round.
        if isinstance(chart, str) and INGRESS_NGINX in (
            chart.rpartition("/")[2],
            str(where).rpartition("/")[2],
        ):
            yield INGRESS_NGINX


def _of_cluster(inputs: Mapping[str, Any]) -> Iterator[str]:
    network = _section(inputs, "networkProfile")
    if network.get("networkPlugin") == "kubenet":
        yield "kubenet"
    if network.get("networkPolicy") == "azure":
        yield "npm"
    if str(network.get("loadBalancerSku", "")).lower() == "basic":
        yield "basic-load-balancer"
    if _section(inputs, "podIdentityProfile").get("enabled"):
        yield "pod-identity"
    if _section(_section(inputs, "ingressProfile"), "webAppRouting").get("enabled"):
        yield "app-routing-nginx"
    if _section(_section(inputs, "addonProfiles"), "openServiceMesh").get("enabled"):
        yield "open-service-mesh"


def _of_pool(pool: Mapping[str, Any]) -> Iterator[str]:
    if pool.get("type") == "AvailabilitySet":
        yield "availability-sets"
    if pool.get("enableCustomCATrust"):
        yield "custom-ca"
    sku = pool.get("osSKU")
    if isinstance(sku, str) and sku in _OS:
        yield _OS[sku]


def _section(inputs: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = inputs.get(key)
    return found if isinstance(found, Mapping) else {}
