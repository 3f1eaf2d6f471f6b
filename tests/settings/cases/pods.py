"""Cases of `settings/checks/containers.py`, `health.py` and `mounts.py`: all that stands in one pod."""

from tests.settings.cases.common import case
from tests.settings.estate import GONE

PROXY = (
    "web",
    "containers.proxy",
    {"before": "started", "ports": {"admin": 9901}, "scratch": ["/tmp"]},
)
MIGRATE = ("web", "containers.migrate", {"before": "complete", "args": ["migrate"]})
CONFIG = ("web", "config", {"env": {"LEVEL": "info"}})
SHOP = ("web", "volumes.shop", {"mountPath": "/shop", "emptyDir": {"sizeLimit": "1Mi"}})
TOKEN = {"token": {"audience": "vault"}}
ROOT = ("web", "containers.proxy.security", {"runAsUser": 10002})


def slow(kind, **times):
    return ("web", f"probes.{kind}", {"tcpSocket": {}, **times})


DNS = ("web", "ports.dns", {"port": 53, "protocol": "UDP"})
CASES = [
    case("web", "containers.main", {}, "must not be 'main': so 'before' calls the workload's own container"),
    case("web", ("containers", "web"), {}, "has the name of the workload's own container; rename it"),
    case("web", "containers.proxy.before", {"mian": "started"}, "must be a container of the pod: main, proxy; did you "
         "mean 'main'?", at="containers.proxy.before.mian", before=(PROXY,)),
    case("web", "containers.migrate.before", {"main": "complete", "proxy": "started"},
         "must not ask for complete and for started", before=(PROXY, MIGRATE)),
    case("web", "containers.proxy.before", "healthy", "is required with before: healthy",
         at="containers.proxy.probes.startup", before=(PROXY,)),
    case("web", "containers.proxy.before", {"migrate": "started"}, "waits in a circle: proxy before migrate before "
         "proxy", before=(PROXY, MIGRATE, ("web", "containers.migrate.before", {"proxy": "complete"}))),
    case("web", "containers.migrate.before", {"migrate": "complete"}, "waits in a circle: migrate before migrate",
         before=(MIGRATE,)),
    case("web", "containers.migrate.probes", {"readiness": {"exec": {"command": ["true"]}}},
         "has no use before: complete: its end is its health", at="containers.migrate.probes.readiness",
         before=(MIGRATE,)),
    case("web", "containers.migrate.preStop", 1, "has no use before: complete: it ends by itself", before=(MIGRATE,)),
    case("web", "containers.migrate.ports", {"x": 1}, "has no use before: complete: nobody calls a container",
         before=(MIGRATE,)),
    case("web", "containers.proxy.ports", {"http": 9901}, "must be named once in a pod",
         at="containers.proxy.ports.http", before=(PROXY,)),
    case("web", "containers.proxy.ports.admin", 8080, "must not repeat the number of 'http' with the same protocol, "
         "TCP; got 8080", before=(PROXY,)),
    case("web", "ports.other", 8080, "must not repeat the number of 'http' with the same protocol, TCP; got 8080"),
    case("web", "ports.quic", {"port": 53, "protocol": "UDP"}, "must not repeat the number of 'dns' with the same "
         "protocol, UDP; got 53; keep one name a port", before=(DNS,)),
    case("web", "preStop", {}, "must have exactly one of sleepSeconds, exec, httpGet; got none; add one"),
    case("web", "preStop", {"sleepSeconds": 1, "httpGet": {"port": "http"}}, "got sleepSeconds, httpGet; keep one"),
    case("web", "preStop", {"sleepSeconds": 30}, "must be below terminationGracePeriodSeconds (30): the kill comes 30 "
         "s after the pod is told to go, the wait included; got 30; write at most 29", at="preStop.sleepSeconds"),
    case("web", "containers.proxy.preStop", {"httpGet": {"port": "http"}}, "must be a name in 'ports', which has "
         "'admin'; got 'http'", at="containers.proxy.preStop.httpGet.port", before=(PROXY,)),
    case("web", "containers.proxy.image", "registry.example/proxy", "must have a version in 'images' of the stack",
         before=(PROXY,)),
    case("web", "containers.proxy.image", "registry.example/team/redis", "shares its last part", before=(PROXY,),
         at=("web", "containers.proxy.image")),
    case("web", "containers.proxy.resources", {"requests": {"cpu": "200m"}, "limits": {"cpu": "100m"}},
         "must not exceed its limit '100m'; got '200m'", at="containers.proxy.resources.requests.cpu", before=(PROXY,)),
    case("web", "containers.proxy.resources", {"requests": {"memory": "1Mi"}, "limits": {"memory": "2Gi"}},
         "must not exceed the namespace's maximum '1Gi'", at="containers.proxy.resources.limits.memory",
         before=(PROXY, ("dev", "namespaces.course.limits.max.memory", "1Gi"))),
    case("web", "containers.proxy.security.runAsUser", 0, "runs as root, which the restricted pod security level "
         "forbids", before=(PROXY, ROOT)),
    case("web", "containers.proxy.security.fsGroup", 999, "is of the whole pod, not of one container; move it to "
         "'security.fsGroup' of the workload", before=(PROXY, ROOT)),
    case("web", "probes.liveness", {}, "must have exactly one of httpGet, tcpSocket, grpc, exec; got none; add one"),
    case("web", "probes.liveness.exec", {"command": ["true"]}, "got tcpSocket, exec; keep one", at="probes.liveness"),
    case("web", "probes.liveness.successThreshold", 2, "must be 1 for liveness; got 2; remove it"),
    case("web", "probes.readiness.terminationGracePeriodSeconds", 5, "goes with startup and liveness only"),
    case("web", "probes.readiness.httpGet.port", "zzz", "which has 'http'; got 'zzz'; add the port"),
    case("web", "probes.readiness.httpGet.port", "dns", "must be a TCP port, and 'dns' is UDP: nobody can ask that "
         "one; got 'dns'; name one of 'http', or check with 'exec'", before=(DNS,)),
    case("web", "preStop", {"httpGet": {"port": "dns"}}, "must be a TCP port, and 'dns' is UDP",
         at="preStop.httpGet.port", before=(DNS,)),
    case("web", "containers.probe", {"ports": {"dns": {"port": 53, "protocol": "UDP"}}, "probes": {"readiness": "tcp"}},
         "needs a TCP port, and the container has none in 'ports': nobody can ask one of another protocol; check with "
         "'exec'", at="containers.probe.probes.readiness"),
    case("web", "containers.probe", {"probes": {"readiness": "grpc"}}, "needs a port, and the container has none",
         at="containers.probe.probes.readiness"),
    case("web", "probes.liveness.failureThreshold", 1, "ends the container after 0 + 1 x 10 = 10 s "
         "(initialDelaySeconds + failureThreshold x periodSeconds), while readiness gives it 0 + 10 = 10 s to start",
         at="probes.liveness"),
    case("web", "probes.readiness.initialDelaySeconds", 20, "ends the container after 0 + 3 x 10 = 30 s (initialDelay"
         "Seconds + failureThreshold x periodSeconds), while readiness gives it 20 + 10 = 30 s", at="probes.liveness"),
    case("web", "probes.startup", {"tcpSocket": {}, "failureThreshold": 60}, "gives the container 0 + 60 x 10 = 600 s, "
         "which must be below rollout.progressDeadlineSeconds - minReadySeconds = 600 - 0 = 600 s"),
    case("web", "rollout", {"minReadySeconds": 300}, "gives the container 0 + 30 x 10 = 300 s, which must be below "
         "rollout.progressDeadlineSeconds - minReadySeconds = 600 - 300 = 300 s", at="probes.startup",
         before=(slow("startup", failureThreshold=30),)),
    case("web", "containers.proxy.probes.startup", {"tcpSocket": {}, "failureThreshold": 31},
         "gives the container 0 + 31 x 10 = 310 s, and all that start one by one 310 + 290 = 600 s, which must be",
         before=(PROXY, slow("startup", failureThreshold=29))),
    case("web", "env.POD", {}, "must have exactly one of field, resource, config, secret; add one"),
    case("web", "env.POD", {"field": "metadata.name", "resource": "limits.cpu"},
         "must have exactly one of field, resource, config, secret; keep one"),
    case("web", "env.POD", {"config": "LEVLE"},
         "must be a key in 'config.env': LEVEL; did you mean 'LEVEL'?",
         at="env.POD.config", before=(CONFIG,)),
    case("web", "env.POD", {"secret": "KEY"}, "must be a key in 'secrets': none; add it there", at="env.POD.secret"),
    case("web", "env.POD", {"field": "metadata.labels"}, "must name one of them, for example",
         at="env.POD.field"),
    case("web", "env.POD", {"field": "metadata.labels['a b']"}, "must name a label or annotation by its key",
         at="env.POD.field"),
    case("web", "volumes.tmp", {"mountPath": "/tmp"}, "got none; add one"),
    case("web", "volumes.tmp.mountPath", GONE, "is mounted nowhere", at="volumes.tmp"),
    case("web", "volumes.shop", {"readOnly": True, "emptyDir": {"sizeLimit": "1Mi"}}, "goes with 'mountPath' only; say "
         "it in 'mounts'", at="volumes.shop.readOnly", before=(SHOP, ("web", "mounts", {"/data": "shop"}))),
    *(
        case("web", ("volumes", name), {"mountPath": "/x", "emptyDir": {"sizeLimit": "1Mi"}},
             "those are the platform's own; rename it")
        for name in ("config-files", "secret-files", "vault-mine", "scratch-tmp")
    ),
    case("web", "volumes.shop.emptyDir", {"sizeLimit": "128Mi", "medium": "Memory"}, "must be below the memory limit "
         "of the pod, 128Mi", at="volumes.shop.emptyDir.sizeLimit", before=(SHOP,)),
    case("web", "volumes.info", {"mountPath": "/info", "downward": {"node": "spec.nodeName"}},
         "must be a field below 'metadata'", at="volumes.info.downward.node"),
    case("web", "volumes.info", {"mountPath": "/info", "downward": {"tier": "metadata.labels['/']"}},
         "must name a label or annotation by its key", at="volumes.info.downward.tier"),
    case("web", "volumes.info", {"mountPath": "/info", "downward": {"tier": {}}},
         "must have exactly one of field, resource; got none", at="volumes.info.downward.tier"),
    case("web", "volumes.info", {"mountPath": "/info", "projected": []}, "must have at least one source",
         at="volumes.info.projected"),
    case("web", "volumes.info", {"mountPath": "/info", "projected": [TOKEN, {}]},
         "must have exactly one of configMap, secret, downward, token; got none", at="volumes.info.projected[1]"),
    case("web", "volumes.info", {"mountPath": "/info", "projected": [TOKEN, {"downward": {"token": "metadata.uid"}}]},
         "makes the file 'token', which another source makes already", at="volumes.info.projected[1]"),
    case("web", ("mounts", "/data"), "shpo", "must be a name in 'volumes': shop, tmp; got 'shpo'; did you mean 'shop'?",
         before=(SHOP,)),
    case("web", ("containers", "proxy", "mounts"), {"/etc/web": "config-files"}, "must be a name in 'volumes': tmp; "
         "got 'config-files'", at=("web", ("containers", "proxy", "mounts", "/etc/web")), before=(PROXY,)),
    case("web", ("mounts", "/shop/"), "tmp", "is taken by volume shop; got '/shop/'", before=(SHOP,)),
    case("web", ("scratch",), ["/tmp"], "is taken by volume tmp; got '/tmp'", at="scratch[0]"),
    case("web", ("containers", "proxy", "mounts"), {"/tmp": "tmp"}, "is taken by volume tmp",
         at="containers.proxy.scratch[0]", before=(PROXY,)),
]  # fmt: skip
