"""Cases of the rules of Services and Ingresses."""

from tests.policy.case import ABSENT, bad, good, unclear

SERVICE, INGRESS, QUOTA = "Service shop/web", "Ingress shop/web", "ResourceQuota shop/quota"
RULE = "spec.rules[0]"
ANNOTATION = 'metadata.annotations["{}"]'.format
INTERNAL = ANNOTATION("service.beta.kubernetes.io/azure-load-balancer-internal")
TAGS = ANNOTATION("service.beta.kubernetes.io/azure-allowed-service-tags")
PATH = {"path": "/", "backend": {"service": {"name": "api", "port": {"number": 80}}}}


def other(host: str, **annotations: str) -> tuple[dict, ...]:
    return (
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": {"name": "other", "namespace": "other", "annotations": annotations},
            "spec": {
                "ingressClassName": "nginx",
                "tls": [{"hosts": [host], "secretName": "other-tls"}],
                "rules": [{"host": host, "http": {"paths": [PATH]}}],
            },
        },
    )


GRANT = {
    "apiVersion": "v1",
    "kind": "ResourceQuota",
    "metadata": {"name": "ports", "namespace": "shop"},
    "spec": {"hard": {"services.nodeports": "1"}},
}

CASES = [
    bad(
        "service-load-balancer-open",
        SERVICE,
        {"spec.type": "LoadBalancer"},
        "spec.loadBalancerSourceRanges",
    ),
    bad(
        "service-load-balancer-open",
        SERVICE,
        {"spec.type": "LoadBalancer", "spec.loadBalancerSourceRanges": ["0.0.0.0/0"]},
        "spec.loadBalancerSourceRanges",
        complete=True,
    ),
    good("service-load-balancer-open", SERVICE, {"spec.type": "LoadBalancer", INTERNAL: "true"}),
    good(
        "service-load-balancer-open",
        SERVICE,
        {"spec.type": "LoadBalancer", TAGS: "AzureFrontDoor.Backend"},
    ),
    good(
        "service-load-balancer-open",
        SERVICE,
        {"spec.type": "LoadBalancer", "spec.loadBalancerSourceRanges": ["198.51.100.0/26"]},
    ),
    good(
        "service-load-balancer-open",
        SERVICE,
        {"spec.type": "LoadBalancer"},
        parameters={"entrances": ["shop/web"]},
    ),
    unclear(
        "service-load-balancer-open",
        SERVICE,
        {"spec.type": "LoadBalancer", "spec.loadBalancerSourceRanges": {"$unknown": True}},
    ),
    bad("service-node-port", SERVICE, {"spec.type": "NodePort"}),
    bad("service-node-port", SERVICE, {"spec.type": "NodePort"}, without=(QUOTA,)),
    good("service-node-port", SERVICE, {"spec.type": "LoadBalancer"}),
    good("service-node-port", SERVICE, {"spec.type": "NodePort"}, more=(GRANT,)),
    bad("service-external-ips", SERVICE, {"spec.externalIPs": ["203.0.113.7"]}),
    good("service-external-ips", SERVICE, {"spec.externalIPs": []}),
    bad(
        "service-traffic-policy",
        SERVICE,
        {"spec.type": "LoadBalancer"},
        "spec.externalTrafficPolicy",
    ),
    good(
        "service-traffic-policy",
        SERVICE,
        {"spec.type": "LoadBalancer", "spec.externalTrafficPolicy": "Local"},
    ),
    bad("ingress-tls", INGRESS, {"spec.tls": ABSENT}, f"{RULE}.host"),
    bad("ingress-tls", INGRESS, {f"{RULE}.host": "www.shop.example.com"}),
    good("ingress-tls", INGRESS, {"spec.tls[0].hosts": ["*.example.com"]}),
    good("ingress-tls", INGRESS, {"spec.tls[0].hosts": ABSENT}),
    good("ingress-tls", INGRESS, {"spec.tls": ABSENT, f"{RULE}.host": "shop.localhost"}),
    good("ingress-tls", INGRESS, {"spec.tls": ABSENT}, more=other("shop.example.com")),
    unclear("ingress-tls", INGRESS, {"spec.tls": {"$unknown": True}}),
    bad("ingress-host", INGRESS, {f"{RULE}.host": ABSENT}),
    bad("ingress-host", INGRESS, {f"{RULE}.host": "*.example.com"}),
    good("ingress-host", INGRESS, {"spec.rules": ABSENT}),
    bad("ingress-class", INGRESS, {"spec.ingressClassName": ABSENT}),
    good(
        "ingress-class",
        INGRESS,
        {"spec.ingressClassName": ABSENT, ANNOTATION("kubernetes.io/ingress.class"): "nginx"},
    ),
    bad("ingress-snippets", INGRESS, {ANNOTATION("nginx.org/location-snippets"): "deny all;"}),
    bad(
        "ingress-snippets",
        INGRESS,
        {ANNOTATION("nginx.ingress.kubernetes.io/configuration-snippet"): "deny all;"},
    ),
    good("ingress-snippets", INGRESS, {ANNOTATION("nginx.org/rewrite-target"): "/"}),
    bad(
        "ingress-redirect",
        INGRESS,
        {ANNOTATION("nginx.ingress.kubernetes.io/ssl-redirect"): "false"},
    ),
    good(
        "ingress-redirect",
        INGRESS,
        {ANNOTATION("nginx.ingress.kubernetes.io/ssl-redirect"): "true"},
    ),
    bad("ingress-tls-secret", INGRESS, {"spec.tls[0].secretName": ABSENT}),
    good("ingress-tls-secret", INGRESS, {"spec.tls": ABSENT}),
    bad(
        "ingress-duplicate-path",
        "Ingress other/other",
        {f"{RULE}.host": "shop.example.com"},
        f"{RULE}.http.paths[0].path,{RULE}.http.paths[0].path",
        more=other("other.example.com"),
    ),
    good("ingress-duplicate-path", INGRESS, {}, more=other("other.example.com")),
    good(
        "ingress-duplicate-path",
        INGRESS,
        {},
        more=other("shop.example.com", **{"nginx.ingress.kubernetes.io/canary": "true"}),
    ),
    good(
        "ingress-duplicate-path",
        INGRESS,
        {"spec.ingressClassName": "internal"},
        more=other("shop.example.com"),
    ),
]
