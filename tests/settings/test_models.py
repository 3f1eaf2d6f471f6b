"""Every key of every model: required or not, its type held, a misspelt one named, whatever the depth.

`STACK` and `WORKLOAD` say everything that can be said; a new setting without a value here fails the first test.
"""

import json
from typing import get_args, get_origin

import pytest
from pydantic import BaseModel, ValidationError

from settings.explain_errors import faults_of
from settings.faults import dotted
from settings.stack import Settings
from settings.workload import Workload
from tests.settings.estate import GONE, change

GROUP = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers"
GUID = "6f1c01aa-4c1d-4e5b-9b57-0b6a5d3e7c01"
AMOUNTS = {"cpu": "1", "memory": "1Gi"}
PROBE = {
    "httpGet": {"path": "/healthz", "port": "http", "scheme": "HTTP", "headers": {"X-Probe": "1"}},
    "tcpSocket": {"port": "http"}, "grpc": {"port": "http", "service": "health"}, "exec": {"command": ["true"]},
    "initialDelaySeconds": 1, "periodSeconds": 1, "timeoutSeconds": 1, "successThreshold": 1, "failureThreshold": 1,
    "terminationGracePeriodSeconds": 1,
}  # fmt: skip
DIGEST = f"sha256:{'0' * 64}"
OBJECT = {"name": "shared", "items": {"a.conf": "conf/a.conf"}, "optional": True}
DOWNWARD = {
    "labels": "metadata.labels",
    "cpu": {"field": "metadata.name", "resource": "limits.cpu"},
}
SCALING = {
    "stabilizationWindowSeconds": 60, "policies": [{"pods": 1, "percent": 50, "periodSeconds": 60}],
    "selectPolicy": "Max",
}  # fmt: skip
SECURITY = {
    "runAsUser": 1, "runAsGroup": 1, "fsGroup": 1, "readOnlyRootFilesystem": True, "addCapabilities": ["CHOWN"],
    "exception": {"level": "baseline", "reason": "an image of a vendor", "expires": "2999-12-31"},
}  # fmt: skip
CONTAINER = {
    "command": ["serve"], "args": ["--fast"], "workingDir": "/srv",
    "ports": {"http": 8080, "dns": {"port": 53, "protocol": "UDP"}},
    "resources": {"requests": AMOUNTS, "limits": AMOUNTS},
    "env": {"A": "b", "B": {"field": "metadata.name", "resource": "limits.cpu", "config": "A", "secret": "KEY"}},
    "mounts": {"/a": "data", "/b": {"volume": "data", "subPath": "b", "readOnly": True}},
    "scratch": {"/tmp": "64Mi"},
}  # fmt: skip
LONG_PROBES = {"startup": PROBE, "readiness": PROBE, "liveness": PROBE}
STOP = {"sleepSeconds": 5, "exec": PROBE["exec"], "httpGet": PROBE["httpGet"]}

RULE = {
    "apiGroups": ["apps"],
    "resources": ["deployments/scale"],
    "verbs": ["get"],
    "resourceNames": ["web"],
}
ACCOUNT = {"token": False, "rules": [RULE], "roles": ["cache-admin"],
           "allowEscalation": {"startPods": "it runs its own jobs"}}  # fmt: skip
