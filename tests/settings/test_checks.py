"""Every fault a cross-check can find, by one change of the shipped estate: one fault, in its place, with its rule.

`CASES` is the list of what is checked; a check without a row fails the last test.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from settings.faults import SettingsError
from tests.settings.estate import (
    GONE,
    SETTINGS,
    STACKS,
    changed,
    folder,
    line_of,
    shipped,
    within,
)
from tests.settings.reached import Reached, faulting_calls

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

CLUSTER = [
    case("local", "kubeconfig", GONE, "is required with target kubeconfig; add 'kubeconfig: {}'"),
    case("local", "resourceGroup", "rg", "has no effect with target kubeconfig; remove it"),
    case("local", "ingress.controller", "nginx", "must be none with target kubeconfig"),
    *(
        case("dev", path, GONE, "is required with target aks; add it")
        for path in ("resourceGroup", "cluster.name", "cluster.dnsPrefix", "network", "access")
    ),
    case("dev", "kubeconfig", {}, "has no effect with target aks; remove it"),
    case("dev", "cluster.apiServer.private", True, "must be empty for a private API server",
         at="cluster.apiServer.authorizedIpRanges"),
    case("dev", "cluster.apiServer", GONE, "or the API server is open to the Internet",
         at="cluster.apiServer.authorizedIpRanges"),
    case("dev", "cluster.apiServer.authorizedIpRanges", ["0.0.0.0/0"],
         "must not be the whole Internet; got '0.0.0.0/0'",
         at="cluster.apiServer.authorizedIpRanges[0]"),
    case("dev", "nodePools.system", GONE, "must have a pool with mode System", at="nodePools"),
    case("dev", "nodePools.boot", LARGE, "must differ from every name in nodePools; got 'boot'",
         at="cluster.bootstrapPool.name"),
    *(
        case("dev", f"{pool}.vmSize", size, f"must have at least 4 vCPU and not be of the B-series, for example "
             f"'Standard_D4ds_v5'; got '{size}'")
        for pool in ("cluster.bootstrapPool", "nodePools.system")
        for size in ("Standard_D2ds_v5", "Standard_B4ms", "Standard_E8-2ds_v5")
    ),
    case("dev", "network.routeTableId", ROUTE_TABLE, "goes together with outboundType userDefinedRouting"),
    case("dev", "network.outboundType", "userDefinedRouting", "goes together with outboundType",
         at="network.routeTableId"),
    case("dev", "nodePools.wg1.vmSize", GONE, "is required with target aks"),
    case("dev", ("nodePools", "wg1", "labels", "agentpool"), "wg1", "is set by AKS"),
    case("dev", ("nodePools", "wg1", "labels", "kubernetes.azure.com/mode"), "user", "is set by AKS"),
    case("dev", "nodePools.wg1.min", 6, "must not exceed max (5); got 6; lower it"),
    case("dev", "nodePools.system.min", 0, "must be at least 1 for a system pool; got 0"),
    case("dev", "nodePools.wg1.maxSurge", 0, "must not be 0: an upgrade could never replace a node; got 0"),
    case("dev", "nodePools.wg1.maxSurge", "0%", "must not be 0: an upgrade could never replace a node; got '0%'"),
    case("dev", "nodePools.wg1.vmSize", "Standard_M64ms", "is required where the machine size is not in the built-in",
         at="nodePools.wg1.capacity"),
    case("prod", "nodePools.wg1.osDiskSizeGb", 301, "Standard_D8ds_v5 has 300 GiB of local disk for 301",
         at="nodePools.wg1.osDiskType"),
]  # fmt: skip

CONFIG = [
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

EXPOSURE = [
    case("dev", "ingress.pool", GONE, "is required with controller nginx"),
    case("dev", "ingress.namespace", "course", "must not be a tenant's namespace; got 'course'"),
    case("dev", "ingress.hosts.extra", "dev.course.example", "must differ from host 'public'"),
    case("web", "routes[0].host", "publik",
         "must be a key in 'ingress.hosts' of the stack; got 'publik'; did you mean "
         "'public'?"),
    case("web", "routes[0].path", "/feature-login/",
         "claims dev.course.example/feature-login, which web-feature-login "
         "has already", at="routes[0]"),
    case("web", "service", GONE, "needs 'service': an Ingress sends requests to one", at="routes"),
    case("regression-tests", "service", {"port": 80, "targetPort": "http"}, "has no use for a job",
         before=(("regression-tests", "ports", {"http": 8080}),)),
    case("public-nginx", "service.headless", True, "goes with type ClusterIP only; got true"),
    case("web", "service.nodePort", 30081, "goes with type NodePort only; got 30081"),
    case("web", "service.nodePort", 30080, "is taken by public-nginx; got 30080",
         before=(("web", "service.type", "NodePort"), ("dev", "namespaces.course.quota.nodePorts", 2))),
]  # fmt: skip

RESTRICTED = "which the restricted pod security level forbids"
IDENTITY = [
    *(
        case("web", ("volumes", name), {"mountPath": "/x", "emptyDir": {"sizeLimit": "1Mi"}},
             "those are the platform's own; rename it")
        for name in ("config-files", "vault-mine")
    ),
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
    case("blob-service", "volumes.uploads", {"mountPath": "/tmp"}, "got none; add one"),
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
    case("web", "security.exception", {"level": "baseline", "reason": "its image runs as root"},
         "must not be beyond the namespace's podSecurity 'restricted'; got 'baseline'", at="security.exception.level"),
]  # fmt: skip

NAMES = [
    case("redis-headless", "", {**NO_ROUTES, "name": "redis-headless"},
         "is the name of the headless Service of statefulset redis", at="name"),
    case("0redis", "", {**REDIS, "name": "0redis", "service": None, "volumes": {}, "probes": {}},
         "must begin with a letter", at="name",
         before=(("dev", "namespaces.course.quota", PLENTY | {"nodePorts": 1}),)),
    case("business-data-upload", "image", "registry.example/team/business-data",
         "shares its last part, and so its version "
         "in 'images', with registry.example/business-data"),
    case("web", "namespace", "cours",
         "must be one of this stack's: 'business-data', 'course', 'logging', 'testing'; got "
         "'cours'; did you mean 'course'?"),
    case("dev", "images.redis", GONE, "must have a version in 'images' of the stack", at=("redis", "image")),
    case("dev", "images.rediss", {"tag": "1"}, "is the version of no image in the catalogue; remove it"),
    case("web", ("labels", "app"), "x", "is set by the platform on every object"),
    case("web", ("labels", "app.kubernetes.io/name"), "x", "is set by the platform on every object"),
    case("c" * 53, "", {**CRON_JOB, "name": "c" * 53}, "must have at most 52 characters for a cronjob", at="name"),
    case("s" * 53, "", {**REDIS, "name": "s" * 53, "volumes": {}}, "must have at most 52 characters for a statefulset",
         at="name", before=(("dev", "namespaces.course.quota", PLENTY | {"nodePorts": 1}),)),
    case("i" * 62, "", {**JOB, "name": "i" * 62}, "must leave room for the index in the host name of a pod: 63",
         at="name", before=(("dev", "namespaces.testing.quota", PLENTY),)),
    case("2048", "", {**NO_ROUTES, "name": "2048"}, "must begin with a letter, as the name of its Service must",
         at="name"),
    case("web", "ports.other", 8080, "must not repeat the number of 'http'; got 8080"),
    case("web", "service.targetPort", "htp", "must be a name in 'ports', which has 'http'; got 'htp'; did you mean"),
    case("web", "probes.readiness.httpGet.port", "zzz", "which has 'http'; got 'zzz'; add the port"),
]  # fmt: skip

NETWORK = [
    case("dev", "network.podCidr", "10.40.128.0/17",
         "must not overlap addressSpace 10.40.0.0/16; got '10.40.128.0/17'"),
    case("dev", "network.podCidr", "172.30.0.0/16", "must not overlap 172.30.0.0/16, which AKS keeps for itself"),
    case("dev", "network.serviceCidr", "10.208.0.0/12", "must be smaller than a /12"),
    case("dev", "network.serviceCidr", "10.210.0.8/29", "a /28 or larger; got '10.210.0.8/29'"),
    *(
        case("dev", "network.dnsServiceIp", address,
         f"must lie in serviceCidr and be neither its first address nor its "
             f"last; got '{address}'; for example '10.210.0.10'")
        for address in ("10.210.0.0", "10.210.0.1", "10.210.255.255", "10.211.0.10")
    ),
    case("dev", "network.subnets.nodes", "10.41.0.0/22", "must lie in addressSpace 10.40.0.0/16"),
    case("dev", "network.subnets.nodes", "10.40.0.0/28",
         "must hold 12 nodes, every pool at its maximum with an upgrade's "
         "surge; it holds 11"),
    case("dev", "network.podCidr", "10.200.0.0/21", "must hold a /24 for each of 12 nodes; it holds 8"),
    case("dev", "network.podCidr", "10.200.0.0/25", "must hold a /24 for each of 12 nodes; it holds 0"),
    case("dev", "externals.sql-gateway.cidrs", ["10.60.4.0/28", "10.200.1.0/24"], "must lie outside podCidr",
         at="externals.sql-gateway.cidrs[1]"),
    case("dev", "externals.sql-gateway.cidrs", ["10.210.0.10/32"], "must lie outside serviceCidr",
         at="externals.sql-gateway.cidrs[0]"),
]  # fmt: skip

TAINTED = ("dev", "nodePools.gpu", LARGE | {"taints": ["gpu=yes:NoSchedule"]})
PLACEMENT = [
    case("web", "pool", GONE, "is required for a deployment; name one of wg1"),
    case("web", "pool", "system", "must be a worker pool: system pools carry the cluster's own pods; got 'system'"),
    case("dev", "ingress.pool", "system", "must be a worker pool: system pools carry the cluster's own pods"),
    case("web", "pool", "wg2", "must be a worker pool of this stack: wg1; got 'wg2'; did you mean 'wg1'?"),
    case("web", "tolerations", [{"operator": "Exists"}],
         "tolerates the taint of system pools, which only a daemonset may",
         at="tolerations[0]"),
    case("web", "tolerations", [{"key": "CriticalAddonsOnly"}], "got 'CriticalAddonsOnly'", at="tolerations[0]"),
    case("web", "tolerations", [{"key": "a", "operator": "Equal"}], "needs 'key' and 'value' with operator Equal",
         at="tolerations[0]"),
    case("web", "tolerations", [{"key": "a", "value": "b"}], "goes with operator Equal only; got 'b'",
         at="tolerations[0].value"),
    case("dev", "nodePools.wg1.capacity", {"cpu": "240m", "memory": "12Gi"},
         "must fit one node of wg1, which has 240m for "
         "pods; got '250m'", at=("blob-service", "resources.requests.cpu")),
    case("dev", "nodePools.wg1.capacity", {"cpu": "4", "memory": "511Mi"},
         "must fit one node of wg1, which has 511Mi for "
         "pods; got '512Mi'", at=("redis", "resources.requests.memory")),
    case("web", "pool", "gpu", "must tolerate 'gpu=yes:NoSchedule' of pool gpu; add {key: gpu, operator: Exists}",
         at="tolerations", before=(TAINTED,)),
    case("web", "tolerations", [{"key": "gpu", "operator": "Equal", "value": "no"}],
         "must tolerate 'gpu=yes:NoSchedule'",
         before=(TAINTED, ("web", "tolerations", [{"key": "gpu"}]), ("web", "pool", "gpu"))),
]  # fmt: skip

QUOTA = [
    *(
        case("dev", f"namespaces.course.quota.{what}.{key}", "1" if key == "cpu" else "1Gi",
             "must hold what runs in course at the peak of a rollout: ")
        for what in ("requests", "limits")
        for key in ("cpu", "memory")
    ),
    case("dev", "namespaces.course.quota.pods", 3, "must hold what runs in course at the peak of a rollout: "),
    case("dev", "namespaces.course.quota.nodePorts", 0, "must hold what course has: 1; got 0; raise it"),
    case("prod", "namespaces.course.quota.persistentVolumeClaims", 0, "must hold what course has: 1; got 0"),
    case("web", "service.type", "LoadBalancer", "must hold what course has: 1; got 0",
         at=("dev", "namespaces.course.quota.loadBalancers"),
         before=(("dev", "namespaces.course.quota.nodePorts", 2),)),
    case("dev", "namespaces.testing.limits", {"default": {"cpu": "2", "memory": "1Gi"}, "max": {"cpu": "1"}},
         "must not exceed the maximum '1'; got '2'", at="namespaces.testing.limits.default.cpu"),
    case("dev", "namespaces.testing.limits", {"defaultRequest": {"cpu": "1"}},
         "must not exceed the default limit '250m'; got '1'", at="namespaces.testing.limits.defaultRequest.cpu"),
    case("web", "resources.requests.cpu", "300m", "must not exceed its limit '250m'; got '300m'"),
    case("web", "resources", {"requests": {"cpu": "300m"}}, "must not exceed the namespace's default limit '250m'",
         at="resources.requests.cpu"),
    case("dev", "namespaces.testing.limits", {"max": {"cpu": "400m"}},
         "must not exceed the namespace's maximum '400m'; got "
         "'500m'", at=("regression-tests", "resources.limits.cpu")),
    case("dev", "namespaces.testing.limits", {"default": {"cpu": "250m"}},
         "is required: the quota of testing counts it and "
         "no default fills it in", at=("regression-tests", "resources.limits.memory"),
         before=(("regression-tests", "resources", {"requests": {"cpu": "100m", "memory": "64Mi"}}),)),
]  # fmt: skip

LAB = ("dev", "namespaces.lab", {
    "quota": {"requests": {"cpu": "2"}, "limits": {"cpu": "4"}, "pods": 20},
    "limits": {"defaultRequest": {"cpu": "50m"}, "default": {"cpu": "250m"}},
})  # fmt: skip
ONE_DISK = ("dev", "namespaces.course.quota.persistentVolumeClaims", 1)
SCALING = [
    case("business-data-sync", "replicas", 1, "goes with deployment and statefulset only; remove it or change 'kind: "
         "cronjob'"),
    case("business-data-sync", "autoscale", {"min": 1, "max": 2, "cpu": 70},
         "goes with deployment and statefulset only"),
    case("log-agent", "disruption", {"maxUnavailable": 1}, "goes with deployment and statefulset only"),
    case("web", "job", {}, "goes with job and cronjob only"),
    case("web", "cron", {"schedule": "@daily"}, "goes with cronjob only"),
    case("business-data-sync", "cron", GONE, "is required for a cronjob"),
    case("blob-service", "replicas", 2, "must be absent beside 'autoscale', which owns the number; got 2"),
    case("blob-service", "autoscale.min", 6, "must not exceed max (5); got 6"),
    case("blob-service", "autoscale.cpu", GONE, "must have a target: cpu, memory or both", at="autoscale"),
    case("blob-service", "autoscale.memory", 60, "is a share of the memory request, and there is none", before=(
        LAB, ("blob-service", "namespace", "lab"), ("blob-service", "resources", {"requests": {"cpu": "100m"}}))),
    case("authentication", "disruption", {}, "must have exactly one of minAvailable, maxUnavailable"),
    case("authentication", "disruption", {"minAvailable": 1, "maxUnavailable": 1}, "must have exactly one of"),
    case("authentication", "disruption", {"maxUnavailable": 0},
         "blocks every drain, and with it upgrades of the nodes; "
         "got 0", at="disruption.maxUnavailable"),
    case("authentication", "disruption", {"minAvailable": "51%"},
         "blocks every drain, and with it upgrades of the nodes: at "
         "its smallest the workload has 2; got '51%'", at="disruption.minAvailable"),
    case("authentication", "rollout.maxSurge", 0, "must not be 0 together with maxUnavailable"),
    case("web", "volumes.data", DISK, "must be Recreate for a deployment with a disk", at="rollout.strategy",
         before=(ONE_DISK,)),
    case("web", "rollout", {"minReadySeconds": 600}, "must exceed minReadySeconds (600); got 600",
         at="rollout.progressDeadlineSeconds"),
    case("redis", "rollout", {"strategy": "Recreate"},
         "goes with deployment only; got 'Recreate'; remove it or change "
         "'kind: statefulset'", at="rollout.strategy"),
    case("authentication", "volumes.data", DISK, "can be held by one pod only", at="volumes.data.disk",
         before=(ONE_DISK, ("authentication", "rollout", {"strategy": "Recreate"}))),
    case("log-agent", "volumes.data", DISK, "can be held by one pod only", at="volumes.data.disk",
         before=(("dev", "namespaces.logging.quota.persistentVolumeClaims", 1),)),
    case("regression-tests", "job.completionMode", "NonIndexed", "goes with completionMode Indexed only; got 2",
         at="job.backoffLimitPerIndex"),
    case("regression-tests", "job.restartPolicy", "OnFailure", "must be Never beside backoffLimitPerIndex"),
    case("regression-tests", "job.backoffLimitPerIndex", GONE, "goes with backoffLimitPerIndex only; got 2",
         at="job.maxFailedIndexes"),
    case("regression-tests", "job.maxFailedIndexes", 7, "must not exceed completions (6); got 7"),
    case("web", "probes.liveness", {}, "must have exactly one of httpGet, tcpSocket, grpc, exec; got none; add one"),
    case("web", "probes.liveness.exec", {"command": ["true"]}, "got tcpSocket, exec; keep one", at="probes.liveness"),
    case("web", "probes.liveness.successThreshold", 2, "must be 1 for liveness; got 2; remove it"),
]  # fmt: skip

ANYWHERE = {"cidrs": ["198.51.100.7/32"]}
USES = [
    case("dev", "externals.web", ANYWHERE, "must differ from every workload, 'internet' and 'kubernetes'; got 'web'"),
    case("dev", "externals.internet", ANYWHERE, "must differ from every workload, 'internet' and 'kubernetes'"),
    case("internet", "", {**CRON_JOB, "name": "internet"}, "is reserved for 'uses'; got 'internet'", at="name"),
    case("web", "uses", ["redis", "redis"], "stands twice; got 'redis'", at="uses[1]"),
    case("web", "uses", ["web:80"], "names the workload itself; got 'web:80'", at="uses[0]"),
    case("web", "uses", ["internet:0"], "must have a port of 1 to 65535; got 'internet:0'", at="uses[0]"),
    case("web", "uses", ["internet:65536"], "must have a port of 1 to 65535", at="uses[0]"),
    case("web", "uses", ["internet"], "must name a port for the Internet; got 'internet'; write 'internet:443'",
         at="uses[0]"),
    case("web", "uses", ["mail"], "must name a port: the external has none of its own", at="uses[0]",
         before=(("dev", "externals.mail", ANYWHERE),)),
    case("web", "uses", ["web-feature-login"], "names a workload that this stack leaves out", at="uses[0]",
         before=(("dev", "workloads.web-feature-login", None),)),
    case("web", "uses", ["rediss"], "an external of the stack, 'internet' or 'kubernetes'; got 'rediss'; did you mean "
         "'redis'?", at="uses[0]"),
    case("web", "uses", ["zzz"], "add it to 'externals' of the stack", at="uses[0]"),
    case("web", "uses", ["log-agent"], "names log-agent, which has no 'service'; got 'log-agent'", at="uses[0]"),
    case("web", "uses", ["redis:80"], "must name the Service port of redis: 6379; got 'redis:80'", at="uses[0]"),
]  # fmt: skip

CASES = [
    *CLUSTER, *CONFIG, *EXPOSURE, *IDENTITY, *NAMES, *NETWORK, *PLACEMENT, *QUOTA, *SCALING, *USES
]  # fmt: skip


@cache
def outcome(it):
    """The faults that `it` gives, and the lines they came by."""
    with Reached() as reached:
        found = folder().faults(it.stack, changed(*it.before, (it.where, it.path, it.value)))
    return found, reached.lines


def written(it):
    where, path = it.at
    file, full = within(where, path)
    texts = {**folder().texts, **changed(*it.before, (it.where, it.path, it.value))}
    return file, full, texts[file]


@pytest.mark.parametrize("it", CASES, ids=lambda it: it.name)
def test_one_wrong_key_is_one_fault_in_its_file_at_its_line_with_rule_and_remedy(it):
    found, _ = outcome(it)
    file, full, text = written(it)
    assert len(found) == 1, [str(fault) for fault in found]
    [fault] = found
    assert fault.file == file
    assert fault.line == (line_of(text, full) or 1), str(fault)
    assert it.says in str(fault)
    assert fault.remedy
    if isinstance(it.at[1], str):
        prefix = f"{SETTINGS}." if it.at[0] in STACKS else ""
        assert fault.key == prefix + it.at[1]


@pytest.mark.parametrize(
    "it", [it for it in CASES if it.before], ids=lambda it: f"before {it.name}"
)
def test_what_a_case_needs_first_is_valid_without_it(it):
    assert [str(fault) for fault in folder().faults(it.stack, changed(*it.before))] == []


@pytest.mark.parametrize("stack", STACKS)
def test_the_shipped_estate_has_no_fault(stack):
    assert [str(fault) for fault in folder().faults(stack, {})] == []


def test_no_secret_is_echoed():
    for it in CASES:
        assert "hunter2" not in str(SettingsError(outcome(it)[0]))


def test_every_check_has_a_case():
    reached = {line for it in CASES for line in outcome(it)[1]}
    without = [
        f"{path.name}:{first}"
        for path, first, last in faulting_calls()
        if not any((path, line) in reached for line in range(first, last + 1))
    ]
    assert without == []
