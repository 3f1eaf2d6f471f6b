"""Cases at the edges of rules about who reaches whom: peers, Ingresses, security groups."""

from tests.policy.case import ABSENT, Case, bad, good, unclear
from tests.policy.cases.elsewhere import by_name
from tests.policy.cases.exposure import ANNOTATION, INGRESS, PATH, other
from tests.policy.cases.references import CHART, ELSEWHERE, PEER, POLICY

UNKNOWN, CLUSTER = {"$unknown": True}, "ManagedCluster aks"

CASES: list[Case] = []

CASES += [
    good("ref-ingress-class", INGRESS, {"spec.ingressClassName": ABSENT}),
    unclear(
        "ref-ingress-class",
        INGRESS,
        {"spec.ingressClassName": "edge"},
        more=({**CHART, "inputs": {"values": {"other": {"ingressClass": {"name": "edge"}}}}},),
    ),
    unclear(
        "ref-ingress-class",
        INGRESS,
        {"spec.ingressClassName": "None"},
        more=({**CHART, "inputs": {"values": {"controller": {"ingressClass": {}}}}},),
    ),
]

BY_NAME = "kubernetes.io/metadata.name"
ABROAD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "other", "namespace": "abroad", "labels": {"app": "other"}},
    "spec": {},
}
LABELLED = {"namespaceSelector": {"matchLabels": {"team": "x"}}}


def to(name: str, app: str) -> dict[str, object]:
    """A peer in a namespace of a name."""
    return {
        "namespaceSelector": {"matchLabels": {BY_NAME: name}},
        "podSelector": {"matchLabels": {"app": app}},
    }


CASES += [
    good(
        "ref-policy-peer",
        POLICY,
        {PEER: {"namespaceSelector": {"matchLabels": {BY_NAME: "shop"}}, "podSelector": {}}},
    ),
    good("ref-policy-peer", POLICY, {PEER: to("abroad", "other")}, more=(ABROAD,)),
    bad(
        "ref-policy-peer",
        POLICY,
        {PEER: to("abroad", "nobody")},
        f"{PEER}.podSelector",
        more=(ABROAD,),
    ),
    unclear(
        "ref-policy-peer",
        POLICY,
        {PEER: to("abroad", "nobody")},
        more=(ABROAD,),
        without=(CLUSTER,),
    ),
    unclear("ref-policy-peer", POLICY, {PEER: to("foreign", "nobody")}, without=(CLUSTER,)),
    bad(
        "ref-policy-peer",
        POLICY,
        {PEER: to("shop", "nobody")},
        f"{PEER}.podSelector",
        without=(CLUSTER,),
    ),
    unclear("ref-policy-peer", POLICY, {PEER: LABELLED}, without=(CLUSTER,)),
    bad(
        "ref-policy-peer",
        POLICY,
        {PEER: {"namespaceSelector": {"matchLabels": {BY_NAME: "shop", "team": "x"}}}},
        f"{PEER}.namespaceSelector",
        without=(CLUSTER,),
    ),
    good(
        "ref-policy-peer", POLICY, {PEER: {"namespaceSelector": by_name("NotIn", ["kube-system"])}}
    ),
    good(
        "ref-policy-peer",
        POLICY,
        {
            PEER: {
                "namespaceSelector": by_name("In", ["kube-system", "shop"]),
                "podSelector": {"matchLabels": {"app": "nobody"}},
            }
        },
    ),
    unclear("ref-policy-peer", POLICY, {PEER: UNKNOWN}),
    unclear("ref-policy-peer", POLICY, {f"{PEER}.podSelector": UNKNOWN}),
    unclear(
        "ref-policy-peer",
        POLICY,
        {
            PEER: {
                "namespaceSelector": {
                    "matchExpressions": [{"key": "team", "operator": "In", "values": ["shop"]}]
                }
            }
        },
        **ELSEWHERE,
    ),
]

CLASS = ANNOTATION("kubernetes.io/ingress.class")
RULE = "spec.rules[0]"


def paths(*given: str) -> list[dict[str, object]]:
    return [{**PATH, "path": it, "pathType": "Prefix"} for it in given]


