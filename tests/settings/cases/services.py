"""Cases of `settings/checks/services.py`."""

from tests.settings.cases.common import case
from tests.settings.estate import GONE

PORTS = ("web", "ports", {"http": 8080, "stats": 9100})
SEVERAL = (PORTS, ("web", "service", {"ports": {"http": 80, "stats": 9100}}))
BALANCED = (("web", "service.type", "LoadBalancer"),
            ("dev", "namespaces.course.quota", {"requests": {}, "limits": {}, "pods": 100, "nodePorts": 3,
                                                "loadBalancers": 1}))  # fmt: skip
HEADLESS = ("web", "service", {"port": 8080, "targetPort": "http", "headless": True})
DNS = {"port": 53, "protocol": "UDP"}
MIXED = (("web", "ports", {"http": 8080, "dns": DNS, "dns-tcp": 53}),
         ("web", "service", {"ports": {"http": 80, "dns": 53, "dns-tcp": 53}}))  # fmt: skip
CASES = [
    case("regression-tests", "service", {"port": 80, "targetPort": "http"}, "has no use for a job",
         before=(("regression-tests", "ports", {"http": 8080}),)),
    case("web", "service.ports", {"http": 80}, "must have exactly one of port, ports; got both; keep one",
         at="service", before=(("web", "service.targetPort", GONE),)),
    case("blob-service", "service", {"type": "ClusterIP"}, "must have exactly one of port, ports; got none; add",
         before=(("blob-service", "routes", []),)),
    case("web", "service.targetPort", GONE, "must name the container port behind it: there are 'stats', 'web', and "
         "none is 'http'; add 'targetPort: stats'", at="service",
         before=(("web", "ports", {"web": 8080, "stats": 9100}), ("web", "service.targetPort", "web"),
                 ("web", "probes", {}))),
    case("business-data-upload", "service", 80, "needs a port of a container, and none has one in 'ports'",
         before=(("business-data-upload", "kind", "deployment"), ("business-data-upload", "cron", GONE),
                 ("business-data-upload", "job", GONE), ("business-data-upload", "pool", "wg1"))),
    case("web", "service.targetPort", "http", "goes with 'port' only: beside 'ports' each port has its own",
         before=SEVERAL),
    case("web", "service.ports.stats", {"port": 9100, "targetPort": "stat"}, "must lead to a container port: 'http', "
         "'stats'; got 'stat'; did you mean 'stats'?", at="service.ports.stats.targetPort", before=SEVERAL),
    case("web", "service.ports.debug", 81, "must lead to a container port: 'http', 'stats'; got 'debug'; add "
         "'targetPort' with one of them", before=SEVERAL),
    case("web", "service.ports.stats", 80, "must not repeat the port of 'http' with the same protocol, TCP; got 80; "
         "choose another number", before=SEVERAL),
    case("web", "service.ports.more", {"port": 53, "targetPort": "dns"}, "must not repeat the port of 'dns' with the "
         "same protocol, UDP; got 53", before=MIXED),
    case("web", "service.protocol", "UDP", "goes with 'port' only: beside 'ports' each port has its own; got 'UDP'",
         before=MIXED),
    case("web", "service.protocol", "UDP", "must be TCP, that of the container port 'http': Kubernetes finds no pod "
         "behind another; got 'UDP'; remove it, or write it in 'ports.http'"),
    case("web", "service.ports.dns.protocol", "TCP", "must be UDP, that of the container port 'dns': Kubernetes finds "
         "no pod behind another; got 'TCP'", before=(MIXED[0], ("web", "service", {"ports": {
             "http": 80, "dns": {"port": 53}, "dns-tcp": 53}}))),
    case("web", "ports.dns.protocol", "SCTP", "must not be SCTP: Azure's load balancers take it from the virtual "
         "network only; remove 'internal: false'", at="service.ports.dns",
         before=(*MIXED, *BALANCED, ("dev", "namespaces.course.quota.nodePorts", 4),
                 ("web", "service.internal", False))),
    case("web", "service.internal", True, "goes with type LoadBalancer only; remove it or change 'type: ClusterIP'"),
    case("web", "service.subnet", "balancers", "goes with type LoadBalancer only"),
    case("public-nginx", "service.allowedSources", ["10.0.0.0/8"], "goes with type LoadBalancer only"),
    case("web", "service.externalTrafficPolicy", "Local", "goes with type NodePort or LoadBalancer only"),
    case("web", "service.subnet", "balancers", "goes with an internal load balancer only: a public address is in no "
         "subnet; got 'balancers'", before=(*BALANCED, ("web", "service.internal", False))),
    case("web", "service.sessionAffinitySeconds", 600, "goes with sessionAffinity ClientIP only; got 600"),
    case("public-nginx", "service.headless", True, "goes with type ClusterIP only; got true"),
    case("web", "service.sessionAffinity", "ClientIP", "has no effect on a headless Service", before=(HEADLESS,)),
    case("web", "service.internalTrafficPolicy", "Local", "has no effect on a headless Service", before=(HEADLESS,)),
    case("web", "service.headless", True, "must be 8080, the number of 'http': behind a headless Service callers meet "
         "the pods' own ports; got 80; write 8080", at="service.port"),
    case("web", "service.nodePort", 30081, "goes with type NodePort or LoadBalancer only; got 30081"),
    case("web", "service.nodePort", 30080, "is taken by public-nginx; got 30080",
         before=(("web", "service.type", "NodePort"), ("dev", "namespaces.course.quota.nodePorts", 2))),
    case("web", "service.ports.stats.nodePort", 30080, "is taken by public-nginx; got 30080",
         before=(PORTS, ("web", "service", {"type": "NodePort",
                                            "ports": {"http": 80, "stats": {"port": 9100, "nodePort": 30081}}}),
                 ("dev", "namespaces.course.quota.nodePorts", 3))),
    case("web", "service.ports.http.nodePort", 30081, "is taken by web; got 30081",
         before=(MIXED[0], ("dev", "namespaces.course.quota.nodePorts", 4), ("web", "service", {
             "type": "NodePort", "ports": {"http": {"port": 80}, "dns": {"port": 53, "nodePort": 30081},
                                           "dns-tcp": {"port": 53, "nodePort": 30081}}}))),
]  # fmt: skip
