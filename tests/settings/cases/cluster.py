"""Cases of `settings/checks/cluster.py`."""

from tests.settings.cases.common import case
from tests.settings.estate import GONE

CASES = [
    case("local", "kubeconfig", GONE, "is required with target kubeconfig; add 'kubeconfig: {}'"),
    case("local", "resourceGroup", "rg", "has no effect with target kubeconfig; remove it"),
    case("local", "ingress.controller", "nginx", "must be none with target kubeconfig"),
    *(
        case("dev", path, GONE, "is required with target aks; add it")
        for path in ("resourceGroup", "cluster.name", "cluster.dnsPrefix", "access")
    ),
    case("dev", "network", None, "is required with target aks; add it"),
    case("dev", "kubeconfig", {}, "has no effect with target aks; remove it"),
]  # fmt: skip
