"""Cases of the rules of network policies."""

from typing import Any

from tests.policy.case import ABSENT, bad, good, unclear

NAMESPACE, WEB = "Namespace shop", "Deployment shop/web"
DENY, DNS = "NetworkPolicy shop/default-deny", "NetworkPolicy shop/allow-dns"
REDIS, OUT = "NetworkPolicy shop/redis", "NetworkPolicy shop/web"
INTO, FROM = "spec.ingress[0]", "spec.ingress[0].from[0]"
TO = "spec.egress[1].to[0]"
LABEL = "spec.template.metadata.labels"
EVERYWHERE = {"ipBlock": {"cidr": "0.0.0.0/0"}}
NO_POLICIES = {"without": (DENY, DNS)}


def chart(namespace: str, **values: Any) -> tuple[dict[str, Any], ...]:
    return (
        {
            "type": "kubernetes:helm.sh/v3:Release",
            "name": "ingress",
            "inputs": {"name": "ingress", "namespace": namespace, "values": values},
        },
    )


CASES = [
    unclear(
        "network-open-ingress",
        REDIS,
        {
            f"{INTO}.from": [],
            "metadata.namespace": "edge",
            "spec.podSelector.matchLabels": {"a": "b"},
        },
        complete=False,
    ),
    bad("network-default-deny", DENY, {"spec.policyTypes": ["Egress"]}, "metadata.name"),
    bad(
        "network-default-deny", DENY, {"spec.podSelector.matchLabels": {"a": "b"}}, "metadata.name"
    ),
    bad("network-default-deny", DENY, {"metadata.namespace": "other"}, "metadata.name"),
    good("network-default-deny", DENY, {"spec.policyTypes": ["Ingress"]}),
    good("network-default-deny", NAMESPACE, {"metadata.name": "kube-system"}),
    unclear("network-default-deny", NAMESPACE, {}, more=chart("shop"), without=(DENY,)),
    unclear("network-default-deny", DENY, {"spec.podSelector": {"$unknown": True}}),
    unclear(
        "network-default-deny",
        NAMESPACE,
        {},
        more=(
            {
                "apiVersion": "cilium.io/v2",
                "kind": "CiliumNetworkPolicy",
                "metadata": {"name": "a", "namespace": "shop"},
            },
        ),
        without=(DENY,),
    ),
    bad(
        "network-pod-unselected",
        WEB,
        {f"{LABEL}": {"app": "web"}},
        ",".join(["spec.jobTemplate.spec.template.spec", *["spec.template.spec"] * 3]),
        **NO_POLICIES,
    ),
    good("network-pod-unselected", WEB, {LABEL: {"app": "web"}}),
    bad(
        "network-pod-unselected",
        WEB,
        {"metadata.namespace": "other"},
        "spec.template.spec",
    ),
    good(
        "network-pod-unselected",
        WEB,
        {"metadata.namespace": "other", "spec.template.spec.hostNetwork": True},
    ),
    bad(
        "network-dns-egress",
        DNS,
        {"spec.egress[0].ports": [{"port": 54, "protocol": "UDP"}]},
        ",".join(["spec.jobTemplate.spec.template.spec", *["spec.template.spec"] * 4]),
    ),
    bad("network-dns-egress", DNS, {"metadata.namespace": "other"}, "spec.template.spec"),
    good("network-dns-egress", DNS, {"spec.egress[0].ports": ABSENT}),
    good("network-dns-egress", OUT, {"spec.egress[0].to": [EVERYWHERE]}, without=(DNS,)),
    bad("network-open-ingress", REDIS, {f"{INTO}.from": ABSENT}, INTO),
    bad("network-open-ingress", REDIS, {f"{INTO}.from": [EVERYWHERE]}, INTO),
    good("network-open-ingress", REDIS, {f"{INTO}.from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}),
    good(
        "network-open-ingress",
        "Service shop/redis",
        {"spec.type": "LoadBalancer"},
        more=(
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": {"name": "redis", "namespace": "shop"},
                "spec": {
                    "podSelector": {"matchLabels": {"app.kubernetes.io/name": "redis"}},
                    "ingress": [{}],
                },
            },
        ),
    ),
    good(
        "network-open-ingress",
        REDIS,
        {
            f"{INTO}.from": [],
            "metadata.namespace": "edge",
            "spec.podSelector.matchLabels": {"app.kubernetes.io/instance": "ingress"},
        },
        more=chart("edge", controller={"service": {"type": "LoadBalancer"}}),
    ),
    unclear(
        "network-open-ingress",
        REDIS,
        {f"{INTO}.from": [], "metadata.namespace": "edge"},
        more=chart("edge"),
    ),
    bad(
        "network-metadata-egress",
        OUT,
        {"spec.egress[1].ports": ABSENT, f"{TO}.ipBlock.except": ["10.0.0.0/8"]},
        f"{TO}.ipBlock",
    ),
    bad(
        "network-metadata-egress",
        DNS,
        {"spec.egress[0].ports": ABSENT, "spec.egress[0].to": ABSENT},
        "spec.egress[0]",
    ),
    bad(
        "network-metadata-egress",
        OUT,
        {
            "spec.egress[+]": {
                "to": [{"ipBlock": {"cidr": "169.254.169.254/32"}}],
                "ports": [{"port": 1, "endPort": 100}],
            }
        },
        "spec.egress[2].to[0].ipBlock",
    ),
    good("network-metadata-egress", OUT, {f"{TO}.ipBlock.except": []}),
    good("network-metadata-egress", OUT, {"spec.egress[1].ports": ABSENT}),
    unclear(
        "network-metadata-egress",
        OUT,
        {"spec.egress[1].ports": ABSENT, f"{TO}.ipBlock.cidr": {"$unknown": True}},
    ),
    bad(
        "network-wide-peer",
        REDIS,
        {f"{FROM}": {"namespaceSelector": {}}},
        f"{FROM}.namespaceSelector",
    ),
    good(
        "network-wide-peer",
        REDIS,
        {f"{FROM}.namespaceSelector": {}},
    ),
    good(
        "network-wide-peer",
        REDIS,
        {FROM: {"namespaceSelector": {"matchLabels": {"env": "test"}}}},
    ),
    bad("network-empty-peer", REDIS, {FROM: {}}),
    good("network-empty-peer", REDIS, {FROM: {"podSelector": {}}}),
]
