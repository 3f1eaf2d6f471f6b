"""Cases of the rules of pod security."""

from tests.policy.case import ABSENT, bad, good, unclear

WEB = "Deployment shop/web"
CONTAINER = "spec.template.spec.containers[web]"
PRIVILEGED = f"{CONTAINER}.securityContext.privileged"

CASES = [
    bad("privileged-container", WEB, {PRIVILEGED: True}),
    bad(
        "privileged-container",
        WEB,
        {
            "spec.template.spec.initContainers[+]": {
                "name": "init",
                "securityContext": {"privileged": True},
            }
        },
        "spec.template.spec.initContainers[init].securityContext.privileged",
    ),
    good("privileged-container", WEB, {f"{CONTAINER}.securityContext": None}),
    unclear("privileged-container", WEB, {PRIVILEGED: {"$unknown": True}}),
]

POD = "spec.template.spec"
CONTEXT, OWN = f"{POD}.securityContext", f"{CONTAINER}.securityContext"
NAMESPACE = "Namespace shop"
ENFORCE = 'metadata.labels["pod-security.kubernetes.io/enforce"]'
VERSION = 'metadata.labels["pod-security.kubernetes.io/enforce-version"]'
WINDOWS = {f"{POD}.os": {"name": "windows"}}
VOLUME = f"{POD}.volumes[+]"

