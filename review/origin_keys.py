"""Which key of the settings makes which property: the table that `review.origins` goes by.

A row is a path in the inputs of a resource and the key that it comes from; the longest path that leads to a property
counts, so a row speaks for all below it. `[*]` is one step of any name, and `{0}` in the key that name. `{name}` is
the name of the object. A key is below what the resource belongs to (a workload, a namespace, a pool), with `/` before
it below the settings. Every key is in the models: tests/review/test_origins.py holds it.
"""

from collections.abc import Mapping
from typing import Final

Keys = Mapping[str, str]
"""Paths with the key of each; the empty path is the resource as a whole."""

CONTAINER: Final[Keys] = {
    "command": "command",
    "args": "args",
    "workingDir": "workingDir",
    "ports": "ports",
    "ports[*]": "ports.{0}",
    "env": "env",
    "env[*]": "env.{0}",
    "resources": "resources",
    "resources.requests": "resources.requests",
    "resources.requests.cpu": "resources.requests.cpu",
    "resources.requests.memory": "resources.requests.memory",
    "resources.limits": "resources.limits",
    "resources.limits.cpu": "resources.limits.cpu",
    "resources.limits.memory": "resources.limits.memory",
    "startupProbe": "probes.startup",
    "readinessProbe": "probes.readiness",
    "livenessProbe": "probes.liveness",
    "lifecycle": "preStop",
    "volumeMounts": "mounts",
    "securityContext": "security",
    "securityContext.runAsUser": "security.runAsUser",
    "securityContext.runAsGroup": "security.runAsGroup",
    "securityContext.readOnlyRootFilesystem": "security.readOnlyRootFilesystem",
    "securityContext.capabilities": "security.addCapabilities",
}
"""Of one container: below the workload of its own, below `containers.<name>` of another. Its image is the stack's."""

POD: Final[Keys] = {
    "metadata.labels": "labels",
    "metadata.annotations": "metrics",
    "spec.volumes[*]": "volumes.{0}",
    "spec.serviceAccountName": "serviceAccount",
    "spec.automountServiceAccountToken": "serviceAccount.token",
    "spec.terminationGracePeriodSeconds": "terminationGracePeriodSeconds",
    "spec.securityContext": "security",
    "spec.securityContext.runAsUser": "security.runAsUser",
    "spec.securityContext.runAsGroup": "security.runAsGroup",
    "spec.securityContext.fsGroup": "security.fsGroup",
    "spec.securityContext.sysctls": "ports",
    "spec.nodeSelector": "pool",
    "spec.affinity": "affinity",
    "spec.topologySpreadConstraints": "spread",
    "spec.tolerations": "tolerations",
    "spec.priorityClassName": "priorityClass",
    "spec.imagePullSecrets": "imagePullSecrets",
    "spec.dnsPolicy": "dnsPolicy",
    "spec.hostAliases": "hostAliases",
    "spec.restartPolicy": "job.restartPolicy",
}
"""Of a pod template."""

_ROLLOUT: Final[Keys] = {
    "spec.replicas": "replicas",
    "spec.minReadySeconds": "rollout.minReadySeconds",
    "spec.progressDeadlineSeconds": "rollout.progressDeadlineSeconds",
    "spec.revisionHistoryLimit": "rollout.revisionHistoryLimit",
    "spec.strategy": "rollout",
    "spec.strategy.type": "release",
    "spec.strategy.rollingUpdate.maxSurge": "rollout.maxSurge",
    "spec.strategy.rollingUpdate.maxUnavailable": "rollout.maxUnavailable",
    "spec.updateStrategy": "rollout",
    "spec.updateStrategy.rollingUpdate.maxUnavailable": "rollout.maxUnavailable",
    'metadata.annotations["aks-platform/security-exception"]': "security.exception",
}
_JOB: Final[Mapping[str, str]] = {
    key: f"job.{key}"
    for key in (
        "completions",
        "parallelism",
        "completionMode",
        "backoffLimit",
        "backoffLimitPerIndex",
        "maxFailedIndexes",
        "successPolicy",
        "activeDeadlineSeconds",
        "ttlSecondsAfterFinished",
        "suspend",
    )
}

