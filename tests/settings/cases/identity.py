"""Cases of `settings/checks/identity.py`."""

from tests.settings.cases.common import OTHER_VAULT, case
from tests.settings.estate import GONE

RESTRICTED = "which the restricted pod security level forbids"
CASES = [
    case("dev", "namespaces.logging.podSecurityReason", GONE, "is required for level privileged; say why"),
    case("dev", "keyVaults.shop-kv.id", GONE, "is required with target aks"),
    case("blob-service", "secrets.AZURE-PASSWORD.vault", "shop-kw",
         "must be a key in 'keyVaults' of the stack; did you "
         "mean 'shop-kv'?"),
    case("business-data-sync", "imagePullSecrets[0]", "registry-credential", "must be in 'pullSecrets' of namespace "
         "business-data; did you mean 'registry-credentials'?"),
    case("blob-service", "config.mountPath", "/etc/blob", "goes together with 'files'"),
    case("public-nginx", "config.mountPath", GONE, "goes together with 'files'"),
    case("blob-service", "volumes.uploads.mountPath", "/mnt/secrets/", "is taken by volume uploads",
         at="secrets.AZURE-PASSWORD.mountPath"),
    case("public-nginx", "volumes.tmp.mountPath", "/etc/nginx/conf.d",
         "is taken by volume tmp; got '/etc/nginx/conf.d'",
         at="config.mountPath"),
    case("blob-service", "secrets.OTHER", {"vault": "other-kv", "mountPath": "/mnt/secrets"},
         "holds the secrets of another vault already", at="secrets.OTHER.mountPath",
         before=(("dev", "keyVaults.other-kv", OTHER_VAULT),)),
    case("dev", "workloads.web.volumes.tmp.hostPath", {"path": "/x"}, "got emptyDir, hostPath; keep one",
         at="workloads.web.volumes.tmp", before=(
             ("dev", "namespaces.course.podSecurity", "privileged"),
             ("dev", "namespaces.course.podSecurityReason", "a folder of the node"),
             ("web", "security.exception", {"level": "privileged", "reason": "a folder of the node"}))),
    case("web", "security.runAsUser", 0,
         f"runs as root, {RESTRICTED}; avoid it, or add 'security.exception' with level "
         "baseline"),
    case("web", "security.addCapabilities", ["CHOWN"], f"adds CHOWN, {RESTRICTED}"),
    case("web", "security.addCapabilities", ["NET_RAW"],
         "adds NET_RAW, which the baseline pod security level forbids"),
    case("web", "volumes.tmp", {"mountPath": "/tmp", "hostPath": {"path": "/x"}}, "mounts a folder of the node"),
    case("web", "security", {"runAsUser": 0, "exception": {"level": "baseline", "reason": "its image runs as root"}},
         "must not be beyond the namespace's podSecurity 'restricted'; got 'baseline', as it runs as root; run it in a "
         "namespace of its own, not course, or leave out 'podSecurity' of course", at="security.exception.level",
         before=(("dev", "namespaces.course.podSecurity", "restricted"),)),
    case("log-agent", "security.exception.expires", "2026-02-30", "must be a day of the calendar; got '2026-02-30'"),
    case("log-agent", "security.exception.expires", "2020-01-31",
         "got '2020-01-31'; make log-agent meet restricted and take the exception out, or renew its date"),
]  # fmt: skip