WINDOW = {
    "daily": 1, "weekly": "Sunday", "monthly": {"dayOfMonth": 1, "week": "First", "day": "Sunday"}, "every": 2,
    "start": "01:00", "durationHours": 4, "utcOffset": "+01:00",
}
STORAGE = (
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers/Microsoft.Storage/"
    "storageAccounts/courseuploads"
)
READ_UPLOADS = {"role": "Storage Blob Data Reader", "scope": STORAGE, "reason": "it shows what was uploaded"}
HOW = {"enabled": True, "forMinutes": 1, "severity": 2}
OBSERVABILITY = {
    "metrics": {
        "enabled": True, "workspaceId": f"{GROUP}/Microsoft.Monitor/accounts/a", "publicNetworkAccess": True,
        "kubeStateMetrics": {"labels": {"nodes": ["agentpool"]}, "annotations": {"pods": ["*"]}},
        "recordingRules": True, "recordingMinutes": 1,
    },
    "logs": {
        "workspaceId": f"{GROUP}/Microsoft.OperationalInsights/workspaces/w", "retentionDays": 30, "dailyCapGb": 1,
        "sharedKeys": False, "publicNetworkAccess": True,
        "tables": {"KubeEvents": {"plan": "Analytics", "retentionDays": 30, "totalRetentionDays": 60}},
    },
    "containerInsights": {
        "enabled": True, "preset": "standard", "streams": ["Microsoft-KubeEvents"], "intervalMinutes": 1,
        "namespaceFiltering": "Exclude", "namespaces": ["course"], "containerLogV2": True,
    },
    "diagnostics": {"enabled": True, "categories": ["guard"], "destinationType": "Dedicated"},
    "grafana": {
        "enabled": True, "sku": "Standard", "majorVersion": "12", "zoneRedundant": True, "publicNetworkAccess": True,
        "apiKeys": False, "admins": [GUID], "viewers": [GUID],
    },
    "actionGroups": {"ops": {"shortName": "ops", "email": {"ops": "ops@course.example"}, "webhooks": ["pager"]}},
    "alerts": {
        "enabled": True, "notify": ["ops"], "evaluationMinutes": 1, "resolveMinutes": 10, "nodesNotReady": HOW,
        "pendingPods": {**HOW, "pods": 1}, "poolCpuRequests": {**HOW, "percent": 1},
        "poolMemoryRequests": {**HOW, "percent": 1}, "poolCpuLimits": {**HOW, "percent": 1},
        "poolMemoryLimits": {**HOW, "percent": 1}, "poolAtMaximum": HOW,
        "oomKills": {**HOW, "restarts": 1, "windowMinutes": 5}, "crashLoops": HOW, "failedJobs": HOW,
        "volumesNearlyFull": {**HOW, "percent": 1}, "certificateEnds": {**HOW, "days": 1},
        "versionEnds": {**HOW, "days": 1},
    },
}  # fmt: skip
STACK = {
    "environment": "dev", "platform": "course", "target": "aks", "protect": True, "resourceGroup": "rg",
    "tags": {"owner": "platform-team"},
    "cluster": {
        "profile": "automaticLike",
        "maintenance": {
            "default": WINDOW, "autoUpgrade": WINDOW, "nodeOsUpgrade": WINDOW,
            "notAllowed": [{"start": "2026-12-20", "end": "2027-01-03"}],
        },
        "runs": {"days": ["Monday"], "start": "07:00", "stop": "19:00", "timeZone": "Europe/Berlin"},
        "keyVaultProvider": {"rotation": True, "rotationPollInterval": "2m"}, "azurePolicy": True,
        "defender": {"workspaceId": f"{GROUP}/Microsoft.OperationalInsights/workspaces/w"},
        "safeguards": {"level": "Warn", "excludedNamespaces": ["logging"]},
        "imageCleaner": {"enabled": True, "intervalHours": 24},
        "kms": {"keyId": f"https://kv-a.vault.azure.net/keys/etcd/{'0' * 32}", "vaultNetworkAccess": "Public",
                "vaultId": f"{GROUP}/Microsoft.KeyVault/vaults/kv-a"},
        "storage": {"disk": True, "file": True, "blob": True, "snapshot": True},
        "disableLocalAccounts": True, "nodeResourceGroupRestriction": "ReadOnly",
        "kubernetesVersion": "1.35", "name": "aks", "dnsPrefix": "aks", "nodeResourceGroup": "rg-nodes",
        "tier": "Standard", "upgradeChannel": "patch", "nodeOsUpgradeChannel": "NodeImage",
        "apiServer": {"private": False, "authorizedIpRanges": ["203.0.113.0/24"], "vnetIntegration": False,
                      "privateDnsZone": "system", "publicFqdn": False, "runCommand": False},
        "bootstrapPool": {
            "name": "boot", "vmSize": "Standard_D4ds_v5", "count": 1, "zones": ["1"], "maxPods": 60, "osSku": "Ubuntu",
            "osDiskType": "Managed", "osDiskSizeGb": 64, "encryptionAtHost": False,
        },
        "autoscaler": {
            "balanceSimilarNodeGroups": True, "expander": "priority", "scanIntervalSeconds": 10,
            "newPodScaleUpDelaySeconds": 0, "maxNodeProvisionMinutes": 15, "scaleDownUnneededMinutes": 10,
            "scaleDownUnreadyMinutes": 20, "scaleDownDelayAfterAddMinutes": 10, "scaleDownDelayAfterDeleteMinutes": 1,
            "scaleDownDelayAfterFailureMinutes": 3, "scaleDownUtilizationPercentage": 50,
            "maxGracefulTerminationSeconds": 600, "maxEmptyBulkDelete": 10, "skipNodesWithLocalStorage": False,
            "skipNodesWithSystemPods": True, "ignoreDaemonsetsUtilization": False,
            "daemonsetEvictionForEmptyNodes": False, "daemonsetEvictionForOccupiedNodes": True,
            "maxTotalUnreadyPercentage": 45, "okTotalUnreadyCount": 3,
        },
        "nodeProvisioning": "Manual",
        "lock": False,
        "registry": {"id": f"{GROUP}/Microsoft.ContainerRegistry/registries/r",
                     "create": {"name": "course", "sku": "Premium", "privateEndpoint": True}},
    },
    "kubeconfig": {"context": "kind-kind", "path": "/kube/config"},
    "nodePools": {"wg1": {
        "mode": "User", "vmSize": "Standard_D4ds_v5", "min": 1, "max": 2, "zones": ["1"], "maxPods": 110,
        "osSku": "Ubuntu", "osDiskType": "Managed", "osDiskSizeGb": 128, "labels": {"tier": "x"},
        "taints": ["gpu:NoSchedule"], "maxSurge": "33%", "drainTimeoutMinutes": 30, "capacity": AMOUNTS,
        "systemPods": {"cpu": "500m", "memory": "1Gi", "pods": 9}, "blueGreen": True, "kubeletDiskType": "OS",
        "maxUnavailable": 0, "nodeSoakMinutes": 5, "undrainableNodeBehavior": "Schedule",
        "scaleDownMode": "Deallocate", "spot": {"evictionPolicy": "Delete", "maxPrice": "0.05"},
        "encryptionAtHost": True, "fips": False, "gpu": {"driver": "None", "instanceProfile": "MIG1g"},
        "security": {"secureBoot": True, "vtpm": True, "sshAccess": "Disabled"},
        "workloadRuntime": "KataVmIsolation",
    }},
    "network": {
        "addressSpace": "10.40.0.0/16", "podCidr": "10.200.0.0/16",
        "subnets": {"nodes": "10.40.0.0/22", "system": "auto", "apiServer": "auto", "privateEndpoints": "auto"},
        "peered": ["10.41.0.0/16"], "securityGroups": True,
        "serviceCidr": "10.210.0.0/16", "dnsServiceIp": "10.210.0.10", "outboundType": "userDefinedRouting",
        "loadBalancer": {"addresses": 1, "allocatedPorts": 0, "idleTimeoutMinutes": 30},
        "natGateway": {"addresses": 1, "idleTimeoutMinutes": 4, "zone": "1", "addressZones": ["1"]},
        "routeTableId": f"{GROUP}/Microsoft.Network/routeTables/rt",
        "firewall": {"privateIp": "10.60.0.4", "publicIps": ["198.51.100.9"], "gatewayRoutes": False},
        "advancedNetworking": {"observability": True, "security": "L7"},
    },
    "access": {"tenantId": GUID, "admins": [GUID], "kubelogin": "azurecli"},
    "namespaces": {"course": {
        "quota": {"requests": AMOUNTS, "limits": AMOUNTS, "pods": 9, "persistentVolumeClaims": 1, "loadBalancers": 1,
                  "counts": {"configmaps": 50}, "storage": {"total": "200Gi", "classes": {"managed-csi": "9Gi"}},
                  "priorities": {"urgent": {"requests": AMOUNTS, "limits": AMOUNTS, "pods": 4}},
                  "nodePorts": 1},
        "limits": {"defaultRequest": AMOUNTS, "default": AMOUNTS, "min": AMOUNTS, "max": AMOUNTS,
                   "maxLimitRequestRatio": {"cpu": 4, "memory": 2},
                   "persistentVolumeClaim": {"min": "1Gi", "max": "9Gi"}},
        "podSecurity": "baseline", "podSecurityReason": "an image of a vendor",
        "access": {"viewer": [GUID], "deployer": [GUID], "debugger": [GUID], "operator": [GUID],
                   "roles": {"cache-admin": [GUID]}, "allowEscalation": {"exec": "one team has it all"}},
        "pullSecrets": {"registry": {}},
        "owner": "team-shop", "costCenter": "cc-4711", "contact": "shop@course.example",
    }},
    "ingress": {
        "controller": "nginx", "className": "nginx", "namespace": "nginx-ingress", "routing": "Ingress",
        "replicas": 2, "pool": "wg1", "internal": False,
        "hosts": {"public": {"host": "course.example", "tls": {"secretName": "own-tls"}}},
        "tls": {"secretName": "course-tls"}, "resources": {"requests": AMOUNTS, "limits": AMOUNTS},
    },
    "externals": {"sql": {"cidrs": ["10.60.4.0/28"], "ports": [1433]}},
    "keyVaults": {"shop-kv": {
        "id": f"{GROUP}/Microsoft.KeyVault/vaults/kv",
        "create": {"name": "course-kv", "sku": "premium", "softDeleteDays": 90, "purgeProtection": True,
                   "privateEndpoint": True, "audit": True},
    }},
    "azureIdentities": {"uploads": {"roles": {"uploads": READ_UPLOADS}, "clientId": GUID, "tenantId": GUID}},
    "pipelines": {"deploy": {
        "may": "up",
        "github": {"repository": "course/platform", "environments": ["prod"], "branches": ["main"], "tags": ["v1"],
                   "pullRequests": False},
        "azureDevOps": {"organizationId": GUID, "organization": "course", "project": "platform",
                        "serviceConnection": "aks-prod"},
        "oidc": {"issuer": "https://gitlab.example", "subject": "project_path:course/platform"},
    }},
    "priorityClasses": {"first": {"value": 1000, "preemption": True, "description": "what must run"}},
    "charts": {"exporter": {
        "pods": [{"labels": {"app": "exporter"}, "ports": {"metrics": {"port": 9121, "protocol": "TCP"}}}],
        "kind": "chart", "name": "exporter", "namespace": "course", "chart": "oci://registry.example/charts/exporter",
        "version": "2.6.4", "digest": DIGEST, "values": {}, "valuesSchema": "schemas/exporter.json", "atomic": True,
        "timeoutSeconds": 300, "skipCrds": False, "skipAwait": False, "description": "numbers of the cache",
    }},
    "configHistory": 2,
    "images": {"web": {
        "tag": "1", "digest": DIGEST, "rollback": f"1.2@{DIGEST}",
        "tracks": {"candidate": "1.3", "green": {"tag": "1.4", "digest": DIGEST}},
    }},
    "roles": {"cache-admin": {"rules": [RULE], "reason": "the cache is emptied by hand",
                              "allowEscalation": {"secrets": "the backup reads them"}}},
    "nodeSelectors": True, "disks": "claim", "skipAwait": False, "localDns": False,
    "observability": OBSERVABILITY,
    "backup": {
        "enabled": True, "everyHours": 12, "start": "02:00", "retention": {"days": 7, "weeks": 4},
        "namespaces": ["course"], "excludedNamespaces": ["logging"], "clusterResources": True, "volumeSnapshots": True,
        "redundancy": "Zone", "softDeleteDays": 14, "immutability": "Unlocked", "snapshotResourceGroup": "rg-snapshots",
    },
    "cni": "cilium", "fqdnPolicies": True, "monitoring": {"namespace": "monitoring", "podLabels": {"app": "agent"}},
}  # fmt: skip

