"""Cases of `settings/checks/registries.py`."""

from tests.settings.cases.common import case

AT = "cluster.registry"

CASES = [
    case("prod", AT, {}, "is required", at=f"{AT}.id"),
    case("prod", f"{AT}.create", {}, "must not be there beside 'id': the registry exists already"),
    case("prod", AT, {"create": {"sku": "Standard"}}, "must be Premium for a private endpoint; got Standard",
         at=f"{AT}.create.sku"),
    case("prod", AT, {"create": {"privateEndpoint": True}}, "needs network.subnets.privateEndpoints",
         at=f"{AT}.create.privateEndpoint"),
]  # fmt: skip
