"""Cases of `settings/checks/exposure.py`."""

from tests.settings.cases.common import case
from tests.settings.cases.services import MIXED
from tests.settings.estate import GONE

CASES = [
    case("dev", "ingress.pool", GONE, "is required with controller nginx"),
    case("local", "ingress.routing", "VirtualServer", "is the F5 NGINX controller's own kind, and this stack does"),
    case("dev", "ingress.namespace", "course", "must not be a tenant's namespace; got 'course'"),
    case("dev", "ingress.hosts.extra", "dev.course.example", "must differ from host 'public'"),
    case("web", "routes[0].host", "publik",
         "must be a key in 'ingress.hosts' of the stack; got 'publik'; did you mean "
         "'public'?"),
    case("web", "routes[0].path", "/feature-login/",
         "claims dev.course.example/feature-login, which web-feature-login "
         "has already", at="routes[0]"),
    case("web", "service", GONE, "needs 'service': an Ingress sends requests to one", at="routes"),
    case("web", "routes[0].port", "stats", "must be a port of the Service: 'http'; got 'stats'"),
    case("web", "routes[0].port", "dns", "must lead to a TCP port, and 'dns' is UDP: ingress controllers speak HTTP; "
         "got 'dns'; remove the route", before=MIXED),
    case("web", "service", {"port": 53, "targetPort": "dns"}, "must lead to a TCP port, and 'dns' is UDP",
         at="routes[0]", before=(MIXED[0],)),
    case("web", "routes[0].port", "htp", "got 'htp'; did you mean 'http'?"),
    case("web", "service", {"ports": {"web": 80, "stats": 9100}},
         "must name a port of the Service: there are 'stats', 'web', and none is 'http'; add 'port: stats'",
         at="routes[0]", before=(("web", "ports", {"web": 8080, "stats": 9100}), ("web", "service.targetPort", "web"),
                                 ("web", "probes", {}))),
]  # fmt: skip
