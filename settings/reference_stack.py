"""Rows of the stack file. Azure fields are those of the resource as it is registered."""

from collections.abc import Mapping

from settings.reference_backup import BACKUP
from settings.reference_lifecycle import LIFECYCLE
from settings.reference_network import NETWORK
from settings.reference_observability import OBSERVABILITY
from settings.reference_pipelines import PIPELINES
from settings.reference_pools import POOLS
from settings.reference_promotion import PROMOTION
from settings.reference_rows import Row
from settings.reference_security import REGISTRY_CREATE, SECURITY, VAULT_CREATE

_CLUSTER = "ManagedCluster: "
_NETWORK = "ManagedCluster: networkProfile"
_POOL = "AgentPool: "
_BOOT = "ManagedCluster: agentPoolProfiles[]"
_HARD = "ResourceQuota: spec.hard"
_LIMIT = "LimitRange: spec.limits[]"
_ID = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers"
_STORAGE = f"{_ID}/Microsoft.Storage/storageAccounts/courseuploads"
_GROUP = "6f1c02aa-4c1d-4e5b-9b57-0b6a5d3e7c02"
_DIGEST = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
_AMOUNTS = "{cpu: 500m, memory: 1Gi}"

STACK: Mapping[str, Mapping[str, Row]] = {
    **LIFECYCLE,
    **NETWORK,
    **POOLS,
    **OBSERVABILITY,
    **PIPELINES,
    **SECURITY,
    **BACKUP,
    **PROMOTION,
    "Settings": {
        "environment": Row(
            "test", "Deployment: metadata.labels.env; ManagedCluster: tags.environment"
        ),
        "platform": Row(
            "school",
            'Deployment: metadata.labels["app.kubernetes.io/part-of"]; ManagedCluster: tags.platform',
        ),
        "target": Row("kubeconfig", "several objects: everything in Azure, or nothing"),
        "protect": Row("true", "no field: an option of the resources that Pulumi keeps"),
        "resourceGroup": Row("rg-course-test", "ResourceGroup: resourceGroupName"),
        "tags": Row("{costCenter: course}", "ManagedCluster: tags.costCenter"),
        "cluster": Row('{kubernetesVersion: "1.35"}', f"{_CLUSTER}kubernetesVersion"),
        "kubeconfig": Row("{context: kind-kind}", "no field: where the objects go"),
        "nodePools": Row(
            "{wg2: {vmSize: Standard_D4ds_v5, min: 1, max: 3}}", f"{_POOL}agentPoolName"
        ),
        "network": Row(
            "{addressSpace: 10.40.0.0/16, subnets: {nodes: 10.40.0.0/22}, podCidr: 10.200.0.0/16, "
            "serviceCidr: 10.210.0.0/16, dnsServiceIp: 10.210.0.10}",
            "VirtualNetwork: addressSpace.addressPrefixes[]",
        ),
        "access": Row(
            f"{{tenantId: 72f988bf-0000-4000-8000-2d7cd011db47, admins: [{_GROUP}]}}",
            f"{_CLUSTER}aadProfile",
        ),
        "namespaces": Row(
            "{course: {quota: {requests: {cpu: '4', memory: 6Gi}, limits: {cpu: '12', memory: 12Gi}, pods: 30}}}",
            "Namespace: metadata.name",
        ),
        "roles": Row(
            "{cache-admin: {rules: [{resources: [configmaps], verbs: [get, patch]}]}}",
            "Role: rules[]",
        ),
        "ingress": Row(
            "{pool: wg1, hosts: {public: dev.course.example}}", "Release: values.controller"
        ),
        "externals": Row(
            "{sql-gateway: {cidrs: [10.60.4.0/28], ports: [1433]}}", "NetworkPolicy: spec.egress[]"
        ),
        "keyVaults": Row("{shop-kv: {}}", "SecretProviderClass: spec.parameters.keyvaultName"),
        "pipelines": Row(
            "{deploy: {may: up, github: {repository: course/platform, environments: [prod]}}}",
            "FederatedIdentityCredential: subject",
        ),
        "azureIdentities": Row(
            f"{{uploads: {{roles: {{read: {{role: Storage Blob Data Reader, scope: {_STORAGE}}}}}}}}}",
            "UserAssignedIdentity: resourceName; FederatedIdentityCredential: subject",
        ),
        "priorityClasses": Row(
            "{urgent: {value: 1000, description: what people wait for}}",
            "PriorityClass: metadata.name",
        ),
        "charts": Row(
            "{exporter: {namespace: course, chart: oci://registry.example/charts/redis-exporter, version: 6.2.0}}",
            "Release: chart",
        ),
        "configHistory": Row("5", "several objects: earlier ConfigMaps that stay"),
        "images": Row(
            '{blob-service: {tag: "1.4.3"}}', "Deployment: spec.template.spec.containers[].image"
        ),
        "nodeSelectors": Row("false", "a field less: no pod has `nodeSelector.agentpool`"),
        "disks": Row("emptyDir", "Deployment: spec.template.spec.volumes[].emptyDir"),
        "skipAwait": Row("true", 'Deployment: metadata.annotations["pulumi.com/skipAwait"]'),
        "localDns": Row("true", "NetworkPolicy: spec.egress[].to[].ipBlock.cidr"),
        "cni": Row("calico", f"{_NETWORK}.networkPolicy"),
        "fqdnPolicies": Row("true", f"{_NETWORK}.advancedNetworking.security.enabled"),
        "monitoring": Row(
            "{namespace: kube-system, podLabels: {rsName: ama-metrics}}",
            "NetworkPolicy: spec.ingress[].from[].namespaceSelector",
        ),
        "observability": Row(
            "{actionGroups: {ops: {email: {ops: ops@course.example}}}}",
            "several objects: those of metrics, logs and alerts",
        ),
        "backup": Row("{enabled: true}", "BackupInstance: properties.policyInfo.policyId"),
        "promotion": Row(
            "{promotable: ['workloads.*.config.env.*']}",
            "nothing: read by `./aks promote` and `./aks compare`",
        ),
        "workloads": Row("{web: {replicas: 1}}", "several objects: those of each workload"),
    },
    "ClusterSettings": {
        "maintenance": Row(
            '{autoUpgrade: {weekly: Sunday, start: "01:00"}}', "several objects: one a window"
        ),
        "runs": Row(
            '{days: [Monday], start: "07:00", stop: "19:00"}',
            "several objects: one to start, one to stop",
        ),
        "profile": Row("dev", "what each key of the cluster says where the stack does not"),
        "kubernetesVersion": Row('"1.34"', f"{_CLUSTER}kubernetesVersion"),
        "name": Row("aks-course-test", f"{_CLUSTER}resourceName"),
        "dnsPrefix": Row("course-test", f"{_CLUSTER}dnsPrefix"),
        "nodeResourceGroup": Row("rg-course-machines", f"{_CLUSTER}nodeResourceGroup"),
        "tier": Row("Standard", f"{_CLUSTER}sku.tier"),
        "upgradeChannel": Row("stable", f"{_CLUSTER}autoUpgradeProfile.upgradeChannel"),
        "nodeOsUpgradeChannel": Row(
            "SecurityPatch", f"{_CLUSTER}autoUpgradeProfile.nodeOSUpgradeChannel"
        ),
        "apiServer": Row("{private: true}", f"{_CLUSTER}apiServerAccessProfile"),
        "bootstrapPool": Row("{count: 2}", _BOOT),
        "autoscaler": Row("{expander: priority}", f"{_CLUSTER}autoScalerProfile"),
        "nodeProvisioning": Row("Auto", f"{_CLUSTER}nodeProvisioningProfile.mode"),
        "lock": Row("true", "ManagementLockByScope: level"),
        "registry": Row(
            f"{{id: {_ID}/Microsoft.ContainerRegistry/registries/courseregistry}}",
            "RoleAssignment: scope",
        ),
    },
    "Registry": {
        "id": Row(
            f"{_ID}/Microsoft.ContainerRegistry/registries/courseregistry", "RoleAssignment: scope"
        ),
        "create": Row("{}", "Registry: registryName"),
    },
    "RegistryCreate": REGISTRY_CREATE,
    "Kubeconfig": {
        "context": Row("kind-kind", "no field: where the objects go"),
        "path": Row("/home/me/.kube/lab", "no field: where the objects go"),
    },
    "Monitoring": {
        "namespace": Row(
            "kube-system",
            'NetworkPolicy: spec.ingress[].from[].namespaceSelector.matchLabels["kubernetes.io/metadata.name"]',
        ),
        "podLabels": Row(
            "{rsName: ama-metrics}",
            "NetworkPolicy: spec.ingress[].from[].podSelector.matchLabels",
        ),
    },
    "AccessSettings": {
        "tenantId": Row("0f8fad5b-d9cb-469f-a165-70867728950e", f"{_CLUSTER}aadProfile.tenantID"),
        "admins": Row(f"[{_GROUP}]", f"{_CLUSTER}aadProfile.adminGroupObjectIDs[]"),
        "kubelogin": Row("workloadidentity", "no field: an argument in the kubeconfig"),
    },
    "NamespaceSettings": {
        "quota": Row(
            "{requests: {cpu: '2', memory: 4Gi}, limits: {cpu: '8', memory: 8Gi}, pods: 20}", _HARD
        ),
        "limits": Row("{max: {cpu: '2'}}", _LIMIT),
        "owner": Row("team-shop", 'Namespace: metadata.annotations["aks-platform/owner"]'),
        "costCenter": Row("cc-4711", 'Namespace: metadata.annotations["aks-platform/cost-center"]'),
        "contact": Row(
            "shop@course.example", 'Namespace: metadata.annotations["aks-platform/contact"]'
        ),
        "podSecurity": Row(
            "baseline", 'Namespace: metadata.labels["pod-security.kubernetes.io/enforce"]'
        ),
        "podSecurityReason": Row(
            "a vendor's image writes to its own files",
            'Namespace: metadata.annotations["aks-platform/pod-security-reason"]',
        ),
        "access": Row(f"{{viewer: [{_GROUP}]}}", "RoleBinding: subjects[].name"),
        "pullSecrets": Row("{registry-credentials: {}}", "Secret: metadata.name"),
    },
    "Quota": {
        "requests": Row(_AMOUNTS, f'{_HARD}["requests.cpu"]'),
        "limits": Row(_AMOUNTS, f'{_HARD}["limits.cpu"]'),
        "pods": Row("20", f"{_HARD}.pods"),
        "persistentVolumeClaims": Row("4", f"{_HARD}.persistentvolumeclaims"),
        "loadBalancers": Row("3", f'{_HARD}["services.loadbalancers"]'),
        "nodePorts": Row("4", f'{_HARD}["services.nodeports"]'),
        "counts": Row("{configmaps: 50}", f'{_HARD}["count/configmaps"]'),
        "storage": Row("{total: 200Gi}", f'{_HARD}["requests.storage"]'),
        "priorities": Row("{urgent: {pods: 5}}", "ResourceQuota: spec.scopeSelector"),
    },
    "PriorityQuota": {
        "requests": Row(_AMOUNTS, f'{_HARD}["requests.cpu"]'),
        "limits": Row(_AMOUNTS, f'{_HARD}["limits.cpu"]'),
        "pods": Row("5", f"{_HARD}.pods"),
    },
    "StorageQuota": {
        "total": Row("200Gi", f'{_HARD}["requests.storage"]'),
        "classes": Row(
            "{managed-csi-premium: 100Gi}",
            f'{_HARD}["managed-csi-premium.storageclass.storage.k8s.io/requests.storage"]',
        ),
    },
    "Amounts": {
        "cpu": Row("500m", f'{_HARD}["requests.cpu"]'),
        "memory": Row("1Gi", f'{_HARD}["requests.memory"]'),
    },
    "Limits": {
        "defaultRequest": Row("{cpu: 100m, memory: 128Mi}", f"{_LIMIT}.defaultRequest"),
        "default": Row(_AMOUNTS, f"{_LIMIT}.default"),
        "min": Row("{cpu: 10m, memory: 16Mi}", f"{_LIMIT}.min"),
        "max": Row("{cpu: '2', memory: 4Gi}", f"{_LIMIT}.max"),
        "maxLimitRequestRatio": Row("{cpu: 10}", f"{_LIMIT}.maxLimitRequestRatio"),
        "persistentVolumeClaim": Row("{max: 64Gi}", f"{_LIMIT}.max.storage"),
    },
    "Ratios": {
        "cpu": Row("10", f"{_LIMIT}.maxLimitRequestRatio.cpu"),
        "memory": Row("4", f"{_LIMIT}.maxLimitRequestRatio.memory"),
    },
    "ClaimLimits": {
        "min": Row("1Gi", f"{_LIMIT}.min.storage"),
        "max": Row("64Gi", f"{_LIMIT}.max.storage"),
    },
    "NamespaceAccess": {
        "viewer": Row(f"[{_GROUP}]", "RoleBinding: subjects[].name"),
        "deployer": Row(f"[{_GROUP}]", "RoleBinding: subjects[].name"),
        "debugger": Row(f"[{_GROUP}]", "RoleBinding: subjects[].name"),
        "operator": Row(f"[{_GROUP}]", "RoleBinding: subjects[].name"),
        "roles": Row(f"{{cache-admin: [{_GROUP}]}}", "RoleBinding: subjects[].name"),
        "allowEscalation": Row(
            "{exec: the team of the workload debugs it alone}",
            "nothing: a check of who opens shells",
        ),
    },
    "CustomRole": {
        "rules": Row("[{resources: [configmaps], verbs: [get, patch]}]", "Role: rules[].verbs"),
        "reason": Row("the migration writes every kind", "nothing: a check of `*` in `rules`"),
        "allowEscalation": Row(
            "{secrets: the backup saves what it reads}", "nothing: a check of `rules`"
        ),
    },
    "RoleRule": {
        "apiGroups": Row("[apps]", "Role: rules[].apiGroups"),
        "resources": Row("[deployments/scale]", "Role: rules[].resources"),
        "verbs": Row("[get, patch]", "Role: rules[].verbs"),
        "resourceNames": Row("[web]", "Role: rules[].resourceNames"),
    },
    "PullSecret": {},
    "Ingress": {
        "controller": Row("none", "several objects: the controller, or none"),
        "className": Row("internal", "Ingress: spec.ingressClassName"),
        "namespace": Row("edge", "Release: namespace"),
        "routing": Row("VirtualServer", "VirtualServer: spec.host"),
        "replicas": Row("3", "Release: values.controller.replicaCount"),
        "pool": Row("wg1", "Release: values.controller.nodeSelector.agentpool"),
        "internal": Row("true", "Release: values.controller.service.annotations"),
        "hosts": Row("{public: dev.course.example}", "Ingress: spec.rules[].host"),
        "tls": Row("{secretName: course-tls}", "Ingress: spec.tls[].secretName"),
        "resources": Row(
            "{requests: {cpu: 500m, memory: 512Mi}, limits: {memory: 512Mi}}",
            "Release: values.controller.resources",
        ),
    },
    "Resources": {
        "requests": Row("{cpu: 500m}", "Release: values.controller.resources.requests"),
        "limits": Row("{memory: 512Mi}", "Release: values.controller.resources.limits"),
    },
    "Host": {
        "host": Row("dev.course.example", "Ingress: spec.rules[].host"),
        "tls": Row("{secretName: admin-tls}", "Ingress: spec.tls[].secretName"),
    },
    "HostTls": {"secretName": Row("course-tls", "Ingress: spec.tls[].secretName")},
    "External": {
        "cidrs": Row("[10.60.9.0/28]", "NetworkPolicy: spec.egress[].to[].ipBlock.cidr"),
        "ports": Row("[1433]", "NetworkPolicy: spec.egress[].ports[].port"),
    },
    "SharedIdentity": {
        "roles": Row(
            f"{{read: {{role: Storage Blob Data Reader, scope: {_STORAGE}}}}}",
            "RoleAssignment: scope",
        ),
        "clientId": Row(
            "0f8fad5b-d9cb-469f-a165-70867728950e",
            'ServiceAccount: metadata.annotations["azure.workload.identity/client-id"]',
        ),
        "tenantId": Row(
            "72f988bf-0000-4000-8000-2d7cd011db47",
            'ServiceAccount: metadata.annotations["azure.workload.identity/tenant-id"]',
        ),
    },
    "AzureRole": {
        "role": Row("Storage Blob Data Contributor", "RoleAssignment: roleDefinitionId"),
        "scope": Row(_STORAGE, "RoleAssignment: scope"),
        "reason": Row("it shows what was uploaded", "nothing: a check of `role` and `scope`"),
    },
    "KeyVault": {
        "id": Row(f"{_ID}/Microsoft.KeyVault/vaults/shop-kv", "RoleAssignment: scope"),
        "create": Row("{}", "Vault: vaultName"),
    },
    "VaultCreate": VAULT_CREATE,
    "PriorityClass": {
        "value": Row("1000", "PriorityClass: value"),
        "preemption": Row("false", "PriorityClass: preemptionPolicy"),
        "description": Row("what people wait for", "PriorityClass: description"),
    },
    "Chart": {
        "kind": Row("chart", "nothing: it tells a file of `workloads/` from a workload"),
        "name": Row("redis-exporter", "Release: name"),
        "namespace": Row("course", "Release: namespace"),
        "chart": Row("oci://registry.example/charts/redis-exporter", "Release: chart"),
        "version": Row("6.2.0", "Release: version"),
        "digest": Row(_DIGEST, "Release: chart"),
        "values": Row("{replicaCount: 2}", "Release: values.replicaCount"),
        "valuesSchema": Row("charts/redis-exporter.schema.json", "nothing: a check of `values`"),
        "atomic": Row("false", "Release: atomic"),
        "timeoutSeconds": Row("600", "Release: timeout"),
        "skipCrds": Row("true", "Release: skipCrds"),
        "skipAwait": Row("true", "Release: skipAwait"),
        "description": Row("metrics of redis", "Release: description"),
        "pods": Row(
            "[{labels: {app: redis-exporter}, ports: {metrics: 9121}}]",
            "nothing: an end of `./aks reachability`",
        ),
    },
    "ChartPods": {
        "labels": Row("{app: redis-exporter}", "nothing: an end of `./aks reachability`"),
        "ports": Row("{metrics: 9121}", "nothing: an end of `./aks reachability`"),
    },
    "ContainerPort": {
        "port": Row("9121", "nothing: an end of `./aks reachability`"),
        "protocol": Row("UDP", "nothing: an end of `./aks reachability`"),
    },
    "ImageVersion": {
        "tag": Row('"1.4.3"', "Deployment: spec.template.spec.containers[].image"),
        "digest": Row(_DIGEST, "Deployment: spec.template.spec.containers[].image"),
    },
    "Image": {
        "rollback": Row('"1.4.2"', "Deployment: spec.template.spec.containers[].image"),
        "tracks": Row('{candidate: "1.5.0"}', "Deployment: spec.template.spec.containers[].image"),
    },
}