WORKLOAD = {
    "name": "web", "version": "1.0.0", "namespace": "course", "kind": "deployment", "image": "registry.example/web",
    "availability": "ha", **CONTAINER, "probes": LONG_PROBES, "preStop": STOP,
    "containers": {
        "proxy": {**CONTAINER, "image": "registry.example/proxy", "before": {"main": "healthy"}, "security": SECURITY,
                  "probes": LONG_PROBES, "preStop": STOP},
        "setup": {**CONTAINER, "image": "registry.example/setup", "before": "complete", "security": SECURITY,
                  "probes": {"startup": "tcp", "readiness": "none", "liveness": "/healthz"}, "preStop": 5},
    },
    "service": {
        "type": "NodePort", "port": 80, "protocol": "TCP", "targetPort": "http", "nodePort": 30080,
        "sessionAffinity": "ClientIP",
        "ports": {"grpc": 9000, "http": {"port": 80, "protocol": "UDP", "targetPort": "http",
                                       "nodePort": 30080}},
        "sessionAffinitySeconds": 60, "headless": False, "publishNotReadyAddresses": True, "internal": True,
        "subnet": "nodes", "allowedSources": ["203.0.113.0/24"], "externalTrafficPolicy": "Local",
        "internalTrafficPolicy": "Cluster",
    },
    "routes": [{"host": "public", "path": "/", "pathType": "Prefix", "port": "http"}],
    "pool": "wg1", "replicas": 1,
    "autoscale": {
        "min": 1, "max": 2, "cpu": 70, "memory": 70, "behavior": {"scaleUp": SCALING, "scaleDown": SCALING},
        "metrics": {"requests": {
            "type": "Object", "averageValue": "500m", "value": "100", "selector": {"tier": "x"},
            "object": "networking.k8s.io/v1/Ingress/public",
        }},
    },
    "affinity": {"near": {"redis": "preferred"}, "apart": {"web": "required"}, "nodes": {"tier": ["x"]},
                 "preferredNodes": {"tier": ["y"]}},
    "nodeSelector": {"tier": "x"}, "priorityClass": "first",
    "config": {"env": {"A": "b"}, "files": {"a.conf": "b"}, "mountPath": "/etc/web"},
    "secrets": {"KEY": {"vault": "shop-kv", "existing": {"name": "shared", "key": "a"}, "mountPath": "/mnt/secrets"}},
    "volumes": {"data": {
        "mountPath": "/data", "readOnly": True, "emptyDir": {"medium": "Disk", "sizeLimit": "1Gi"},
        "disk": {"size": "1Gi", "storageClass": "managed-csi", "accessMode": "ReadWriteOnce"},
        "claim": {"name": "shared"}, "hostPath": {"path": "/x", "type": "Directory"}, "configMap": OBJECT,
        "secret": OBJECT, "downward": DOWNWARD,
        "projected": [{
            "configMap": OBJECT, "secret": OBJECT, "downward": DOWNWARD,
            "token": {"audience": "api://shop", "expirationSeconds": 3600, "path": "token"},
        }],
    }},
    "uses": ["redis"], "metrics": {"port": "http", "path": "/stats"},
    "release": {"strategy": "canary", "steps": [5, 100], "step": 1, "by": "requests", "active": "blue",
                "match": {"header": "X-Candidate", "cookie": "candidate", "value": "yes"}},
    "rollout": {"maxSurge": 1, "maxUnavailable": "25%", "minReadySeconds": 1, "progressDeadlineSeconds": 600,
                "revisionHistoryLimit": 3},
    "disruption": {"minAvailable": 1, "maxUnavailable": "50%"},
    "spread": {"zones": "DoNotSchedule", "nodes": "Off"},
    "tolerations": [{"key": "gpu", "operator": "Equal", "value": "yes", "effect": "NoSchedule",
                     "tolerationSeconds": 60}],
    "security": SECURITY, "serviceAccount": ACCOUNT,
    "azureIdentity": {"shared": "uploads", "roles": {"uploads": READ_UPLOADS}},
    "imagePullSecrets": ["registry"],
    "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
    "hostAliases": {"10.41.0.10": ["legacy.internal.example"]}, "labels": {"tier": "x"},
    "job": {"cases": {"list": ["a"], "file": "cases.txt", "count": 6, "mountPath": "/etc/case"},
            "completions": 1, "parallelism": 1, "completionMode": "Indexed", "backoffLimit": 1,
            "backoffLimitPerIndex": 1, "maxFailedIndexes": 1, "activeDeadlineSeconds": 1, "restartPolicy": "Never",
            "successPolicy": {"succeededIndexes": "0-2,5", "succeededCount": 1}, "ttlSecondsAfterFinished": 60,
            "suspend": False},
    "cron": {"schedule": "@daily", "timeZone": "Etc/UTC", "concurrencyPolicy": "Forbid", "startingDeadlineSeconds": 120,
             "successfulJobsHistoryLimit": 1, "failedJobsHistoryLimit": 1, "suspend": False},
    "patch": {"Deployment": {"reason": "no setting has this field", "merge": {}}},
}  # fmt: skip

