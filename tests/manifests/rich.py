"""An estate in which every key of a workload is said somewhere, as plain data: for what must hold of all of them."""

from copy import deepcopy
from typing import Any

from manifests import Group, estate
from settings.stack import Settings
from settings.workload import Workload
from tests.manifests import samples

STORAGE = (
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers/"
    "Microsoft.Storage/storageAccounts/courseuploads"
)
_AMOUNTS = {
    "requests": {"cpu": "100m", "memory": "64Mi"},
    "limits": {"cpu": "500m", "memory": "128Mi"},
}

CANARY: dict[str, Any] = {
    "name": "web",
    "version": "1.2.0",
    "namespace": "shop",
    "kind": "deployment",
    "image": "registry.example/team/web",
    "availability": "ha",
    "pool": "wg1",
    "command": ["/bin/web"],
    "args": ["--verbose"],
    "workingDir": "/srv",
    "ports": {"http": 8080, "metrics": 9100, "admin": 9000, "dns": {"port": 53, "protocol": "UDP"}},
    "resources": _AMOUNTS,
    "service": {
        "type": "LoadBalancer",
        "ports": {
            "http": {"port": 80, "targetPort": "http", "nodePort": 30080},
            "metrics": {"port": 9100},
            "dns": {"port": 53, "protocol": "UDP"},
        },
        "sessionAffinity": "ClientIP",
        "sessionAffinitySeconds": 600,
        "publishNotReadyAddresses": True,
        "internal": True,
        "subnet": "snet-lb",
        "allowedSources": ["10.0.0.0/8"],
        "externalTrafficPolicy": "Local",
        "internalTrafficPolicy": "Cluster",
    },
    "routes": [
        {"host": "public", "path": "/web", "pathType": "Prefix", "port": "http"},
        {"host": "admin", "path": "/web"},
    ],
    "autoscale": {
        "min": 4,
        "max": 8,
        "cpu": 70,
        "memory": 80,
        "metrics": {
            "queue_length": {"averageValue": "30", "selector": {"queue": "uploads", "tier": "a"}},
            "requests": {
                "type": "Object",
                "value": "100",
                "object": "networking.k8s.io/v1/Ingress/public",
            },
        },
        "behavior": {
            "scaleUp": {
                "stabilizationWindowSeconds": 60,
                "policies": [{"pods": 2, "periodSeconds": 60}, {"percent": 50}],
                "selectPolicy": "Min",
            },
            "scaleDown": {"selectPolicy": "Disabled"},
        },
    },
    "affinity": {
        "near": {"ledger": "preferred", "agent": "required"},
        "apart": {"tests": "preferred", "nightly": "required"},
        "nodes": {"kubernetes.io/arch": ["amd64"], "kubernetes.io/os": ["linux"]},
        "preferredNodes": {"course.example/tier": ["fast"], "course.example/disk": ["ssd"]},
    },
    "nodeSelector": {"course.example/tier": "fast", "course.example/a": "b"},
    "priorityClass": "urgent",
    "config": {
        "env": {"LOG_LEVEL": "info", "DEPTH": "12"},
        "files": {"b.txt": "b", "a.txt": "a"},
        "mountPath": "/etc/web",
    },
    "env": {
        "ONE": "1",
        "TWO": "$(ONE)2",
        "IP": {"field": "status.podIP"},
        "MEMORY": {"resource": "limits.memory"},
        "LEVEL": {"config": "LOG_LEVEL"},
        "PASSWORD": {"secret": "PASSWORD"},
    },
    "secrets": {
        "PASSWORD": {"vault": "shop-kv", "mountPath": "/mnt/secrets"},
        "TOKEN": {"vault": "shop-kv", "mountPath": "/mnt/secrets"},
        "OWN": {"mountPath": "/mnt/own"},
        "THEIRS": {"existing": {"name": "theirs", "key": "token"}, "mountPath": "/mnt/own"},
    },
    "volumes": {
        "work": {"emptyDir": {"sizeLimit": "64Mi", "medium": "Memory"}},
        "videos": {"mountPath": "/videos", "readOnly": True, "claim": {"name": "videos"}},
        "trust": {
            "mountPath": "/trust",
            "configMap": {"name": "trust", "optional": True, "items": {"b": "b.pem", "a": "a.pem"}},
        },
        "certificate": {"mountPath": "/certificate", "secret": {"name": "certificate"}},
        "pod": {
            "mountPath": "/pod",
            "downward": {
                "labels": {"field": "metadata.labels"},
                "memory": {"resource": "limits.memory"},
            },
        },
        "all": {
            "mountPath": "/all",
            "projected": [
                {"configMap": {"name": "trust"}},
                {"secret": {"name": "certificate"}},
                {"downward": {"z": "metadata.name", "a": "metadata.uid"}},
                {"token": {"audience": "vault", "expirationSeconds": 7200, "path": "vault"}},
            ],
        },
    },
    "mounts": {
        "/pages": {"volume": "work", "readOnly": False, "subPath": "web"},
        "/again": {"volume": "work"},
    },
    "scratch": {"/tmp": "64Mi", "/cache": "1Gi"},
    "probes": {
        "startup": {
            "httpGet": {
                "path": "/healthz",
                "port": "http",
                "scheme": "HTTPS",
                "headers": {"X-B": "b", "X-A": "a"},
            },
            "periodSeconds": 5,
            "failureThreshold": 24,
            "terminationGracePeriodSeconds": 20,
        },
        "readiness": {
            "grpc": {"port": "admin", "service": "web"},
            "initialDelaySeconds": 1,
            "successThreshold": 2,
        },
        "liveness": {"tcpSocket": {"port": "http"}, "timeoutSeconds": 2},
    },
    "preStop": {"sleepSeconds": 5},
    "containers": {
        "migrate": {
            "args": ["migrate"],
            "before": {"main": "complete"},
            "scratch": {"/tmp": "1Mi"},
        },
        "proxy": {
            "image": "registry.example/team/proxy",
            "before": {"migrate": "healthy", "main": "started"},
            "ports": {"sql": 5432},
            "probes": {"startup": {"exec": {"command": ["/bin/ready"]}}},
            "preStop": {"httpGet": {"path": "/drain", "port": "sql"}},
            "security": {"runAsUser": 2000},
        },
        "tidy": {"mounts": {"/pages": {"volume": "work"}}, "preStop": {"exec": {"command": ["x"]}}},
    },
    "uses": ["ledger", "sql-gateway:1433", "internet:443", "kubernetes"],
    "metrics": {"port": "metrics", "path": "/stats"},
    "release": {
        "strategy": "canary",
        "steps": [25, 50, 100],
        "step": 1,
        "by": "requests",
        "match": {"header": "X-Candidate", "value": "always"},
        "active": "blue",
    },
    "rollout": {
        "maxSurge": "25%",
        "maxUnavailable": 0,
        "minReadySeconds": 5,
        "progressDeadlineSeconds": 300,
        "revisionHistoryLimit": 5,
    },
    "disruption": {"maxUnavailable": 1},
    "spread": {"zones": "ScheduleAnyway", "nodes": "DoNotSchedule"},
    "tolerations": [
        {"key": "spot", "operator": "Equal", "value": "true", "effect": "NoExecute"},
        {"key": "gpu", "effect": "NoExecute", "tolerationSeconds": 60},
    ],
    "security": {
        "runAsUser": 999,
        "runAsGroup": 999,
        "fsGroup": 999,
        "readOnlyRootFilesystem": True,
        "addCapabilities": ["NET_BIND_SERVICE"],
    },
    "serviceAccount": {
        "token": True,
        "rules": [
            {
                "apiGroups": ["", "apps"],
                "resources": ["pods", "deployments/scale"],
                "verbs": ["get", "patch"],
                "resourceNames": ["web", "other"],
            }
        ],
        "roles": ["reader"],
        "allowEscalation": {"startPods": "it changes its own pods"},
    },
    "azureIdentity": {
        "roles": {
            "uploads": {"role": "Storage Blob Data Reader", "scope": STORAGE},
            "archive": {
                "role": "Storage Blob Data Reader",
                "scope": f"{STORAGE}2",
                "reason": "it shows what was uploaded",
            },
        }
    },
    "imagePullSecrets": ["registry"],
    "terminationGracePeriodSeconds": 60,
    "dnsPolicy": "Default",
    "hostAliases": {"10.0.0.9": ["b.example", "a.example"], "10.0.0.8": ["c.example"]},
    "labels": {"team": "shop", "course.example/tier": "front"},
    "patch": {
        "Deployment/web": {
            "reason": "a licence check reads the host name",
            "merge": {"spec": {"template": {"spec": {"hostname": "web", "subdomain": "licence"}}}},
        },
        "ServiceAccount": {
            "reason": "an operator looks for it",
            "merge": {"metadata": {"annotations": {"b.example/x": "1", "a.example/x": "2"}}},
        },
    },
}