WORKLOAD: Final[Mapping[str, Keys]] = {
    "Deployment": _ROLLOUT,
    "StatefulSet": {**_ROLLOUT, "spec.volumeClaimTemplates[*]": "volumes.{0}"},
    "DaemonSet": _ROLLOUT,
    "Job": {"spec": "job", **{f"spec.{path}": key for path, key in _JOB.items()}},
    "CronJob": {
        "spec.schedule": "cron.schedule",
        "spec.timeZone": "cron.timeZone",
        "spec.concurrencyPolicy": "cron.concurrencyPolicy",
        "spec.startingDeadlineSeconds": "cron.startingDeadlineSeconds",
        "spec.successfulJobsHistoryLimit": "cron.successfulJobsHistoryLimit",
        "spec.failedJobsHistoryLimit": "cron.failedJobsHistoryLimit",
        "spec.suspend": "cron.suspend",
        **{f"spec.jobTemplate.spec.{path}": key for path, key in _JOB.items()},
    },
    "Service": {
        "": "service",
        "spec.type": "service.type",
        "spec.ports": "service.port",
        "spec.sessionAffinity": "service.sessionAffinity",
        "spec.externalTrafficPolicy": "service.externalTrafficPolicy",
        "spec.internalTrafficPolicy": "service.internalTrafficPolicy",
        "spec.loadBalancerSourceRanges": "service.allowedSources",
        "spec.publishNotReadyAddresses": "service.publishNotReadyAddresses",
    },
    "HorizontalPodAutoscaler": {
        "": "autoscale",
        "spec.minReplicas": "autoscale.min",
        "spec.maxReplicas": "autoscale.max",
        "spec.behavior": "autoscale.behavior",
    },
    "PodDisruptionBudget": {
        "": "disruption",
        "spec.minAvailable": "disruption.minAvailable",
        "spec.maxUnavailable": "disruption.maxUnavailable",
    },
    "Ingress": {"": "routes", "spec.tls": "/ingress.tls"},
    "VirtualServer": {"": "routes", "spec.tls": "/ingress.tls"},
    "VirtualServerRoute": {"": "routes"},
    "NetworkPolicy": {"spec.egress": "uses"},
    "CiliumNetworkPolicy": {"spec.egress": "uses"},
    "ServiceAccount": {
        "": "serviceAccount",
        "automountServiceAccountToken": "serviceAccount.token",
        "imagePullSecrets": "imagePullSecrets",
        "metadata.annotations": "azureIdentity",
    },
    "Role": {"": "serviceAccount", "rules": "serviceAccount.rules"},
    "RoleBinding": {"": "serviceAccount"},
    "ConfigMap": {"": "config"},
    "Secret": {"": "secrets"},
    "SecretProviderClass": {"": "secrets"},
    "PersistentVolumeClaim": {"": "volumes"},
    "FederatedIdentityCredential": {"": "azureIdentity"},
    "UserAssignedIdentity": {"": "azureIdentity"},
}
"""Below `workloads.<name>`, by kind; of what has pods their own rows come on top."""

BY_NAME: Final[Mapping[str, Keys]] = {
    "-config-env-": {"": "config", "data[*]": "config.env.{0}"},
    "-config-files-": {"": "config", "data[*]": "config.files.{0}"},
    "-cases-": {"": "job.cases"},
    "-network-egress": {"": "uses"},
    "-network-hosts": {"": "uses"},
}
"""Rows on top of those of a kind, by what the logical name has in it."""

TEMPLATES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "Job"), "spec.template"),
    "CronJob": "spec.jobTemplate.spec.template",
}
"""Where a kind has its pods."""

