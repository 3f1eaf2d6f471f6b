"""All that can be said: a stack and a workload with every key, for tests of the models.

The two contradict themselves where keys exclude each other: that is for the cross-checks, not for the models.
"""

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
    "daily": 1,
    "weekly": "Sunday",
    "monthly": {"dayOfMonth": 1, "week": "First", "day": "Sunday"},
    "every": 2,
    "start": "01:00",
    "durationHours": 4,
    "utcOffset": "+01:00",
}
STORAGE = (
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers/Microsoft.Storage/"
    "storageAccounts/courseuploads"
)
READ_UPLOADS = {
    "role": "Storage Blob Data Reader",
    "scope": STORAGE,
    "reason": "it shows what was uploaded",
}
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
    "promotion": {
        "promotable": ["workloads.*.config.env.*"], "environmentSpecific": ["workloads.redis.volumes"],
        "frozen": [{"from": "2026-12-18T16:00:00Z", "until": "2027-01-04T08:00:00Z", "reason": "nobody is there"}],
    },
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
