"""Rows of what is inside a pod: containers, probes, volumes, configuration, secrets."""

from collections.abc import Mapping

from settings.reference_rows import Row

_OWN = "Pod: spec.containers[]"
_STARTUP = f"{_OWN}.startupProbe"
_VOLUME = "Pod: spec.volumes[]"

POD: Mapping[str, Mapping[str, Row]] = {
    "ContainerSettings": {
        "command": Row("[/bin/server]", f"{_OWN}.command"),
        "args": Row("[--verbose]", f"{_OWN}.args"),
        "workingDir": Row("/srv", f"{_OWN}.workingDir"),
        "ports": Row(
            "{http: 8080, dns: {port: 53, protocol: UDP}}",
            f"{_OWN}.ports[].containerPort; {_OWN}.ports[].protocol",
        ),
        "resources": Row(
            "{requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}", f"{_OWN}.resources"
        ),
        "probes": Row("{liveness: tcp}", f"{_OWN}.livenessProbe.tcpSocket"),
        "env": Row("{LOG_LEVEL: info}", f"{_OWN}.env[].value"),
        "mounts": Row("{/cache: data}", f"{_OWN}.volumeMounts[].mountPath"),
        "scratch": Row(
            "{/tmp: 128Mi}",
            f"{_VOLUME}.emptyDir.sizeLimit; {_OWN}.volumeMounts[].mountPath",
        ),
        "preStop": Row("10", f"{_OWN}.lifecycle.preStop.sleep.seconds"),
    },
    "ContainerPort": {
        "port": Row("9000", f"{_OWN}.ports[].containerPort"),
        "protocol": Row("UDP", f"{_OWN}.ports[].protocol"),
    },
    "Container": {
        "image": Row("registry.example/team/proxy", "Pod: spec.containers[].image"),
        "before": Row("complete", "Pod: spec.initContainers[].name"),
        "security": Row("{runAsUser: 2000}", "Pod: spec.containers[].securityContext.runAsUser"),
    },
    "Resources": {
        "requests": Row("{cpu: 100m, memory: 128Mi}", f"{_OWN}.resources.requests"),
        "limits": Row("{memory: 256Mi}", f"{_OWN}.resources.limits"),
    },
    "Amounts": {
        "cpu": Row("250m", f"{_OWN}.resources.requests.cpu"),
        "memory": Row("256Mi", f"{_OWN}.resources.requests.memory"),
    },
    "Security": {
        "runAsUser": Row("999", "Pod: spec.securityContext.runAsUser"),
        "runAsGroup": Row("999", "Pod: spec.securityContext.runAsGroup"),
        "fsGroup": Row("999", "Pod: spec.securityContext.fsGroup"),
        "readOnlyRootFilesystem": Row("false", f"{_OWN}.securityContext.readOnlyRootFilesystem"),
        "addCapabilities": Row("[NET_BIND_SERVICE]", f"{_OWN}.securityContext.capabilities.add"),
        "exception": Row(
            "{level: privileged, reason: reads log files of the node}",
            'Deployment: metadata.annotations["aks-platform/security-exception"]',
        ),
    },
    "SecurityException": {
        "level": Row(
            "baseline", 'Deployment: metadata.annotations["aks-platform/security-exception"]'
        ),
        "reason": Row(
            "reads log files of the node",
            'Deployment: metadata.annotations["aks-platform/security-exception"]',
        ),
        "expires": Row(
            '"2999-12-31"',
            'Deployment: metadata.annotations["aks-platform/security-exception-expires"]',
        ),
    },
    "Lifecycle": {
        "sleepSeconds": Row("10", f"{_OWN}.lifecycle.preStop.sleep.seconds"),
        "exec": Row("{command: [/bin/drain]}", f"{_OWN}.lifecycle.preStop.exec"),
        "httpGet": Row("{path: /drain}", f"{_OWN}.lifecycle.preStop.httpGet"),
    },
    "Probes": {
        "startup": Row("/healthz", f"{_STARTUP}.httpGet.path"),
        "readiness": Row("/readyz", f"{_OWN}.readinessProbe.httpGet.path"),
        "liveness": Row("tcp", f"{_OWN}.livenessProbe.tcpSocket"),
    },
    "Probe": {
        "httpGet": Row("{path: /healthz}", f"{_STARTUP}.httpGet"),
        "tcpSocket": Row("{port: http}", f"{_STARTUP}.tcpSocket"),
        "grpc": Row("{service: shop.Orders}", f"{_STARTUP}.grpc"),
        "exec": Row("{command: [redis-cli, ping]}", f"{_STARTUP}.exec"),
        "initialDelaySeconds": Row("5", f"{_STARTUP}.initialDelaySeconds"),
        "periodSeconds": Row("5", f"{_STARTUP}.periodSeconds"),
        "timeoutSeconds": Row("2", f"{_STARTUP}.timeoutSeconds"),
        "successThreshold": Row("1", f"{_STARTUP}.successThreshold"),
        "failureThreshold": Row("30", f"{_STARTUP}.failureThreshold"),
        "terminationGracePeriodSeconds": Row("20", f"{_STARTUP}.terminationGracePeriodSeconds"),
    },
    "HttpGet": {
        "path": Row("/healthz", f"{_STARTUP}.httpGet.path"),
        "port": Row("metrics", f"{_STARTUP}.httpGet.port"),
        "scheme": Row("HTTPS", f"{_STARTUP}.httpGet.scheme"),
        "headers": Row("{X-Probe: startup}", f"{_STARTUP}.httpGet.httpHeaders[]"),
    },
    "TcpSocket": {"port": Row("metrics", f"{_STARTUP}.tcpSocket.port")},
    "Grpc": {
        "port": Row("metrics", f"{_STARTUP}.grpc.port"),
        "service": Row("shop.Orders", f"{_STARTUP}.grpc.service"),
    },
    "Exec": {"command": Row("[redis-cli, ping]", f"{_STARTUP}.exec.command")},
    "EnvSource": {
        "field": Row("status.podIP", f"{_OWN}.env[].valueFrom.fieldRef.fieldPath"),
        "resource": Row("limits.memory", f"{_OWN}.env[].valueFrom.resourceFieldRef.resource"),
        "config": Row("LOG_LEVEL", f"{_OWN}.env[].valueFrom.configMapKeyRef.key"),
        "secret": Row("PASSWORD", f"{_OWN}.env[].valueFrom.secretKeyRef.key"),
    },
    "Mount": {
        "volume": Row("data", f"{_OWN}.volumeMounts[].name"),
        "subPath": Row("conf", f"{_OWN}.volumeMounts[].subPath"),
        "readOnly": Row("true", f"{_OWN}.volumeMounts[].readOnly"),
    },
    "ConfigData": {
        "env": Row(
            "{LOG_LEVEL: debug}", "ConfigMap: data.LOG_LEVEL; Pod: spec.containers[].envFrom"
        ),
        "files": Row(
            '{app.properties: "limit=5"}',
            'ConfigMap: data["app.properties"]; Pod: spec.volumes[].configMap.name',
        ),
        "mountPath": Row("/etc/shop", f"{_OWN}.volumeMounts[].mountPath"),
    },
    "WorkloadSecret": {
        "vault": Row("shop-kv", "SecretProviderClass: spec.parameters.keyvaultName"),
        "existing": Row(
            "{name: mailer, key: token}",
            "Pod: spec.volumes[].projected.sources[].secret",
        ),
        "mountPath": Row("/mnt/secrets", f"{_OWN}.volumeMounts[].mountPath"),
    },
    "ExistingSecret": {
        "name": Row("mailer", "Pod: spec.volumes[].projected.sources[].secret.name"),
        "key": Row("token", "Pod: spec.volumes[].projected.sources[].secret.items[].key"),
    },
    "Volume": {
        "mountPath": Row("/data", f"{_OWN}.volumeMounts[].mountPath"),
        "readOnly": Row("true", f"{_OWN}.volumeMounts[].readOnly"),
        "emptyDir": Row("{sizeLimit: 64Mi}", f"{_VOLUME}.emptyDir"),
        "disk": Row("{size: 8Gi}", "PersistentVolumeClaim: spec"),
        "claim": Row("{name: videos}", f"{_VOLUME}.persistentVolumeClaim.claimName"),
        "hostPath": Row("{path: /var/log}", f"{_VOLUME}.hostPath"),
        "configMap": Row("{name: trust-bundle}", f"{_VOLUME}.configMap.name"),
        "secret": Row("{name: client-certificate}", f"{_VOLUME}.secret.secretName"),
        "projected": Row("[{token: {audience: vault}}]", f"{_VOLUME}.projected.sources[]"),
        "downward": Row("{labels: metadata.labels}", f"{_VOLUME}.downwardAPI.items[]"),
    },
    "EmptyDir": {
        "medium": Row("Memory", f"{_VOLUME}.emptyDir.medium"),
        "sizeLimit": Row("64Mi", f"{_VOLUME}.emptyDir.sizeLimit"),
    },
    "Disk": {
        "size": Row("8Gi", "PersistentVolumeClaim: spec.resources.requests.storage"),
        "storageClass": Row("managed-csi-premium", "PersistentVolumeClaim: spec.storageClassName"),
        "accessMode": Row("ReadWriteOncePod", "PersistentVolumeClaim: spec.accessModes[]"),
    },
    "ExistingClaim": {"name": Row("videos", f"{_VOLUME}.persistentVolumeClaim.claimName")},
    "HostPath": {
        "path": Row("/var/log", f"{_VOLUME}.hostPath.path"),
        "type": Row("DirectoryOrCreate", f"{_VOLUME}.hostPath.type"),
    },
    "ExistingObject": {
        "name": Row("trust-bundle", f"{_VOLUME}.configMap.name"),
        "items": Row("{ca.crt: certificates/ca.pem}", f"{_VOLUME}.configMap.items[]"),
        "optional": Row("true", f"{_VOLUME}.configMap.optional"),
    },
    "ProjectedSource": {
        "configMap": Row("{name: trust-bundle}", f"{_VOLUME}.projected.sources[].configMap.name"),
        "secret": Row("{name: client-certificate}", f"{_VOLUME}.projected.sources[].secret.name"),
        "downward": Row(
            "{labels: metadata.labels}", f"{_VOLUME}.projected.sources[].downwardAPI.items[]"
        ),
        "token": Row("{audience: vault}", f"{_VOLUME}.projected.sources[].serviceAccountToken"),
    },
    "DownwardItem": {
        "field": Row("metadata.labels", f"{_VOLUME}.downwardAPI.items[].fieldRef.fieldPath"),
        "resource": Row(
            "limits.memory", f"{_VOLUME}.downwardAPI.items[].resourceFieldRef.resource"
        ),
    },
    "ServiceAccountToken": {
        "audience": Row("vault", f"{_VOLUME}.projected.sources[].serviceAccountToken.audience"),
        "expirationSeconds": Row(
            "7200", f"{_VOLUME}.projected.sources[].serviceAccountToken.expirationSeconds"
        ),
        "path": Row("vault-token", f"{_VOLUME}.projected.sources[].serviceAccountToken.path"),
    },
}