_BOUNDS: Final[Keys] = {
    'spec.hard["requests.cpu"]': "quota.requests.cpu",
    'spec.hard["requests.memory"]': "quota.requests.memory",
    'spec.hard["limits.cpu"]': "quota.limits.cpu",
    'spec.hard["limits.memory"]': "quota.limits.memory",
    "spec.hard.pods": "quota.pods",
    'spec.hard["services.nodeports"]': "quota.nodePorts",
}
TENANT: Final[Mapping[str, Keys]] = {
    "Namespace": {
        "": "",
        'metadata.labels["pod-security.kubernetes.io/enforce"]': "podSecurity",
        'metadata.labels["pod-security.kubernetes.io/enforce-version"]': "/cluster.kubernetesVersion",
    },
    "ResourceQuota": {"": "quota", **_BOUNDS},
    "LimitRange": {"": "limits"},
    "Role": {"": "access.{name}"},
    "RoleBinding": {"": "access.{name}"},
    "Secret": {"": "pullSecrets.{name}"},
}
"""Below `namespaces.<name>`."""

HOST: Final[Keys] = {"": "", "spec.tls": "/ingress.tls"}
"""Below `ingress.hosts.<name>`: of the Ingress that holds a host."""

POOL: Final[Keys] = {
    "": "",
    **{
        key: key
        for key in (
            "mode",
            "vmSize",
            "maxPods",
            "osDiskType",
            "kubeletDiskType",
            "scaleDownMode",
            "workloadRuntime",
        )
    },
    "count": "min",
    "minCount": "min",
    "enableAutoScaling": "max",
    "maxCount": "max",
    "availabilityZones": "zones",
    "osSKU": "osSku",
    "osDiskSizeGB": "osDiskSizeGb",
    "nodeLabels": "labels",
    "nodeTaints": "taints",
    "enableEncryptionAtHost": "encryptionAtHost",
    "enableFIPS": "fips",
    "gpuProfile": "gpu",
    "gpuInstanceProfile": "gpu",
    "scaleSetPriority": "spot",
    "scaleSetEvictionPolicy": "spot",
    "spotMaxPrice": "spot",
    "securityProfile": "security",
    "upgradeSettings.maxSurge": "maxSurge",
    "upgradeSettings.maxUnavailable": "maxUnavailable",
    "upgradeSettings.drainTimeoutInMinutes": "drainTimeoutMinutes",
    "upgradeSettings.nodeSoakDurationInMinutes": "nodeSoakMinutes",
    "upgradeSettings.undrainableNodeBehavior": "undrainableNodeBehavior",
    "orchestratorVersion": "/cluster.kubernetesVersion",
    "vnetSubnetID": "/network.subnets",
    "tags": "/tags",
}
"""Below `nodePools.<name>`."""

