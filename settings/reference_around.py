"""Rows of what stands around the pods: the controller, its scale and place, the ways in and out, jobs."""

from collections.abc import Mapping

from settings.reference_rows import Row

_AUTOSCALER = "HorizontalPodAutoscaler: spec"
_METRIC = f"{_AUTOSCALER}.metrics[]"
_UP = f"{_AUTOSCALER}.behavior.scaleUp"
_NODES = "Pod: spec.affinity.nodeAffinity"
_PATH = "Ingress: spec.rules[].http.paths[]"

_STORAGE = (
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers/"
    "Microsoft.Storage/storageAccounts/courseuploads"
)

AROUND: Mapping[str, Mapping[str, Row]] = {
    "Workload": {
        "name": Row("grading", "a name: of the workload's own objects, and their label `app`"),
        "version": Row("2.1.0", "Deployment: metadata.labels.chart"),
        "namespace": Row("back", "Deployment: metadata.namespace"),
        "kind": Row("statefulset", "StatefulSet: kind"),
        "image": Row("docker.io/library/redis", "Pod: spec.containers[].image"),
        "availability": Row(
            "ha",
            "Deployment: spec.replicas; PodDisruptionBudget: spec.maxUnavailable; "
            "Pod: spec.topologySpreadConstraints[].whenUnsatisfiable",
        ),
        "containers": Row(
            "{migrate: {args: [migrate], before: complete}}", "Pod: spec.initContainers[].name"
        ),
        "service": Row("8000", "Service: spec.ports[].port"),
        "routes": Row("[{host: public, path: /api}]", "Ingress: spec.rules[].host"),
        "metrics": Row("metrics", 'Pod: metadata.annotations["prometheus.io/port"]'),
        "pool": Row("wg2", "Pod: spec.nodeSelector.agentpool"),
        "replicas": Row("3", "Deployment: spec.replicas"),
        "autoscale": Row("{min: 2, max: 5, cpu: 70}", _AUTOSCALER),
        "affinity": Row("{near: {cache: preferred}}", "Pod: spec.affinity.podAffinity"),
        "nodeSelector": Row(
            "{course.example/tier: fast}", 'Pod: spec.nodeSelector["course.example/tier"]'
        ),
        "priorityClass": Row("urgent", "Pod: spec.priorityClassName"),
        "config": Row("{env: {LOG_LEVEL: debug}}", "ConfigMap: data"),
        "secrets": Row(
            "{PASSWORD: {vault: shop-kv, mountPath: /mnt/secrets}}",
            "SecretProviderClass: spec.parameters.objects; Pod: spec.volumes[].csi",
        ),
        "volumes": Row(
            "{data: {mountPath: /data, disk: {size: 8Gi}}}",
            "Pod: spec.volumes[].name; PersistentVolumeClaim: spec",
        ),
        "uses": Row('["sql-gateway:1433"]', "NetworkPolicy: spec.egress[]"),
        "release": Row("recreate", "Deployment: spec.strategy.type"),
        "rollout": Row("{maxSurge: 2}", "Deployment: spec.strategy.rollingUpdate.maxSurge"),
        "disruption": Row("{maxUnavailable: 2}", "PodDisruptionBudget: spec.maxUnavailable"),
        "spread": Row(
            "{nodes: DoNotSchedule}", "Pod: spec.topologySpreadConstraints[].whenUnsatisfiable"
        ),
        "tolerations": Row("[{key: spot, effect: NoSchedule}]", "Pod: spec.tolerations[]"),
        "security": Row("{runAsUser: 999}", "Pod: spec.securityContext.runAsUser"),
        "serviceAccount": Row("{token: true}", "Pod: spec.automountServiceAccountToken"),
        "azureIdentity": Row("true", 'Pod: metadata.labels["azure.workload.identity/use"]'),
        "imagePullSecrets": Row("[registry-credentials]", "Pod: spec.imagePullSecrets[].name"),
        "terminationGracePeriodSeconds": Row("60", "Pod: spec.terminationGracePeriodSeconds"),
        "dnsPolicy": Row("Default", "Pod: spec.dnsPolicy"),
        "hostAliases": Row("{10.60.4.9: [legacy.internal.example]}", "Pod: spec.hostAliases[]"),
        "labels": Row(
            "{team: shop}", "Deployment: metadata.labels.team; Pod: metadata.labels.team"
        ),
        "job": Row("{parallelism: 3, completions: 3}", "Job: spec.parallelism"),
        "cron": Row('{schedule: "*/5 * * * *"}', "CronJob: spec.schedule"),
        "patch": Row(
            "{Deployment: {reason: the agent reads it from here, merge: {spec: {paused: true}}}}",
            "Deployment: spec.paused",
        ),
    },
    "Service": {
        "type": Row("NodePort", "Service: spec.type"),
        "port": Row("8000", "Service: spec.ports[].port"),
        "targetPort": Row("metrics", "Service: spec.ports[].targetPort"),
        "nodePort": Row("30080", "Service: spec.ports[].nodePort"),
        "protocol": Row("TCP", "nothing: a check, for it is the container port's"),
        "ports": Row("{http: 80, metrics: 9100}", "Service: spec.ports[].port"),
        "sessionAffinity": Row("ClientIP", "Service: spec.sessionAffinity"),
        "sessionAffinitySeconds": Row(
            "600", "Service: spec.sessionAffinityConfig.clientIP.timeoutSeconds"
        ),
        "headless": Row("true", "Service: spec.clusterIP"),
        "publishNotReadyAddresses": Row("true", "Service: spec.publishNotReadyAddresses"),
        "internal": Row(
            "false",
            "an annotation: without it `service.beta.kubernetes.io/azure-load-balancer-internal` is on the Service",
        ),
        "subnet": Row(
            "snet-lb",
            'Service: metadata.annotations["service.beta.kubernetes.io/azure-load-balancer-internal-subnet"]',
        ),
        "allowedSources": Row("[203.0.113.0/24]", "Service: spec.loadBalancerSourceRanges[]"),
        "externalTrafficPolicy": Row("Local", "Service: spec.externalTrafficPolicy"),
        "internalTrafficPolicy": Row("Local", "Service: spec.internalTrafficPolicy"),
    },
    "ServicePort": {
        "port": Row("8000", "Service: spec.ports[].port"),
        "protocol": Row("TCP", "nothing: a check, for it is the container port's"),
        "targetPort": Row("metrics", "Service: spec.ports[].targetPort"),
        "nodePort": Row("30080", "Service: spec.ports[].nodePort"),
    },
    "Route": {
        "host": Row("admin", "Ingress: spec.rules[].host"),
        "path": Row("/api", f"{_PATH}.path"),
        "pathType": Row("Exact", f"{_PATH}.pathType"),
        "port": Row("metrics", f"{_PATH}.backend.service.port.number"),
    },
    "Metrics": {
        "port": Row("http", 'Pod: metadata.annotations["prometheus.io/port"]'),
        "path": Row("/stats", 'Pod: metadata.annotations["prometheus.io/path"]'),
    },
    "Autoscale": {
        "min": Row("2", f"{_AUTOSCALER}.minReplicas"),
        "max": Row("6", f"{_AUTOSCALER}.maxReplicas"),
        "cpu": Row("70", f"{_METRIC}.resource.target.averageUtilization"),
        "memory": Row("80", f"{_METRIC}.resource.target.averageUtilization"),
        "metrics": Row(
            '{queue_length: {averageValue: "30"}}',
            f"{_METRIC}.pods.metric.name; {_METRIC}.pods.target.averageValue",
        ),
        "behavior": Row("{scaleDown: {selectPolicy: Disabled}}", f"{_AUTOSCALER}.behavior"),
    },
    "Metric": {
        "type": Row("External", f"{_METRIC}.type"),
        "averageValue": Row('"30"', f"{_METRIC}.pods.target.averageValue"),
        "value": Row('"100"', f"{_METRIC}.external.target.value"),
        "selector": Row("{queue: uploads}", f"{_METRIC}.pods.metric.selector.matchLabels"),
        "object": Row("networking.k8s.io/v1/Ingress/public", f"{_METRIC}.object.describedObject"),
    },
    "ScalingBehavior": {
        "scaleUp": Row("{stabilizationWindowSeconds: 60}", _UP),
        "scaleDown": Row("{selectPolicy: Disabled}", f"{_AUTOSCALER}.behavior.scaleDown"),
    },
    "ScalingRules": {
        "stabilizationWindowSeconds": Row("60", f"{_UP}.stabilizationWindowSeconds"),
        "policies": Row("[{pods: 2}]", f"{_UP}.policies[]"),
        "selectPolicy": Row("Min", f"{_UP}.selectPolicy"),
    },
    "ScalingPolicy": {
        "pods": Row("2", f"{_UP}.policies[].value"),
        "percent": Row("50", f"{_UP}.policies[].value"),
        "periodSeconds": Row("120", f"{_UP}.policies[].periodSeconds"),
    },
    "Affinity": {
        "near": Row(
            "{cache: preferred}",
            "Pod: spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[]",
        ),
        "apart": Row(
            "{cache: required}",
            "Pod: spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[]",
        ),
        "nodes": Row(
            "{kubernetes.io/arch: [amd64]}",
            f"{_NODES}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[]",
        ),
        "preferredNodes": Row(
            "{course.example/tier: [fast]}",
            f"{_NODES}.preferredDuringSchedulingIgnoredDuringExecution[]",
        ),
    },
    "Release": {
        "strategy": Row("recreate", "Deployment: spec.strategy.type"),
        "steps": Row("[50, 100]", "Deployment: spec.replicas"),
        "step": Row("1", "Deployment: spec.replicas"),
        "by": Row("requests", "VirtualServerRoute: spec.subroutes[].splits[].weight"),
        "match": Row(
            "{header: X-Candidate, value: always}", "VirtualServerRoute: spec.subroutes[].matches[]"
        ),
        "active": Row("green", 'Service: spec.selector["app.kubernetes.io/instance"]'),
    },
    "Match": {
        "header": Row(
            "X-Candidate", "VirtualServerRoute: spec.subroutes[].matches[].conditions[].header"
        ),
        "cookie": Row(
            "candidate", "VirtualServerRoute: spec.subroutes[].matches[].conditions[].cookie"
        ),
        "value": Row("always", "VirtualServerRoute: spec.subroutes[].matches[].conditions[].value"),
    },
    "Rollout": {
        "maxSurge": Row("25%", "Deployment: spec.strategy.rollingUpdate.maxSurge"),
        "maxUnavailable": Row("1", "Deployment: spec.strategy.rollingUpdate.maxUnavailable"),
        "minReadySeconds": Row("10", "Deployment: spec.minReadySeconds"),
        "progressDeadlineSeconds": Row("300", "Deployment: spec.progressDeadlineSeconds"),
        "revisionHistoryLimit": Row("5", "Deployment: spec.revisionHistoryLimit"),
    },
    "Disruption": {
        "minAvailable": Row("50%", "PodDisruptionBudget: spec.minAvailable"),
        "maxUnavailable": Row("2", "PodDisruptionBudget: spec.maxUnavailable"),
    },
    "SpreadRule": {
        "zones": Row("DoNotSchedule", "Pod: spec.topologySpreadConstraints[].whenUnsatisfiable"),
        "nodes": Row("DoNotSchedule", "Pod: spec.topologySpreadConstraints[].whenUnsatisfiable"),
    },
    "Toleration": {
        "key": Row("spot", "Pod: spec.tolerations[].key"),
        "operator": Row("Equal", "Pod: spec.tolerations[].operator"),
        "value": Row('"true"', "Pod: spec.tolerations[].value"),
        "effect": Row("NoSchedule", "Pod: spec.tolerations[].effect"),
        "tolerationSeconds": Row("60", "Pod: spec.tolerations[].tolerationSeconds"),
    },
    "ServiceAccount": {
        "token": Row("true", "Pod: spec.automountServiceAccountToken"),
        "rules": Row(
            "[{resources: [configmaps], verbs: [get]}]",
            "Role: rules[].verbs; RoleBinding: subjects[]",
        ),
        "roles": Row("[cache-admin]", "Role: rules[]"),
        "allowEscalation": Row(
            "{startPods: it runs a job for each upload}", "nothing: a check of `rules`"
        ),
    },
    "RoleRule": {
        "apiGroups": Row("[apps]", "Role: rules[].apiGroups"),
        "resources": Row("[deployments/scale]", "Role: rules[].resources"),
        "verbs": Row("[get, patch]", "Role: rules[].verbs"),
        "resourceNames": Row("[web]", "Role: rules[].resourceNames"),
    },
    "AzureIdentity": {
        "shared": Row("uploads", 'Pod: metadata.annotations["aks-platform/azure-identity"]'),
        "roles": Row(
            f"{{uploads: {{role: Storage Blob Data Reader, scope: {_STORAGE}}}}}",
            "nothing: RoleAssignment `scope` in Azure",
        ),
    },
    "AzureRole": {
        "role": Row(
            "Storage Blob Data Contributor", "nothing: RoleAssignment `roleDefinitionId` in Azure"
        ),
        "scope": Row(_STORAGE, "nothing: RoleAssignment `scope` in Azure"),
        "reason": Row("it shows what was uploaded", "nothing: a check of `role` and `scope`"),
    },
    "JobRun": {
        "cases": Row("[login, upload]", "Job: spec.completions; Job: spec.completionMode"),
        "completions": Row("6", "Job: spec.completions"),
        "parallelism": Row("3", "Job: spec.parallelism"),
        "completionMode": Row("Indexed", "Job: spec.completionMode"),
        "backoffLimit": Row("2", "Job: spec.backoffLimit"),
        "backoffLimitPerIndex": Row("1", "Job: spec.backoffLimitPerIndex"),
        "maxFailedIndexes": Row("2", "Job: spec.maxFailedIndexes"),
        "successPolicy": Row('{succeededIndexes: "0"}', "Job: spec.successPolicy.rules[]"),
        "activeDeadlineSeconds": Row("600", "Job: spec.activeDeadlineSeconds"),
        "ttlSecondsAfterFinished": Row("86400", "Job: spec.ttlSecondsAfterFinished"),
        "suspend": Row("true", "Job: spec.suspend"),
        "restartPolicy": Row("OnFailure", "Pod: spec.restartPolicy"),
    },
    "Cases": {
        "list": Row("[login, upload]", "ConfigMap: data"),
        "file": Row("cases/regression-tests.txt", "ConfigMap: data"),
        "count": Row("6", "Job: spec.completions"),
        "mountPath": Row("/etc/test-case", "Pod: spec.containers[].volumeMounts[].mountPath"),
    },
    "SuccessPolicy": {
        "succeededIndexes": Row('"0-2,5"', "Job: spec.successPolicy.rules[].succeededIndexes"),
        "succeededCount": Row("2", "Job: spec.successPolicy.rules[].succeededCount"),
    },
    "Cron": {
        "schedule": Row("0 4 * * *", "CronJob: spec.schedule"),
        "timeZone": Row("Europe/Berlin", "CronJob: spec.timeZone"),
        "concurrencyPolicy": Row("Replace", "CronJob: spec.concurrencyPolicy"),
        "startingDeadlineSeconds": Row("300", "CronJob: spec.startingDeadlineSeconds"),
        "successfulJobsHistoryLimit": Row("1", "CronJob: spec.successfulJobsHistoryLimit"),
        "failedJobsHistoryLimit": Row("5", "CronJob: spec.failedJobsHistoryLimit"),
        "suspend": Row("true", "CronJob: spec.suspend"),
    },
    "Patch": {
        "reason": Row(
            "the agent reads it from here",
            'Deployment: metadata.annotations["aks-platform/patched"]',
        ),
        "merge": Row("{spec: {paused: true}}", "Deployment: spec.paused"),
    },
}