LEDGER: dict[str, Any] = {
    "name": "ledger",
    "namespace": "back",
    "kind": "statefulset",
    "image": "registry.example/team/ledger",
    "pool": "wg1",
    "replicas": 2,
    "ports": {"sql": 5432, "peer": 5433},
    "service": {"port": 5432, "protocol": "TCP", "targetPort": "sql", "headless": True},
    "volumes": {
        "data": {
            "mountPath": "/data",
            "disk": {"size": "8Gi", "storageClass": "fast", "accessMode": "ReadWriteOnce"},
        },
        "backup": {"mountPath": "/backup", "disk": {"size": "1Gi"}},
    },
    "disruption": {"minAvailable": 1},
    "probes": {"readiness": {"exec": {"command": ["/bin/ready"]}}},
    "preStop": {"exec": {"command": ["/bin/drain"]}},
    "release": {"match": {"cookie": "candidate", "value": "always"}},
}

AGENT: dict[str, Any] = {
    "name": "agent",
    "namespace": "shop",
    "kind": "daemonset",
    "image": "registry.example/team/agent",
    "tolerations": [{"operator": "Exists"}],
    "ports": {"http": 2020},
    "service": {"type": "NodePort", "port": 80, "nodePort": 30081},
    "preStop": {"httpGet": {"path": "/drain"}},
    "security": {
        "runAsUser": 0,
        "exception": {
            "level": "privileged",
            "reason": "node log files belong to root",
            "expires": "2999-12-31",
        },
    },
    "volumes": {
        "logs": {
            "mountPath": "/var/log",
            "readOnly": True,
            "hostPath": {"path": "/var/log", "type": "Directory"},
        }
    },
}

