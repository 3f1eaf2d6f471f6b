"""Cases of the rules of probes, rollouts, disruptions, placing and batch."""

from tests.policy.case import ABSENT, bad, good, unclear

WEB, SERVICE = "Deployment shop/web", "Service shop/web"
POD = "spec.template.spec"
CONTAINER = f"{POD}.containers[web]"
READINESS, LIVENESS = f"{CONTAINER}.readinessProbe", f"{CONTAINER}.livenessProbe"
STARTUP = f"{CONTAINER}.startupProbe"

CASES = [
    bad("probe-readiness-missing", WEB, {READINESS: ABSENT}),
    bad(
        "probe-readiness-missing",
        WEB,
        {READINESS: ABSENT, f"{CONTAINER}.ports": ABSENT},
        f"{POD}.containers",
    ),
    good("probe-readiness-missing", WEB, {READINESS: ABSENT}, without=(SERVICE,)),
    good(
        "probe-readiness-missing",
        WEB,
        {f"{POD}.containers[+]": {"name": "metrics", "image": "metrics:1"}},
    ),
    good("probe-readiness-missing", SERVICE, {"spec.publishNotReadyAddresses": True}),
    bad(
        "probe-liveness-equals-readiness",
        WEB,
        {f"{LIVENESS}.httpGet.path": "/ready"},
        LIVENESS,
    ),
    good(
        "probe-liveness-equals-readiness",
        WEB,
        {f"{LIVENESS}.httpGet.path": "/ready", f"{LIVENESS}.failureThreshold": 10},
    ),
    unclear("probe-liveness-equals-readiness", WEB, {f"{LIVENESS}.httpGet": {"$unknown": True}}),
    bad("probe-liveness-without-startup", WEB, {f"{LIVENESS}.periodSeconds": 5}, LIVENESS),
    good(
        "probe-liveness-without-startup",
        WEB,
        {f"{LIVENESS}.periodSeconds": 5, f"{LIVENESS}.initialDelaySeconds": 20},
    ),
    good(
        "probe-liveness-without-startup",
        WEB,
        {f"{LIVENESS}.periodSeconds": 5, f"{STARTUP}.tcpSocket.port": 8080},
    ),
    bad("probe-initial-delay", WEB, {f"{READINESS}.initialDelaySeconds": 60}),
    good("probe-initial-delay", WEB, {f"{READINESS}.initialDelaySeconds": 10}),
    bad(
        "probe-exec-timeout",
        WEB,
        {READINESS: {"exec": {"command": ["redis-cli", "ping"]}}},
        f"{READINESS}.timeoutSeconds",
    ),
    good(
        "probe-exec-timeout",
        WEB,
        {f"{READINESS}.exec.command": ["redis-cli"], f"{READINESS}.timeoutSeconds": 2},
    ),
    bad("probe-timeout-above-period", WEB, {f"{READINESS}.timeoutSeconds": 15}),
    good("probe-timeout-above-period", WEB, {f"{READINESS}.timeoutSeconds": 10}),
]