BOTH = pytest.mark.parametrize(
    ("model", "data"), [(Settings, STACK), (Workload, WORKLOAD)], ids=["stack", "workload"]
)


def fresh(data):
    """A copy in which no two places share a part."""
    return json.loads(json.dumps(data))


def models_in(annotation):
    """The models that an annotation names, however it is wrapped, and whether users name their entries."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, False
    for part in get_args(annotation):
        for model, many in models_in(part):
            yield model, many or get_origin(annotation) in (dict, list)


def sections(model, data, path=()):
    """Every map of settings in `data`, with its model and path; a short form is none."""
    if not isinstance(data, dict):
        return
    yield model, data, path
    for field in model.model_fields.values():
        below = data.get(field.alias)
        for inner, many in models_in(field.annotation) if below else ():
            entries = [(None, below)]
            if many and isinstance(below, dict | list):
                entries = below.items() if isinstance(below, dict) else enumerate(below)
            for key, entry in entries:
                yield from sections(inner, entry, (*path, field.alias, *([key] if many else [])))


def leaves(data, path=()):
    if not isinstance(data, dict | list) or not data:
        yield path, data
    for key, value in (
        data.items()
        if isinstance(data, dict)
        else enumerate(data if isinstance(data, list) else ())
    ):
        yield from leaves(value, (*path, key))


def faults(model, data):
    try:
        model.model_validate(data)
    except ValidationError as error:
        return {
            it.key: it for it in faults_of(error, model, data, lambda path: ("f", 1, dotted(path)))
        }
    return {}


@BOTH
def test_the_sample_is_valid_and_says_all_that_can_be_said(model, data):
    assert faults(model, data) == {}
    left_out = [
        dotted((*path, field.alias))
        for section, there, path in sections(model, data)
        for field in section.model_fields.values()
        if field.alias not in there and field.alias != "workloads"
    ]
    assert left_out == []


@BOTH
def test_every_value_of_a_wrong_type_is_told_at_once_each_with_rule_and_remedy(model, data):
    wrong = fresh(data)
    expected = set()
    for path, value in leaves(data):
        change(wrong, list(path), "hunter2" if isinstance(value, dict) else ["hunter2"])
        expected.add(dotted(path))
    found = faults(model, wrong)
    assert set(found) == expected
    assert all(it.rule and it.remedy for it in found.values())
    assert "hunter2" not in "".join(str(it) for key, it in found.items() if "pullSecrets" in key)


@BOTH
def test_every_null_where_a_value_is_needed_is_told_with_what_to_do(model, data):
    wrong = fresh(data)
    for path, _ in leaves(data):
        change(wrong, list(path), None)
    found = faults(model, wrong)
    assert len(found) > 30
    for it in found.values():
        assert it.value in ("null", "")
        assert it.rule.startswith("must ")


@BOTH
def test_a_misspelt_key_in_every_map_is_told_at_once_with_the_one_that_was_meant(model, data):
    wrong, meant = fresh(data), {}
    for section, _, path in sections(model, data):
        if aliases := [str(field.alias) for field in section.model_fields.values()]:
            key = f"{aliases[-1]}Z"
            change(wrong, [*path, key], {"password": "hunter2"})
            meant[dotted((*path, key))] = aliases[-1]
    found = faults(model, wrong)
    assert {key: it.rule for key, it in found.items()} == dict.fromkeys(meant, "no such setting")
    for key, it in found.items():
        assert it.remedy == f"did you mean {meant[key]!r}?"
        assert "hunter2" not in str(it)


@BOTH
def test_every_key_that_is_required_says_what_it_is_for(model, data):
    required = [
        (*path, field.alias)
        for section, _, path in sections(model, data)
        for field in section.model_fields.values()
        if field.is_required()
    ]
    assert len(required) > 5
    for path in required:
        found = faults(model, change(fresh(data), list(path), GONE))
        assert list(found) == [dotted(path)]
        assert found[dotted(path)].rule == "is required"
        assert len(found[dotted(path)].remedy) > len("add it: ")


@pytest.mark.parametrize(
    ("model", "path", "value", "line"),
    [
        (Workload, "kind", "Deployment",
         "must be one of 'deployment', 'statefulset', 'daemonset', 'job' or 'cronjob'; got "
         "'Deployment'; did you mean 'deployment'?"),
        (Workload, "kind", "pod", "got 'pod'; choose one of them"),
        (Settings, "cluster.bootstrapPool.zones", [1], "got 1; put it in quotes"),
        (Settings, "protect", "true", "must be true or false; got 'true'; write it without quotes"),
        (Settings, "protect", "yes", "must be true or false; got 'yes'"),
        (Settings, "access.admins", [], "must have at least 1 items; got a list; add one"),
        (Settings, "cluster.kubernetesVersion", 1.35, "for example '1.35'; got 1.35; put it in quotes"),
        (Settings, "images.web.tag", 5, "for example '1.4.3'; got 5; put it in quotes"),
        (Settings, "tags.owner", 5, "must be text; got 5; put the value in quotes"),
        (Settings, "tags.owner", ["a"], "must be text; got a list; write one value"),
        (Settings, "namespaces.course.podSecurityReason", "vendor",
         "must have at least 10 characters; got 'vendor'; say"),
        (Settings, "namespaces.Course", {}, "must be an RFC 1123 label"),
        (Settings, "namespaces.Course", 5, "must be an RFC 1123 label"),
        (Settings, "namespaces.kube-x", {}, "nor begin with 'kube-'"),
        (Settings, "ingress.hosts.public", "Course.example", "must be a lower-case DNS name"),
        (Settings, "ingress.hosts.public", 5,
         "must be a lower-case DNS name, for example 'dev.course.example'; got 5"),
        (Settings, "ingress.hosts.public", None,
         "must be a lower-case DNS name, for example 'dev.course.example'; got null"),
        (Settings, "namespaces.course.pullSecrets.registry", {"x": 1},
         "no such setting; remove it: nothing is set here"),
        (Settings, "tags", None, "must be a map; got null; remove the key, or write 'key: value' pairs below it"),
        (Workload, "ports", None, "must be a map; got null; remove the key"),
        (Workload, "service", "80", "must be a port, for example 80, or a map of settings; got '80'"),
        (Workload, "service", 70000, "f:1: service: must be a port from 1 to 65535, for example 8080; got 70000"),
        (Workload, "ports.http", True, "ports.http: must be a port, for example 80, or a map of settings"),
        (Workload, "ports.http", {"port": 53, "protocol": "udp"}, "ports.http.protocol: must be one of 'TCP', 'UDP' or "
         "'SCTP'"),
        (Workload, "uses", ["ntp:123/udp"], "'/UDP' or '/SCTP' behind it where it is not TCP"),
        (Workload, "uses", ["ntp/UDP"], "must be a workload, an external of the stack"),
        (Workload, "service.ports.http", True, "service.ports.http: must be a port, for example 80, or a map"),
        (Workload, "service.ports.http", 0, "service.ports.http: must be a port from 1 to 65535"),
        (Workload, "service.ports.http", {"port": 80, "targetport": "http"},
         "service.ports.http.targetport: no such setting; did you mean 'targetPort'?"),
        (Workload, "env.A", 5, "f:1: env.A: must be text; put the value in quotes"),
        (Workload, "env.A", ["a"], "f:1: env.A: must be text; write one value"),
        (Workload, "env.A", {"feild": "metadata.name"}, "env.A.feild: no such setting; did you mean 'field'?"),
        (Workload, "env.A", {"field": "metadata.nam"}, "env.A.field: must be a field of the downward API"),
        (Workload, "mounts./a", 5, "mounts./a: must be a name in 'volumes', or a map of settings; got 5"),
        (Workload, "mounts./a", "Data", "mounts./a: must be an RFC 1123 label"),
        (Workload, "mounts./a", {"volume": "data", "readonly": True},
         "mounts./a.readonly: no such setting; did you mean 'readOnly'?"),
        (Workload, "mounts.a", "data", "mounts.a: must be an absolute file path, for example '/mnt/secrets'; got 'a'"),
        (Workload, "probes.readiness", "htp",
         "must be a path such as '/readyz', 'tcp', 'grpc', 'none' or a map of settings; got 'htp'; did you mean"),
        (Workload, "probes.readiness", 5, "probes.readiness: must be a path such as '/readyz', 'tcp'"),
        (Workload, "probes.readiness", "/a b", "probes.readiness: must be an absolute URL path"),
        (Workload, "probes.readiness", {"httpget": {}}, "readiness.httpget: no such setting; did you mean 'httpGet'?"),
        (Workload, "probes.readiness", {"httpGet": "/x"}, "probes.readiness.httpGet: must be a map of settings"),
        (Workload, "probes.readiness", {"exec": {"command": "true"}}, "readiness.exec.command: must be a list"),
        (Workload, "volumes.data.downward.labels", "metadata.lables",
         "volumes.data.downward.labels: must be a field of the downward API"),
        (Workload, "volumes.data.downward.labels", "limits.gpu", "downward.labels: must be a request or limit"),
        (Workload, "volumes.data.downward.labels", 5, "downward.labels: must be a field such as 'metadata.labels'"),
        (Workload, "scratch", ["/tmp", "tmp"], "f:1: scratch[1]: must be an absolute file path"),
        (Workload, "scratch", "/tmp", "scratch: must be a list of folders, for example [/tmp], or a map of their"),
        (Workload, "scratch", [5], "scratch: must be a list of folders, for example [/tmp], or a map of their"),
        (Workload, "scratch", {"/tmp": 64}, "scratch./tmp: must be bytes with a unit"),
        (Workload, "release", "canarry", "got 'canarry'; did you mean 'canary'?"),
        (Workload, "release", 5, "release: must be one of rolling, recreate, blueGreen, canary, gray, or a map"),
        (Workload, "release", {"strategy": "canary", "stepp": 1}, "release.stepp: no such setting; did you mean"),
        (Workload, "preStop", "5s", "preStop: must be seconds to wait, for example 5, or a map of settings"),
        (Workload, "preStop", -1, "preStop: must be whole seconds from 0"),
        (Workload, "preStop", {"sleepSecond": 5}, "preStop.sleepSecond: no such setting; did you mean 'sleepSeconds'?"),
        (Workload, "containers.setup.before", "completed", "containers.setup.before: must be one of 'complete'"),
        (Workload, "containers.setup.before", 5, "containers.setup.before: must be one of complete, started, healthy"),
        (Workload, "containers.setup.before", {"main": "done"}, "containers.setup.before.main: must be one of"),
        (Workload, "job.cases", ["a", ""], "job.cases[1]: must have at least 1 characters"),
        (Workload, "job.cases", [], "job.cases: must have at least 1 items"),
        (Workload, "job.cases", 0, "job.cases: must be a whole number from 1"),
        (Workload, "job.cases", "/cases.txt", "job.cases: must be a relative path"),
        (Workload, "job.cases", True, "job.cases: must be a list of cases, how many there are, a file of them, or a"),
        (Workload, "job.cases", {"lists": ["a"]}, "job.cases.lists: no such setting; did you mean 'list'?"),
        (Settings, "images.web.rollback", 1.2, "images.web.rollback: must be an image tag, in quotes if it"),
        (Settings, "images.web.rollback", "1.2@sha256:0", "images.web.rollback: must be an image digest"),
        (Settings, "images.web.tracks.blue", [], "images.web.tracks.blue: must be an image tag"),
        (Settings, "images.web.tracks.canary", "1.3", "must be one of 'candidate', 'blue' or 'green'"),
        (Settings, "ingress.hosts.public", [], "ingress.hosts.public: must be a lower-case DNS name"),
        (Workload, "subPath", "x", "no such setting; did you mean 'mounts.<name>.subPath'?"),
        (Workload, "before", "complete", "no such setting; did you mean 'containers.<name>.before'?"),
        (Workload, "containers.setup.subPath", "x", "did you mean 'containers.setup.mounts.<name>.subPath'?"),
        (Workload, "uses", "redis", "must be a list; got 'redis'; write '- ' before each item, or [a, b]"),
        (Workload, "uses", None, "must be a list; got null; remove the key"),
        (Workload, "rollout.maxSurge", -1, "must be a count or a percentage, for example 1 or '25%'; got -1"),
        (Workload, "spread.zones", "Never", "must be DoNotSchedule, ScheduleAnyway or Off; got 'Never'"),
        (Workload, "maxSurge", 1, "no such setting; did you mean 'rollout.maxSurge'?"),
        (Workload, "pathType", "Exact", "no such setting; did you mean 'routes[0].pathType'?"),
        (Workload, "storageClass", "x", "no such setting; did you mean 'volumes.<name>.disk.storageClass'?"),
        (Workload, "sizeLimit", "1Gi", "no such setting; did you mean 'volumes.<name>.emptyDir.sizeLimit'?"),
        (Workload, "zzz", 1, "no such setting; known here: affinity, args, autoscale"),
        (Workload, "env", {"secure": "v1:hunter2", "B": 5}, "must be text; put the value in quotes"),
        (Workload, "config", {"secure": "v1:hunter2"},
         "is a secret, and settings hold none; give it a key of its own"),
        (Settings, "access.tenantId", {"secure": "v1:hunter2"}, "is a secret, and settings hold none"),
    ],
    ids=lambda it: str(it)[:40],
)  # fmt: skip
def test_a_wrong_value_is_answered_with_what_is_right(model, path, value, line):
    data = STACK if model is Settings else WORKLOAD
    found = faults(model, change(fresh(data), path.split("."), value))
    said = [str(it) for it in found.values() if it.rule != "is required"]
    assert len(said) == 1, said
    assert line in said[0]
    assert "hunter2" not in said[0]


@BOTH
def test_settings_are_frozen_at_every_depth(model, data):
    def frozen(section):
        for name, value in section:
            with pytest.raises(ValidationError, match="frozen"):
                setattr(section, name, value)
            below = value.values() if isinstance(value, dict) else [value]
            for inner in below:
                if isinstance(inner, BaseModel):
                    frozen(inner)

    frozen(model.model_validate(data))