CASES += [
    good(
        "ingress-duplicate-path",
        INGRESS,
        {f"{RULE}.http.paths": paths("/a")},
        more=other("shop.example.com"),
    ),
    good(
        "ingress-duplicate-path",
        INGRESS,
        {"spec.ingressClassName": ABSENT, CLASS: "internal"},
        more=other("shop.example.com"),
    ),
]

NSG = "NetworkSecurityGroup nodes"
NSG_RULE = "securityRules[web]"
OPEN = {f"{NSG_RULE}.destinationPortRanges": ["22"]}

CASES += [
    good("azure-nsg-open", NSG, {**OPEN, f"{NSG_RULE}.direction": "Outbound"}),
    good("azure-nsg-open", NSG, {**OPEN, f"{NSG_RULE}.access": "Deny"}),
    good("azure-nsg-open", NSG, {f"{NSG_RULE}.destinationPortRange": "ssh"}),
    bad("azure-nsg-open", NSG, {f"{NSG_RULE}.destinationPortRanges": ["20-25"]}, NSG_RULE),
    good("azure-nsg-open", NSG, {f"{NSG_RULE}.destinationPortRanges": ["23-25"]}),
]

FREE = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "free", "namespace": "abroad"},
    "spec": {
        "podSelector": {},
        "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "other"}}}]}],
    },
}
ABROAD_ITSELF = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "abroad"}}

CASES += [
    bad(
        "azure-nsg-open",
        "NetworkSecurityGroup more",
        {"securityRules[ssh].sourceAddressPrefixes": ["10.0.0.0/8", "*"]},
        "securityRules[ssh]",
        more=(
            {
                "type": "azure-native:network:NetworkSecurityGroup",
                "name": "more",
                "inputs": {
                    "securityRules": [
                        {
                            "name": "ssh",
                            "access": "Allow",
                            "direction": "Inbound",
                            "destinationPortRange": "22",
                        }
                    ]
                },
            },
        ),
    ),
    bad(
        "ingress-duplicate-path",
        "Ingress other/other",
        {f"{RULE}.http.paths[0].path": ABSENT},
        f"{RULE}.http.paths[0].path,{RULE}.http.paths[0].path",
        more=(
            {
                **other("shop.example.com")[0],
                "spec": {
                    **other("shop.example.com")[0]["spec"],
                    "rules": [{"host": "shop.example.com", "http": {"paths": paths("/b")}}],
                },
            },
        ),
    ),
]

CASES += [
    bad(
        "ref-policy-peer",
        POLICY,
        {PEER: {"podSelector": {"matchLabels": {"app": "other"}}}},
        f"{PEER}.podSelector",
        more=(ABROAD, ABROAD_ITSELF),
    ),
    good(
        "ref-policy-peer",
        POLICY,
        {PEER: {"namespaceSelector": by_name("In", ["nowhere", "shop"])}},
        without=(CLUSTER,),
    ),
    good("ref-policy-peer", POLICY, {PEER: {"namespaceSelector": by_name("NotIn", ["nowhere"])}}),
    bad(
        "ref-policy-peer",
        "NetworkPolicy abroad/free",
        {f"{PEER}.podSelector.matchLabels": {"app": "nobody"}},
        f"{PEER}.podSelector",
        more=(FREE, ABROAD),
        without=(CLUSTER,),
    ),
    bad(
        "ref-policy-peer",
        POLICY,
        {PEER: to("abroad", "nobody")},
        f"{PEER}.podSelector",
        more=(ABROAD,),
        **ELSEWHERE,
    ),
]

FRONT = {**other("shop.example.com", **{"kubernetes.io/ingress.class": "front"})[0]}
FRONT["spec"] = {key: it for key, it in FRONT["spec"].items() if key != "ingressClassName"}

CASES += [
    bad(
        "ingress-duplicate-path",
        INGRESS,
        {"spec.ingressClassName": ABSENT, CLASS: "front"},
        f"{RULE}.http.paths[0].path,{RULE}.http.paths[0].path",
        more=(FRONT,),
    ),
]
