"""Cases of what a peer or an Ingress names that charts and others may make."""

from tests.policy.case import bad, good, unclear
from tests.policy.cases.references import CHART, ELSEWHERE, INGRESS, PEER, POLICY


def by_name(operator: str, names: list[str]) -> dict[str, object]:
    """A selector of namespaces by an expression over their names."""
    expression = {"key": "kubernetes.io/metadata.name", "operator": operator, "values": names}
    return {"matchExpressions": [expression]}


CASES = [
    *(
        good("ref-policy-peer", POLICY, {PEER: {"namespaceSelector": by_name("In", names)}})
        for names in (["kube-system"], ["nowhere", "shop"])
    ),
    bad(
        "ref-policy-peer",
        POLICY,
        {PEER: {"namespaceSelector": by_name("In", ["nowhere"])}},
        f"{PEER}.namespaceSelector",
    ),
    bad(
        "ref-policy-peer",
        POLICY,
        {
            f"{PEER}.namespaceSelector.matchLabels": {
                "kubernetes.io/metadata.name": "shop",
                "team": "nobody",
            }
        },
        f"{PEER}.namespaceSelector",
    ),
    good(
        "ref-policy-peer",
        POLICY,
        {PEER: {"namespaceSelector": by_name("In", ["edge"])}},
        more=({**CHART, "inputs": {"namespace": "edge", "createNamespace": True}},),
    ),
    unclear(
        "ref-policy-peer",
        POLICY,
        {PEER: {"namespaceSelector": by_name("In", ["edge"])}},
        **ELSEWHERE,
    ),
    unclear(
        "ref-policy-peer",
        "Namespace shop",
        {"metadata.labels": {"$unknown": True}},
        more=(
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": {"name": "by-label", "namespace": "shop"},
                "spec": {
                    "podSelector": {},
                    "ingress": [{"from": [{"namespaceSelector": {"matchLabels": {"team": "x"}}}]}],
                },
            },
        ),
    ),
    unclear("ref-ingress-class", INGRESS, {"spec.ingressClassName": "edge"}, **ELSEWHERE),
    *(
        unclear(
            "ref-ingress-class",
            INGRESS,
            {"spec.ingressClassName": "edge"},
            more=({**CHART, "inputs": {"values": {"ingressClass": {"name": "edge", **off}}}},),
        )
        for off in ({"create": False}, {"enabled": False})
    ),
]
