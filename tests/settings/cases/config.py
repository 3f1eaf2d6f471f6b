"""Cases of `settings/checks/config.py`."""

from tests.settings.cases.common import PLENTY, case
from tests.settings.estate import GONE

CASES = [
    case("Pulumi.dev.yaml", ("config", "aks-platform:seting"), 1,
         "no such configuration key; did you mean 'settings'?"),
    case("Pulumi.dev.yaml", ("config", "aks-platform:zzz"), "hunter2", "no such configuration key; remove it"),
    case("Pulumi.local.yaml", ("config", "aks-platform:shop-kv-AZURE-PASSWORD"), "hunter2",
         "is a secret and stands here in plain text; 'pulumi config set --stack local --secret shop-kv-AZURE-"),
    case("Pulumi.dev.yaml", ("config", "azure-native:location"), GONE, "is required with target aks"),
    case("Pulumi.dev.yaml", ("config", "azure-native:location"), "West Europe", "for example 'westeurope'; got 'West"),
    case("Pulumi.dev.yaml", ("config", "azure-native:location"), ["westeurope"],
         "for example 'westeurope'; got a list"),
    case("dev", "namespaces.business", {"quota": PLENTY, "pullSecrets": {"data-registry-credentials": {}}},
         "has the key 'business-data-registry-credentials' for its value",
         at="namespaces.business-data.pullSecrets.registry-credentials"),
]  # fmt: skip
