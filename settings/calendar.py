"""What Azure and Kubernetes end, and when: versions of Kubernetes on AKS, and features that are retired.

The versions are in `aks-versions.json`. Dates are plans of Microsoft's as published; a month without a day counts to
its last day. `AS_OF` says how old the table is; a test fails once nobody has looked at it for `STALE_AFTER`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

_VERSIONS: Final = json.loads(
    Path(__file__).with_name("aks-versions.json").read_text(encoding="utf-8")
)
"""A file of data, for `policy/` reads it, too, and imports nothing of ours."""

AS_OF: Final = date.fromisoformat(_VERSIONS["asOf"])
"""Day on which the table was last held against its sources."""

STALE_AFTER: Final = timedelta(days=120)
"""A minor version comes about every four months."""

WARNING: Final = timedelta(days=90)
"""How long before an end it is told."""

RELEASES: Final = "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions#aks-kubernetes-release-calendar"


@dataclass(frozen=True)
class Minor:
    """One minor version of Kubernetes on AKS."""

    available: date
    """General availability."""

    ends: date
    """Last day of standard support."""

    long_term_ends: date
    """Last day of long-term support, which takes tier Premium."""

    confirmed: bool = True
    """False while the availability is planned, not announced."""


MINORS: Final[Mapping[str, Minor]] = {
    minor: Minor(
        available=date.fromisoformat(it["available"]),
        ends=date.fromisoformat(it["ends"]),
        long_term_ends=date.fromisoformat(it["longTermEnds"]),
        confirmed=it.get("confirmed", True),
    )
    for minor, it in _VERSIONS["minors"].items()
}


@dataclass(frozen=True)
class Retirement:
    """Something that Azure takes away."""

    what: str
    """What it is, as a reader knows it."""

    on: date
    """Day after which it is no longer supported, or gone."""

    instead: str
    """What to use."""

    source: str
    """Page that says it."""


RETIREMENTS: Final[Mapping[str, Retirement]] = {
    "kubenet": Retirement(
        "networkPlugin kubenet",
        date(2028, 3, 31),
        "networkPlugin azure with networkPluginMode overlay",
        "https://learn.microsoft.com/azure/aks/configure-kubenet",
    ),
    "npm": Retirement(
        "networkPolicy azure (Azure Network Policy Manager) on Linux",
        date(2028, 9, 30),
        "networkPolicy cilium",
        "https://learn.microsoft.com/azure/aks/use-network-policies",
    ),
    "azure-linux-2": Retirement(
        "osSKU CBLMariner (Azure Linux 2.0), whose images are removed",
        date(2026, 3, 31),
        "osSKU AzureLinux",
        "https://learn.microsoft.com/azure/azure-linux/intro-azure-linux",
    ),
    "ubuntu-20.04": Retirement(
        "Ubuntu 20.04 on nodes",
        date(2027, 3, 17),
        "osSKU Ubuntu, which is 24.04 from Kubernetes 1.35 on",
        "https://learn.microsoft.com/azure/aks/upgrade-os-version",
    ),
    "ubuntu-22.04": Retirement(
        "osSKU Ubuntu2204",
        date(2027, 6, 30),
        "osSKU Ubuntu, which is 24.04 from Kubernetes 1.35 on",
        "https://learn.microsoft.com/azure/aks/upgrade-os-version",
    ),
    "windows-2019": Retirement(
        "osSKU Windows2019",
        date(2026, 3, 1),
        "Linux, or Windows2022",
        "https://learn.microsoft.com/azure/aks/upgrade-windows-os",
    ),
    "windows-2022": Retirement(
        "osSKU Windows2022",
        date(2028, 6, 30),
        "Linux, or a later Windows Server",
        "https://learn.microsoft.com/azure/aks/upgrade-windows-os",
    ),
    "basic-load-balancer": Retirement(
        "loadBalancerSku basic",
        date(2025, 9, 30),
        "loadBalancerSku standard",
        "https://learn.microsoft.com/azure/load-balancer/load-balancer-basic-upgrade-guidance",
    ),
    "availability-sets": Retirement(
        "node pools of type AvailabilitySet",
        date(2025, 9, 30),
        "type VirtualMachineScaleSets",
        "https://learn.microsoft.com/azure/aks/availability-sets-on-aks",
    ),
    "pod-identity": Retirement(
        "podIdentityProfile (Entra pod identity)",
        date(2025, 9, 30),
        "workload identity",
        "https://learn.microsoft.com/azure/aks/use-azure-ad-pod-identity",
    ),
    "custom-ca": Retirement(
        "enableCustomCATrust of a node pool",
        date(2026, 9, 14),
        "securityProfile.customCATrustCertificates of the cluster",
        "https://learn.microsoft.com/azure/aks/custom-certificate-authority",
    ),
    "open-service-mesh": Retirement(
        "the add-on openServiceMesh",
        date(2027, 9, 30),
        "the Istio add-on, or no mesh",
        "https://learn.microsoft.com/azure/aks/open-service-mesh-about",
    ),
    "app-routing-nginx": Retirement(
        "ingressProfile.webAppRouting (managed NGINX), which gets no more security patches",
        date(2026, 11, 30),
        "the F5 NGINX Ingress Controller of this program, or the Gateway API",
        "https://learn.microsoft.com/azure/aks/app-routing",
    ),
    "ingress-nginx": Retirement(
        "the chart ingress-nginx, which the Kubernetes project no longer maintains",
        date(2026, 3, 31),
        "the F5 NGINX Ingress Controller of this program, or the Gateway API",
        "https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/",
    ),
}


def end_of(minor: str, *, long_term: bool) -> date | None:
    """Last day of support of a minor version; None for one that the table does not have."""
    found = MINORS.get(minor)
    if found is None:
        return None
    return found.long_term_ends if long_term else found.ends


def newest(today: date) -> str:
    """The latest confirmed minor that is available on `today`."""
    # Of the past the oldest minor of the table is the answer: a clock that is wrong must not stop a preview.
    known = [key for key, it in MINORS.items() if it.confirmed and it.available <= today]
    return max(known or [next(iter(MINORS))], key=lambda it: tuple(map(int, it.split("."))))
