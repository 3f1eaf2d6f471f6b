"""Cases of `settings/checks/exposure.py`."""

from tests.settings.cases.common import case
from tests.settings.estate import GONE

CASES = [
    case("dev", "ingress.pool", GONE, "is required with controller nginx"),
    case("dev", "ingress.namespace", "course", "must not be a tenant's namespace; got 'course'"),
    case("dev", "ingress.hosts.extra", "dev.course.example", "must differ from host 'public'"),
    case("web", "routes[0].host", "publik",
         "must be a key in 'ingress.hosts' of the stack; got 'publik'; did you mean "
         "'public'?"),
    case("web", "routes[0].path", "/feature-login/",
         "claims dev.course.example/feature-login, which web-feature-login "
         "has already", at="routes[0]"),
    case("web", "service", GONE, "needs 'service': an Ingress sends requests to one", at="routes"),
    case("regression-tests", "service", {"port": 80, "targetPort": "http"}, "has no use for a job",
         before=(("regression-tests", "ports", {"http": 8080}),)),
    case("public-nginx", "service.headless", True, "goes with type ClusterIP only; got true"),
    case("web", "service.nodePort", 30081, "goes with type NodePort only; got 30081"),
    case("web", "service.nodePort", 30080, "is taken by public-nginx; got 30080",
         before=(("web", "service.type", "NodePort"), ("dev", "namespaces.course.quota.nodePorts", 2))),
]  # fmt: skip