TESTS: dict[str, Any] = {
    "name": "tests",
    "namespace": "shop",
    "kind": "job",
    "image": "registry.example/team/tests",
    "pool": "wg1",
    "job": {
        "cases": {"list": ["login", "upload", "search"], "mountPath": "/etc/test-case"},
        "parallelism": 2,
        "backoffLimit": 6,
        "backoffLimitPerIndex": 1,
        "maxFailedIndexes": 1,
        "successPolicy": {"succeededIndexes": "0-1", "succeededCount": 1},
        "activeDeadlineSeconds": 600,
        "ttlSecondsAfterFinished": 3600,
        "suspend": True,
        "restartPolicy": "Never",
    },
    "uses": ["web"],
}

NIGHTLY: dict[str, Any] = {
    "name": "nightly",
    "namespace": "back",
    "kind": "cronjob",
    "image": "registry.example/team/nightly",
    "pool": "wg1",
    "job": {"completions": 2, "completionMode": "Indexed"},
    "cron": {
        "schedule": "0 4 * * *",
        "timeZone": "Europe/Berlin",
        "concurrencyPolicy": "Replace",
        "startingDeadlineSeconds": 300,
        "successfulJobsHistoryLimit": 1,
        "failedJobsHistoryLimit": 5,
        "suspend": True,
    },
    "uses": ["web:80", "web:9100", "ledger"],
    "azureIdentity": {"shared": "uploads"},
}

BATCH: dict[str, Any] = {**TESTS, "name": "batch", "job": {"cases": {"count": 6}}}
FILED: dict[str, Any] = {**TESTS, "name": "filed", "job": {"cases": {"file": "cases/smoke.txt"}}}

WORKLOADS = (CANARY, LEDGER, AGENT, TESTS, NIGHTLY, BATCH, FILED)

STACK: dict[str, Any] = {
    **samples.STACK,
    "namespaces": {
        name: {
            "quota": {
                **samples.QUOTA,
                "counts": {"configmaps": 50},
                "storage": {"total": "200Gi", "classes": {"managed-csi-premium": "100Gi"}},
                "priorities": {"urgent": {"pods": 9, **_AMOUNTS}},
            },
            "limits": {
                "min": {"cpu": "10m", "memory": "16Mi"},
                "max": {"cpu": "4", "memory": "4Gi"},
                "maxLimitRequestRatio": {"cpu": 10, "memory": 4},
                "persistentVolumeClaim": {"min": "1Gi", "max": "64Gi"},
            },
            "owner": "team-shop",
            "costCenter": "cc-4711",
            "contact": "shop@course.example",
            "access": {
                "viewer": [samples.VIEWERS],
                "deployer": [samples.DEPLOYERS],
                "roles": {"reader": [samples.VIEWERS]},
            },
            "pullSecrets": {"registry": {}, "another": {}},
        }
        for name in ("shop", "back")
    },
    "ingress": {**samples.STACK["ingress"], "routing": "VirtualServer"},
    "azureIdentities": {
        "uploads": {
            "clientId": "0f8fad5b-d9cb-469f-a165-70867728950e",
            "tenantId": "72f988bf-0000-4000-8000-2d7cd011db47",
        }
    },
    "roles": {"reader": {"rules": [{"resources": ["configmaps"], "verbs": ["get", "list"]}]}},
    "priorityClasses": {
        "urgent": {"value": 1000, "description": "what people wait for"},
        "late": {"value": -10, "description": "what can wait", "preemption": False},
    },
    "images": {
        "web": {"tag": "1.4.3", "tracks": {"candidate": "1.5.0"}},
        **{it: {"tag": "1.0.0"} for it in ("proxy", "ledger", "agent", "tests", "nightly")},
    },
}


def data() -> dict[str, Any]:
    """The estate, to change at will: the stack's keys, and its workloads by name under `workloads`."""
    return deepcopy({**STACK, "workloads": {it["name"]: it for it in WORKLOADS}})


def settings(given: dict[str, Any]) -> Settings:
    """What `data()`, however it is changed, comes to; no check looks at it."""
    stack = {key: value for key, value in given.items() if key != "workloads"}
    workloads = {name: Workload.model_validate(it) for name, it in given["workloads"].items()}
    for it in workloads.values():
        cases = it.job.cases if it.job else None
        if cases and cases.file:
            cases.hold(["login", "upload"])
    return Settings.model_validate(stack).model_copy(update={"workloads": workloads})


def groups(given: dict[str, Any]) -> list[Group]:
    """Every object of the estate."""
    made = settings(given)
    return list(estate.groups(made, samples.values(made)))
