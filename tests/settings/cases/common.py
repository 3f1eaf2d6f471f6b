"""What a row of `CASES` is: one change of the shipped estate, and the one fault it gives."""

from dataclasses import dataclass
from pathlib import Path

from tests.settings.estate import GONE, STACKS, shipped

SUBSCRIPTION = (
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers"
)
ROUTE_TABLE = f"{SUBSCRIPTION}/Microsoft.Network/routeTables/rt"
OTHER_VAULT = {"id": f"{SUBSCRIPTION}/Microsoft.KeyVault/vaults/other-kv"}
PLENTY = {"requests": {}, "limits": {}, "pods": 100}
LARGE = {"vmSize": "Standard_D4ds_v5", "min": 1, "max": 1}
DISK = {"mountPath": "/data", "disk": {"size": "1Gi"}}
JOB = shipped()["workloads/regression-tests.yaml"]
CRON_JOB = shipped()["workloads/business-data-sync.yaml"]
REDIS = shipped()["workloads/redis.yaml"]
WEB = shipped()["workloads/web-feature-login.yaml"]
NO_ROUTES = {key: value for key, value in WEB.items() if key not in ("routes", "env")}


@dataclass(frozen=True, eq=False)
class Case:
    """`value` at `path` of `where` gives one fault that says `says` at `at`, else at the changed key itself."""

    where: str
    path: str | tuple
    value: object
    says: str
    at: tuple = ()
    stack: str = ""
    before: tuple = ()
    """Changes that leave the estate valid."""

    @property
    def name(self):
        return f"{self.where}: {self.path} = {self.value if self.value is not GONE else 'gone'}"[
            :90
        ]


def case(where, path, value, says, *, at=None, before=()):
    place = (
        (at if isinstance(at, tuple) and at[0] in KNOWN else (where, at)) if at else (where, path)
    )
    own = where.removeprefix("Pulumi.").removesuffix(".yaml")
    return Case(where, path, value, says, place, own if own in STACKS else "dev", before)


KNOWN = {*STACKS, *(Path(name).stem for name in shipped())}
