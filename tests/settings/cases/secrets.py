"""Cases of the secrets of workloads in `settings/checks/config.py`."""

from tests.settings.cases.common import case
from tests.settings.estate import shipped

MOUNTED = {"mountPath": "/mnt/own"}
EXISTING = {"name": "made-elsewhere", "key": "token"}
UPLOAD = shipped()["workloads/business-data-upload.yaml"]
OWN = {**UPLOAD, "name": "business-data", "secrets": {"upload-a": MOUNTED}}
BUSINESS_DATA = ("business-data", "", OWN)
READ = (("web", "secrets.TOKEN", {"vault": "shop-kv"}), ("web", "env.TOKEN", {"secret": "TOKEN"}))

CASES = [
    case("web", "secrets.TOKEN", {}, "is read by nobody: no 'mountPath', and no variable of a container names it; "
         "add 'mountPath', or 'env: {NAME: {secret: TOKEN}}'"),
    case("blob-service", "secrets.AZURE-PASSWORD.existing", EXISTING, "must not stand beside 'vault'"),
    case("business-data-upload", "secrets.a", MOUNTED,
         "has the key 'business-data-upload-a' for its value, which is also that of secret 'upload-a' of workload "
         "business-data; rename it", before=(BUSINESS_DATA,)),
    case("Pulumi.dev.yaml", ("config", "aks-platform:web-TOKEN"), "hunter2",
         "is a secret and stands here in plain text; 'pulumi config set --stack dev --secret web-TOKEN'",
         before=(("web", "secrets.TOKEN", MOUNTED),)),
    case("web", "volumes.own", {"mountPath": "/mnt/secrets-store/other", "emptyDir": {"sizeLimit": "1Mi"}},
         "must not lie in /mnt/secrets-store: vaults that variables read are mounted there; got '/mnt/secrets-store/",
         at="volumes.own.mountPath", before=READ),
]  # fmt: skip
