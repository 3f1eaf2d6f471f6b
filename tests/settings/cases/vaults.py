"""Cases of Key Vaults that are made here (`settings/checks/identity.py`)."""

from tests.settings.cases.common import case

CASES = [
    case("prod", "keyVaults.shop-kv.create", {}, "must not be there beside 'id': the vault exists already"),
    case("prod", "keyVaults.shop-kv", {"create": {"privateEndpoint": True}}, "needs network.subnets.privateEndpoints",
         at="keyVaults.shop-kv.create.privateEndpoint"),
    case("dev", "keyVaults.shop-kv", {"create": {"softDeleteDays": 91}}, "must be days from 7 to 90",
         at="keyVaults.shop-kv.create.softDeleteDays"),
]  # fmt: skip