API, REDIS, BUDGET = "Deployment shop/api", "StatefulSet shop/redis", "PodDisruptionBudget shop/web"
CRON, JOB, SCALER = "CronJob shop/report", "Job shop/tests", "HorizontalPodAutoscaler shop/api"
ROLLING = "spec.strategy.rollingUpdate"
BATCH = "spec.jobTemplate.spec"
AGENT = {
    "apiVersion": "apps/v1",
    "kind": "DaemonSet",
    "metadata": {"name": "agent", "namespace": "shop"},
    "spec": {"updateStrategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}},
}

CASES += [
    bad("rollout-stuck", WEB, {ROLLING: {"maxSurge": 0, "maxUnavailable": "0%"}}),
    bad(
        "rollout-stuck",
        "DaemonSet shop/agent",
        {"spec.updateStrategy.rollingUpdate.maxUnavailable": 0},
        "spec.updateStrategy.rollingUpdate",
        more=(AGENT,),
    ),
    good("rollout-stuck", WEB, {ROLLING: {"maxUnavailable": 0}}),
    bad("rollout-unavailable", WEB, {f"{ROLLING}.maxUnavailable": 3}),
    bad("rollout-unavailable", WEB, {f"{ROLLING}.maxUnavailable": "100%"}),
    bad(
        "rollout-unavailable",
        WEB,
        {"spec.replicas": 1, f"{ROLLING}.maxUnavailable": 1},
        f"{ROLLING}.maxUnavailable",
    ),
    good("rollout-unavailable", WEB, {"spec.replicas": 1}),
    good("rollout-unavailable", WEB, {"spec.replicas": 0, f"{ROLLING}.maxUnavailable": 1}),
    unclear(
        "rollout-unavailable",
        WEB,
        {"spec.replicas": {"$unknown": True}, f"{ROLLING}.maxUnavailable": 1},
    ),
    bad("rollout-recreate", WEB, {"spec.strategy.type": "Recreate"}),
    bad("rollout-recreate", API, {"spec.strategy.type": "Recreate"}),
    good("rollout-recreate", WEB, {"spec.strategy.type": "Recreate", "spec.replicas": 1}),
    bad("rollout-history", WEB, {"spec.revisionHistoryLimit": 0}),
    good("rollout-history", WEB, {"spec.revisionHistoryLimit": 1}),
    bad("rollout-deadline", WEB, {"spec.progressDeadlineSeconds": 0}),
    bad(
        "rollout-deadline",
        WEB,
        {STARTUP: {"periodSeconds": 10, "failureThreshold": 60}},
        "spec.progressDeadlineSeconds",
    ),
    good("rollout-deadline", WEB, {STARTUP: {"periodSeconds": 10, "failureThreshold": 59}}),
    bad(
        "rollout-grace-period",
        WEB,
        {f"{CONTAINER}.lifecycle.preStop.sleep.seconds": 30},
        f"{CONTAINER}.lifecycle.preStop",
    ),
    bad(
        "rollout-grace-period",
        WEB,
        {f"{CONTAINER}.lifecycle.preStop.exec.command": ["/bin/sh", "-c", "drain; sleep 45"]},
        f"{CONTAINER}.lifecycle.preStop",
    ),
    good(
        "rollout-grace-period",
        WEB,
        {
            f"{CONTAINER}.lifecycle.preStop.sleep.seconds": 30,
            f"{POD}.terminationGracePeriodSeconds": 60,
        },
    ),
    bad("rollout-selector-changes", WEB, {'spec.selector.matchLabels["version"]': "1.4.2"}),
    good(
        "rollout-selector-changes",
        WEB,
        {'spec.selector.matchLabels["app.kubernetes.io/component"]': "web"},
    ),
    bad("disruption-budget-blocks", BUDGET, {"spec.maxUnavailable": 0}),
    bad(
        "disruption-budget-blocks",
        BUDGET,
        {"spec.minAvailable": "100%"},
        "spec.minAvailable",
    ),
    bad(
        "disruption-budget-blocks",
        BUDGET,
        {"spec.minAvailable": 3},
        "spec.minAvailable",
    ),
    bad(
        "disruption-budget-blocks",
        BUDGET,
        {"spec.minAvailable": "90%"},
        "spec.minAvailable",
    ),
    good(
        "disruption-budget-blocks",
        BUDGET,
        {"spec.maxUnavailable": ABSENT, "spec.minAvailable": 2},
    ),
    bad(
        "disruption-budget-missing",
        BUDGET,
        {"spec.selector.matchLabels": {"a": "b"}},
        "spec.template.spec",
    ),
    good("disruption-budget-missing", WEB, {"spec.replicas": 1}, without=(BUDGET,)),
    bad(
        "disruption-budget-missing",
        SCALER,
        {"spec.minReplicas": 3},
        "spec.template.spec",
        without=("PodDisruptionBudget shop/api",),
    ),
    bad("disruption-budget-unhealthy", BUDGET, {"spec.unhealthyPodEvictionPolicy": ABSENT}),
    good("disruption-budget-unhealthy", BUDGET, {"spec.unhealthyPodEvictionPolicy": "AlwaysAllow"}),
    bad("schedule-spread", WEB, {f"{POD}.topologySpreadConstraints": ABSENT}),
    good(
        "schedule-spread",
        WEB,
        {f"{POD}.topologySpreadConstraints": ABSENT, "spec.replicas": 1},
    ),
    good(
        "schedule-spread",
        WEB,
        {
            f"{POD}.topologySpreadConstraints": ABSENT,
            f"{POD}.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution": [],
        },
    ),
    bad(
        "schedule-spread-selector",
        WEB,
        {f"{POD}.topologySpreadConstraints[0].labelSelector.matchLabels": {"app": "web"}},
        f"{POD}.topologySpreadConstraints[0].labelSelector",
    ),
    good(
        "schedule-spread-selector",
        WEB,
        {f"{POD}.topologySpreadConstraints[0].labelSelector.matchLabels": {"env": "test"}},
    ),
    bad(
        "schedule-system-pool",
        WEB,
        {f"{POD}.nodeSelector.agentpool": "system"},
        f"{POD}.nodeSelector",
    ),
    bad(
        "schedule-system-pool",
        WEB,
        {f"{POD}.nodeSelector.agentpool": "boot"},
        f"{POD}.nodeSelector",
    ),
    bad(
        "schedule-system-pool",
        WEB,
        {
            f"{POD}.nodeSelector": ABSENT,
            f"{POD}.tolerations": [{"key": "CriticalAddonsOnly", "operator": "Exists"}],
        },
        f"{POD}.tolerations[0]",
    ),
    bad(
        "schedule-system-pool",
        WEB,
        {f"{POD}.nodeSelector": ABSENT, f"{POD}.tolerations": [{"operator": "Exists"}]},
        f"{POD}.tolerations[0]",
    ),
    good("schedule-system-pool", WEB, {f"{POD}.tolerations": [{"operator": "Exists"}]}),
    bad("schedule-system-priority", WEB, {f"{POD}.priorityClassName": "system-node-critical"}),
    good("schedule-system-priority", WEB, {f"{POD}.priorityClassName": "business"}),
    bad("schedule-node-name", WEB, {f"{POD}.nodeName": "aks-work-0"}),
    good("schedule-node-name", WEB, {f"{POD}.nodeName": ""}),
    bad("cronjob-concurrency", CRON, {"spec.concurrencyPolicy": ABSENT}),
    bad("cronjob-concurrency", CRON, {"spec.concurrencyPolicy": "Allow"}),
    good("cronjob-concurrency", CRON, {"spec.concurrencyPolicy": "Replace"}),
    bad("cronjob-starting-deadline", CRON, {"spec.startingDeadlineSeconds": ABSENT}),
    bad("cronjob-starting-deadline", CRON, {"spec.startingDeadlineSeconds": 5}),
    good("cronjob-starting-deadline", CRON, {"spec.startingDeadlineSeconds": 10}),
    bad("cronjob-history", CRON, {"spec.failedJobsHistoryLimit": 0}),
    bad("cronjob-history", CRON, {"spec.successfulJobsHistoryLimit": 50}),
    good("cronjob-history", CRON, {"spec.successfulJobsHistoryLimit": 0}),
    bad("cronjob-time-zone", CRON, {"spec.schedule": "CRON_TZ=Europe/Berlin 0 4 * * *"}),
    good("cronjob-time-zone", CRON, {"spec.schedule": "0 4 * * *"}),
    bad("job-backoff-limit", JOB, {"spec.backoffLimit": ABSENT}),
    bad("job-backoff-limit", CRON, {f"{BATCH}.backoffLimit": ABSENT}),
    good("job-backoff-limit", JOB, {"spec.backoffLimit": ABSENT, "spec.backoffLimitPerIndex": 1}),
    good("job-backoff-limit", JOB, {"spec.backoffLimit": 0}),
    bad("job-deadline", JOB, {"spec.activeDeadlineSeconds": ABSENT}),
    bad("job-deadline", CRON, {f"{BATCH}.activeDeadlineSeconds": ABSENT}),
    good(
        "job-deadline",
        JOB,
        {"spec.activeDeadlineSeconds": ABSENT, f"{POD}.activeDeadlineSeconds": 60},
    ),
    bad("job-restart-policy", JOB, {f"{POD}.restartPolicy": "Always"}),
    bad("job-restart-policy", CRON, {f"{BATCH}.template.spec.restartPolicy": ABSENT}),
    good("job-restart-policy", JOB, {f"{POD}.restartPolicy": "OnFailure"}),
    bad("job-ttl", JOB, {"spec.ttlSecondsAfterFinished": 600}),
    good("job-ttl", CRON, {f"{BATCH}.ttlSecondsAfterFinished": 600}),
]

TWIN = {
    "apiVersion": "autoscaling/v2",
    "kind": "HorizontalPodAutoscaler",
    "metadata": {"name": "twin", "namespace": "shop"},
    "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "other"}},
}

CASES += [
    bad(
        "autoscaler-duplicate",
        "HorizontalPodAutoscaler shop/twin",
        {"spec.scaleTargetRef.name": "api"},
        "spec.scaleTargetRef,spec.scaleTargetRef",
        more=(TWIN,),
    ),
    good("autoscaler-duplicate", SCALER, {}, more=(TWIN,)),
    bad("autoscaler-fixed-replicas", API, {"spec.replicas": 3}),
    good(
        "autoscaler-fixed-replicas",
        API,
        {"spec.replicas": 3, "$options.ignoreChanges": ["spec.replicas"]},
    ),
    good("autoscaler-fixed-replicas", WEB, {"spec.replicas": 5}),
    bad("autoscaler-bounds", SCALER, {"spec.maxReplicas": 1}),
    bad("autoscaler-bounds", SCALER, {"spec.minReplicas": 7}, "spec.maxReplicas"),
    good("autoscaler-bounds", SCALER, {"spec.minReplicas": 6}),
    bad(
        "autoscaler-requests",
        API,
        {f"{POD}.containers[api].resources.requests.cpu": ABSENT},
        "spec.metrics[0].resource",
        without=("LimitRange shop/limits",),
    ),
    good("autoscaler-requests", API, {f"{POD}.containers[api].resources.requests.cpu": ABSENT}),
    good("autoscaler-requests", SCALER, {"spec.metrics[0].resource.target.type": "AverageValue"}),
]