_BOOTSTRAP: Final = ("vmSize", "count", "maxPods", "osDiskType")
CLUSTER: Final[Keys] = {
    "": "/cluster",
    "resourceName": "/cluster.name",
    "resourceGroupName": "/resourceGroup",
    "tags": "/tags",
    "sku": "/cluster.tier",
    "supportPlan": "/cluster.tier",
    "dnsPrefix": "/cluster.dnsPrefix",
    "kubernetesVersion": "/cluster.kubernetesVersion",
    "nodeResourceGroup": "/cluster.nodeResourceGroup",
    "nodeResourceGroupProfile": "/cluster.nodeResourceGroupRestriction",
    "disableLocalAccounts": "/cluster.disableLocalAccounts",
    "aadProfile": "/access",
    "aadProfile.tenantID": "/access.tenantId",
    "aadProfile.adminGroupObjectIDs": "/access.admins",
    "apiServerAccessProfile": "/cluster.apiServer",
    "apiServerAccessProfile.authorizedIPRanges": "/cluster.apiServer.authorizedIpRanges",
    "apiServerAccessProfile.enablePrivateCluster": "/cluster.apiServer.private",
    "apiServerAccessProfile.enablePrivateClusterPublicFQDN": "/cluster.apiServer.publicFqdn",
    "apiServerAccessProfile.enableVnetIntegration": "/cluster.apiServer.vnetIntegration",
    "apiServerAccessProfile.privateDNSZone": "/cluster.apiServer.privateDnsZone",
    "apiServerAccessProfile.disableRunCommand": "/cluster.apiServer.runCommand",
    "networkProfile": "/network",
    "networkProfile.podCidr": "/network.podCidr",
    "networkProfile.serviceCidr": "/network.serviceCidr",
    "networkProfile.dnsServiceIP": "/network.dnsServiceIp",
    "networkProfile.outboundType": "/network.outboundType",
    "networkProfile.loadBalancerProfile": "/network.loadBalancer",
    "networkProfile.advancedNetworking": "/network.advancedNetworking",
    "networkProfile.networkPolicy": "/cni",
    "networkProfile.networkDataplane": "/cni",
    "agentPoolProfiles": "/cluster.bootstrapPool",
    **{f"agentPoolProfiles[*].{key}": f"/cluster.bootstrapPool.{key}" for key in _BOOTSTRAP},
    "agentPoolProfiles[*].availabilityZones": "/cluster.bootstrapPool.zones",
    "agentPoolProfiles[*].osSKU": "/cluster.bootstrapPool.osSku",
    "agentPoolProfiles[*].osDiskSizeGB": "/cluster.bootstrapPool.osDiskSizeGb",
    "autoScalerProfile": "/cluster.autoscaler",
    "nodeProvisioningProfile": "/cluster.nodeProvisioning",
    "autoUpgradeProfile": "/cluster.upgradeChannel",
    "autoUpgradeProfile.nodeOSUpgradeChannel": "/cluster.nodeOsUpgradeChannel",
    "securityProfile.imageCleaner": "/cluster.imageCleaner",
    "securityProfile.defender": "/cluster.defender",
    "securityProfile.azureKeyVaultKms": "/cluster.kms",
    "storageProfile": "/cluster.storage",
    "addonProfiles.azurepolicy": "/cluster.azurePolicy",
    "addonProfiles.azureKeyvaultSecretsProvider": "/cluster.keyVaultProvider",
    "addonProfiles.omsagent": "/observability",
    "azureMonitorProfile": "/observability",
}
"""Of the ManagedCluster."""

AZURE: Final[Mapping[str, Keys]] = {
    "ResourceGroup": {"": "/resourceGroup", "tags": "/tags"},
    "VirtualNetwork": {"": "/network", "addressSpace": "/network.addressSpace"},
    "Subnet": {"": "/network.subnets"},
    "NatGateway": {"": "/network.natGateway"},
    "PublicIPAddress": {"": "/network.natGateway"},
    "RouteTable": {"": "/network.firewall"},
}
"""By kind, where its component says no more than the chapter."""

SECTIONS: Final[Mapping[str, str]] = {
    "ActionGroups": "/observability.actionGroups",
    "AksCluster": "/cluster",
    "Alerts": "/observability.alerts",
    "ApiServerZone": "/cluster.apiServer",
    "Backup": "/backup",
    "BackupStorage": "/backup",
    "BackupVault": "/backup",
    "Cluster": "/cluster",
    "ClusterLock": "/cluster.lock",
    "ContainerInsights": "/observability",
    "DeploymentSafeguards": "/cluster.safeguards",
    "Diagnostics": "/observability",
    "Grafana": "/observability",
    "KeyRights": "/cluster.kms",
    "LogAnalytics": "/observability",
    "Maintenance": "/cluster.maintenance",
    "ManagedPrometheus": "/observability",
    "MonitorWorkspace": "/observability",
    "Network": "/network",
    "NetworkRights": "/network",
    "NodePools": "/nodePools",
    "Observability": "/observability",
    "Registry": "/cluster.registry",
    "RunningHours": "/cluster.runs",
    "SecurityGroups": "/network.securityGroups",
    "Telemetry": "/observability",
    "Ingress": "/ingress",
    "Priorities": "/priorityClasses",
}
"""Of everything in a component that no row is about; of a component that is not here no YAML makes anything."""

NAMED_AFTER: Final[Mapping[str, tuple[str, str]]] = {
    "WorkloadIdentity": ("-workload-", "workloads"),
    "SharedIdentity": ("-shared-", "azureIdentities"),
    "PipelineIdentity": ("-pipeline-", "pipelines"),
    "KeyVault": ("-vault-", "keyVaults"),
}
"""Components whose logical name ends with a key of the settings: what stands before it, and the map that has it."""