CASES += [
    bad("pod-host-namespaces", WEB, {f"{POD}.hostNetwork": True}),
    bad("pod-host-namespaces", WEB, {f"{POD}.hostPID": True}),
    bad(
        "pod-host-namespaces",
        WEB,
        {f"{POD}.hostIPC": True, f"{POD}.hostPID": True},
        f"{POD}.hostIPC,{POD}.hostPID",
    ),
    good("pod-host-namespaces", WEB, {f"{POD}.hostNetwork": False}),
    unclear("pod-host-namespaces", WEB, {f"{POD}.hostPID": {"$unknown": True}}),
    bad(
        "pod-host-path",
        WEB,
        {VOLUME: {"name": "logs", "hostPath": {"path": "/var/log"}}},
        f"{POD}.volumes[logs].hostPath",
    ),
    good("pod-host-path", WEB, {VOLUME: {"name": "tmp", "emptyDir": {}}}),
    unclear("pod-host-path", WEB, {VOLUME: {"$unknown": True}}),
    bad("pod-host-ports", WEB, {f"{CONTAINER}.ports[http].hostPort": 8080}),
    bad(
        "pod-host-ports",
        WEB,
        {f"{POD}.hostNetwork": True},
        f"{CONTAINER}.ports[http].containerPort",
    ),
    good("pod-host-ports", WEB, {f"{CONTAINER}.ports[http].hostPort": 0}),
    bad("pod-probe-host", WEB, {f"{CONTAINER}.livenessProbe.httpGet.host": "10.0.0.1"}),
    bad("pod-probe-host", WEB, {f"{CONTAINER}.lifecycle.preStop.httpGet.host": "metadata"}),
    good("pod-probe-host", WEB, {f"{CONTAINER}.livenessProbe.httpGet.host": ""}),
    bad(
        "pod-capabilities-added",
        WEB,
        {f"{OWN}.capabilities.add": ["NET_BIND_SERVICE", "NET_RAW"]},
        f"{OWN}.capabilities.add[1]",
    ),
    good("pod-capabilities-added", WEB, {f"{OWN}.capabilities.add": ["NET_BIND_SERVICE"]}),
    good(
        "pod-capabilities-added",
        WEB,
        {f"{OWN}.capabilities.add": ["SYS_TIME"]},
        parameters={"allowed": ["SYS_TIME"]},
    ),
    bad("pod-capabilities-dropped", WEB, {f"{OWN}.capabilities.drop": ["NET_RAW"]}),
    bad("pod-capabilities-dropped", WEB, {f"{OWN}.capabilities.drop": ABSENT}),
    good(
        "pod-capabilities-dropped", WEB, {f"{OWN}.capabilities.drop": [{"$unknown": True}, "ALL"]}
    ),
    good("pod-capabilities-dropped", WEB, {**WINDOWS, f"{OWN}.capabilities.drop": ABSENT}),
    bad("pod-run-as-non-root", WEB, {f"{CONTEXT}.runAsNonRoot": ABSENT}, f"{OWN}.runAsNonRoot"),
    bad("pod-run-as-non-root", WEB, {f"{CONTEXT}.runAsNonRoot": False}),
    bad("pod-run-as-non-root", WEB, {f"{OWN}.runAsNonRoot": False}),
    good(
        "pod-run-as-non-root",
        WEB,
        {f"{CONTEXT}.runAsNonRoot": ABSENT, f"{OWN}.runAsNonRoot": True},
    ),
    good(
        "pod-run-as-non-root", WEB, {f"{CONTEXT}.runAsNonRoot": ABSENT, f"{POD}.hostUsers": False}
    ),
    bad("pod-run-as-user-root", WEB, {f"{CONTEXT}.runAsUser": 0}),
    bad("pod-run-as-user-root", WEB, {f"{OWN}.runAsUser": 0}),
    good("pod-run-as-user-root", WEB, {f"{CONTEXT}.runAsUser": 101}),
    bad("pod-root-group", WEB, {f"{CONTEXT}.fsGroup": 0}),
    bad(
        "pod-root-group",
        WEB,
        {f"{CONTEXT}.supplementalGroups": [7, 0]},
        f"{CONTEXT}.supplementalGroups[1]",
    ),
    good("pod-root-group", WEB, {f"{CONTEXT}.runAsUser": 0, f"{CONTEXT}.runAsGroup": 0}),
    bad("pod-privilege-escalation", WEB, {f"{OWN}.allowPrivilegeEscalation": ABSENT}),
    bad("pod-privilege-escalation", WEB, {f"{OWN}.allowPrivilegeEscalation": True}),
    good("pod-privilege-escalation", WEB, {**WINDOWS, f"{OWN}.allowPrivilegeEscalation": ABSENT}),
    bad(
        "pod-seccomp-profile",
        WEB,
        {f"{CONTEXT}.seccompProfile": ABSENT},
        f"{OWN}.seccompProfile.type",
    ),
    bad("pod-seccomp-profile", WEB, {f"{CONTEXT}.seccompProfile.type": "Unconfined"}),
    bad("pod-seccomp-profile", WEB, {f"{OWN}.seccompProfile.type": "Unconfined"}),
    good(
        "pod-seccomp-profile",
        WEB,
        {f"{CONTEXT}.seccompProfile": ABSENT, f"{OWN}.seccompProfile.type": "Localhost"},
    ),
    bad("pod-proc-mount", WEB, {f"{OWN}.procMount": "Unmasked"}),
    good("pod-proc-mount", WEB, {f"{OWN}.procMount": "Default"}),
    bad("pod-selinux-options", WEB, {f"{CONTEXT}.seLinuxOptions.type": "spc_t"}),
    bad("pod-selinux-options", WEB, {f"{OWN}.seLinuxOptions.user": "system_u"}),
    good("pod-selinux-options", WEB, {f"{OWN}.seLinuxOptions.type": "container_t"}),
    bad("pod-app-armor", WEB, {f"{CONTEXT}.appArmorProfile.type": "Unconfined"}),
    bad(
        "pod-app-armor",
        WEB,
        {
            'spec.template.metadata.annotations["container.apparmor.security.beta.kubernetes.io/web"]': "unconfined"
        },
    ),
    good("pod-app-armor", WEB, {f"{OWN}.appArmorProfile.type": "Localhost"}),
    bad(
        "pod-sysctls",
        WEB,
        {f"{CONTEXT}.sysctls[+]": {"name": "kernel.msgmax", "value": "1"}},
        f"{CONTEXT}.sysctls[kernel.msgmax].name",
    ),
    good(
        "pod-sysctls",
        WEB,
        {
            f"{CONTEXT}.sysctls[+]": {
                "name": "net.ipv4.ip_unprivileged_port_start",
                "value": "80",
            }
        },
    ),
    bad("pod-windows-host-process", WEB, {f"{CONTEXT}.windowsOptions.hostProcess": True}),
    good("pod-windows-host-process", WEB, {f"{OWN}.windowsOptions.hostProcess": False}),
    bad(
        "pod-volume-types",
        WEB,
        {VOLUME: {"name": "files", "azureFile": {"shareName": "files"}}},
        f"{POD}.volumes[files].azureFile",
    ),
    good(
        "pod-volume-types",
        WEB,
        {VOLUME: {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}},
    ),
    bad("pod-read-only-root", WEB, {f"{OWN}.readOnlyRootFilesystem": ABSENT}),
    bad("pod-read-only-root", WEB, {f"{OWN}.readOnlyRootFilesystem": False}),
    good("pod-read-only-root", WEB, {**WINDOWS, f"{OWN}.readOnlyRootFilesystem": ABSENT}),
    bad(
        "pod-token-automount",
        WEB,
        {f"{POD}.automountServiceAccountToken": ABSENT, f"{POD}.serviceAccountName": "other"},
        f"{POD}.automountServiceAccountToken",
    ),
    good("pod-token-automount", WEB, {f"{POD}.automountServiceAccountToken": ABSENT}),
    good("pod-token-automount", WEB, {f"{POD}.automountServiceAccountToken": True}),
    bad(
        "pod-default-service-account",
        WEB,
        {f"{POD}.serviceAccountName": ABSENT, f"{POD}.automountServiceAccountToken": True},
        f"{POD}.serviceAccountName",
    ),
    good("pod-default-service-account", WEB, {f"{POD}.serviceAccountName": "default"}),
    bad("pod-shared-processes", WEB, {f"{POD}.shareProcessNamespace": True}),
    good("pod-shared-processes", WEB, {f"{POD}.shareProcessNamespace": False}),
    bad("namespace-pod-security", NAMESPACE, {ENFORCE: ABSENT}),
    bad("namespace-pod-security", NAMESPACE, {ENFORCE: "strict"}),
    bad("namespace-pod-security", NAMESPACE, {ENFORCE: "privileged"}),
    good(
        "namespace-pod-security",
        NAMESPACE,
        {
            ENFORCE: "privileged",
            'metadata.annotations["aks-platform/pod-security-reason"]': "reads node logs",
        },
    ),
    bad("namespace-pod-security-version", NAMESPACE, {VERSION: ABSENT}),
    bad("namespace-pod-security-version", NAMESPACE, {VERSION: "latest"}),
    good("namespace-pod-security-version", NAMESPACE, {ENFORCE: ABSENT, VERSION: ABSENT}),
]
