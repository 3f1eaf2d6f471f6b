"""What is just right has no fault: the last value before each bound that a cross-check holds."""

import pytest

from tests.settings.cases.common import (
    CRON_JOB,
    DISK,
    JOB,
    LARGE,
    NO_ROUTES,
    PLENTY,
    REDIS,
    SUBSCRIPTION,
    case,
)
from tests.settings.cases.releases import BY_REQUESTS, CANARY, GRAY, HEADER, running
from tests.settings.estate import changed, folder

ROOMY = ("dev", "namespaces.course.quota", PLENTY | {"nodePorts": 1, "persistentVolumeClaims": 1})
BALANCED = ("dev", "namespaces.course.quota", PLENTY | {"nodePorts": 2, "loadBalancers": 1})
HA = ("authentication", "availability", "ha")
EDGES = [
    case("c" * 52, "", {**CRON_JOB, "name": "c" * 52}, ""),
    case("s" * 52, "", {**REDIS, "name": "s" * 52, "volumes": {}}, "", before=(ROOMY,)),
    case("i" * 61, "", {**JOB, "name": "i" * 61}, "", before=(("dev", "namespaces.testing.quota", PLENTY),)),
    case("n" * 63, "", {**CRON_JOB, "name": "n" * 63, "kind": "job", "cron": None}, ""),
    case("dev", "nodePools.wg1.min", 5, ""),
    case("dev", "nodePools.system.min", 1, ""),
    case("dev", "nodePools.wg1.maxSurge", 1, ""),
    case("dev", "nodePools.wg1.labels", {"agentpools": "x", "kubernetes.azure.co/x": "y"}, ""),
    case("prod", "nodePools.wg1.osDiskSizeGb", 300, ""),
    case("dev", "cluster.bootstrapPool.vmSize", "Standard_E8-4ds_v5", ""),
    case("dev", "cluster.bootstrapPool.vmSize", "Standard_M64ms", ""),
    case("dev", "cluster.apiServer", {"private": True}, ""),
    case("dev", "cluster.apiServer.authorizedIpRanges", ["0.0.0.0/1"], ""),
    case("dev", "network.subnets.nodes", "10.40.255.224/27", ""),
    case("dev", "network.podCidr", "10.200.0.0/20", "", before=(("dev", "nodePools.wg1.max", 8),)),
    case("dev", "network.subnets.nodes", "10.40.0.0/27", "",
         before=(("dev", "nodePools.wg1.max", 16), ("dev", "namespaces.logging.quota", PLENTY))),
    case("dev", "network.podCidr", "10.41.0.0/16", ""),
    case("dev", "network.serviceCidr", "10.208.0.0/13", ""),
    case("dev", "network.serviceCidr", "10.210.0.0/28", ""),
    case("dev", "network.dnsServiceIp", "10.210.0.2", ""),
    case("dev", "network.dnsServiceIp", "10.210.255.254", ""),
    case("dev", "externals.sql-gateway.cidrs", ["10.199.255.0/24", "10.201.0.0/24"], ""),
    case("dev", "nodePools.wg1.capacity", {"cpu": "250m", "memory": "512Mi"}, ""),
    case("dev", "namespaces.testing.quota", {
        "requests": {"cpu": "600m", "memory": "768Mi"}, "limits": {"cpu": "1500m", "memory": "1536Mi"}, "pods": 3}, ""),
    case("dev", "namespaces.testing.limits", {
        "defaultRequest": {"cpu": "500m"}, "default": {"cpu": "500m", "memory": "1Gi"}, "max": {"cpu": "500m"}}, ""),
    case("web", "resources.requests.cpu", "250m", ""),
    case("web", "routes[0].path", "/feature-logins", ""),
    case("web", "routes", [{"host": "public", "path": "/course"}, {"host": "public", "path": "/course",
                                                                     "pathType": "Exact"}], ""),
    case("web", "uses", ["internet:1", "internet:65535", "kubernetes", "redis:6379"], ""),
    case("web", "labels", {"apps": "x", "app.kubernetes/name": "x"}, ""),
    case("web", "tolerations", [{"key": "gpu", "operator": "Equal", "value": "yes"}, {"key": "x"}], ""),
    case("web", "ports.other", 8081, ""),
    case("web", "service", {"port": 8080, "targetPort": "http", "headless": True}, ""),
    case("web", "service", {"type": "LoadBalancer", "port": 80, "internal": False, "externalTrafficPolicy": "Local",
                            "sessionAffinity": "ClientIP", "sessionAffinitySeconds": 86400,
                            "allowedSources": ["203.0.113.0/24"], "nodePort": 30081}, "", before=(BALANCED,)),
    case("web", "service", {"type": "LoadBalancer", "port": 80, "subnet": "balancers", "internal": True}, "",
         before=(BALANCED,)),
    case("web", "service", {"ports": {"http": 80, "again": {"port": 81, "targetPort": "http"}}}, ""),
    case("web", "probes.startup", {"tcpSocket": {"port": "http"}, "successThreshold": 1}, ""),
    case("web", "probes.readiness.successThreshold", 3, ""),
    case("web", "rollout", {"minReadySeconds": 599}, ""),
    case("web", "rollout", {"maxSurge": "1%", "maxUnavailable": 0}, ""),
    case("web", "rollout", {"maxSurge": 0, "maxUnavailable": "1%"}, ""),
    case("authentication", "disruption", {"maxUnavailable": 1}, ""),
    case("authentication", "disruption", {"minAvailable": 1}, ""),
    case("authentication", "disruption", {"minAvailable": "50%"}, ""),
    case("blob-service", "autoscale", {"min": 2, "max": 2, "memory": 50}, ""),
    case("blob-service", "autoscale.cpu", 181, ""),
    case("blob-service", "autoscale", {"max": 5, "metrics": {
        "rate": {"averageValue": 100}, "queue": {"type": "External", "value": 30, "selector": {"queue": "mail"}},
        "hits": {"type": "Object", "value": 1, "object": "v1/Service/web"}}}, ""),
    case("blob-service", "autoscale.behavior", {"scaleUp": {"policies": [{"pods": 4}, {"percent": 100}]},
                                                "scaleDown": {"selectPolicy": "Disabled"}}, ""),
    case("authentication", "availability", "ha", ""),
    case("authentication", "rollout", {"maxUnavailable": 1}, "", before=(HA,)),
    case("authentication", "rollout", {"maxUnavailable": "99%"}, "", before=(HA,)),
    case("authentication", "disruption", {"maxUnavailable": "50%"}, "", before=(HA,)),
    case("authentication", "disruption", {"minAvailable": 1}, "", before=(HA,)),
    case("authentication", "spread", {"zones": "ScheduleAnyway"}, "", before=(HA,)),
    case("dev", "nodePools.wg1.max", 2, "", before=(HA, ROOMY)),
    case("redis", "availability", "single", ""),
    case("blob-service", "availability", "single", "", before=(("blob-service", "autoscale", {"max": 1, "cpu": 70}),)),
    case("regression-tests", "job.maxFailedIndexes", 6, ""),
    case("regression-tests", "ports", {"http": 8080}, ""),
    case("web", "volumes.data", DISK, "", before=(ROOMY, ("web", "release", "recreate"))),
    case("local", "workloads.web.volumes.data", DISK, ""),
    case("public-nginx", "config", {"files": {"a": "b"}, "mountPath": "/tmpx"}, ""),
    case("blob-service", "secrets.OTHER", {"vault": "shop-kv", "mountPath": "/mnt/secrets"}, ""),
    case("web", "security.addCapabilities", ["NET_BIND_SERVICE"], ""),
    case("log-agent", "security.addCapabilities", ["SYS_ADMIN", "CHOWN"], ""),
    case("business-data-upload", "service", None, ""),
    case("dev", "nodePools.spot", LARGE | {"taints": ["spot=yes:PreferNoSchedule"]}, ""),
    case("web", "pool", "spot", "",
         before=(("dev", "nodePools.spot", LARGE | {"taints": ["spot=yes:PreferNoSchedule"]}),)),
    case("web", "tolerations", [{"key": "gpu", "operator": "Equal", "value": "yes", "effect": "NoSchedule"}], "",
         before=(("dev", "nodePools.gpu", LARGE | {"taints": ["gpu=yes:NoSchedule"]}), ("web", "pool", "gpu"),
                 ("web", "tolerations", [{"key": "gpu"}]))),
    case("authentication", "release", "recreate", "", before=(("authentication", "replicas", 2),)),
    case("web", "release.steps", [49, 50, 51, 100], "", before=CANARY),
    case("web", "release.steps", [50, 100], "", before=GRAY),
    case("web", "release.step", 4, "", before=CANARY),
    case("web", "release.step", 1, "", before=(("web", "release.steps", [100]), *GRAY)),
    case("web", "release.active", "green", "", before=running("blueGreen", "green")),
    case("web", "release.active", "blue", "", before=running("blueGreen", "blue")),
    case("web-green", "", {**NO_ROUTES, "name": "web-green"}, "", before=CANARY),
    case("w" * 53, "", {**NO_ROUTES, "name": "w" * 53, "release": "canary"}, ""),
    case("web", "release.match", HEADER, "", before=BY_REQUESTS),
    case("dev", "images.web-course-main.rollback", "5.0.9", ""),
    case("dev", "images.web-course-main.rollback", {"tag": "5.1.0", "digest": f"sha256:{'a' * 64}"}, ""),
]  # fmt: skip


@pytest.mark.parametrize("it", EDGES, ids=lambda it: it.name)
def test_just_right_is_right(it):
    changes = [*it.before, (it.where, it.path, it.value)]
    assert [str(fault) for fault in folder().faults(it.stack, changed(*changes))] == []


def test_a_route_table_goes_with_routing_of_the_users_own():
    table = f"{SUBSCRIPTION}/Microsoft.Network/routeTables/rt"
    changes = [
        ("dev", "network.routeTableId", table),
        ("dev", "network.outboundType", "userDefinedRouting"),
    ]
    assert folder().faults("dev", changed(*changes)) == []
