"""Cases of the rules of rights."""

from typing import Any

from tests.policy.case import bad, good, unclear

ROLE, BINDING = "Role shop/viewer", "RoleBinding shop/viewer"
CLUSTER_ROLE, CLUSTER_BINDING = "ClusterRole nodes", "ClusterRoleBinding nodes"
SUBJECT = "subjects[+]"


def right(resource: str, *verbs: str, group: str = "", **rest: Any) -> dict[str, Any]:
    return {"apiGroups": [group], "resources": [resource], "verbs": [*verbs], **rest}


def binding(subject: dict[str, Any], kind: str = "RoleBinding") -> tuple[dict[str, Any], ...]:
    """A binding of the ClusterRole in the place of the one that is there."""
    metadata = {"name": "nodes"} | ({"namespace": "shop"} if kind == "RoleBinding" else {})
    return (
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": kind,
            "metadata": metadata,
            "roleRef": {"kind": "ClusterRole", "name": "nodes"},
            "subjects": [subject],
        },
    )


PEOPLE = {"kind": "Group", "name": "6f1c02aa-4c1d-4e5b-9b57-0b6a5d3e7c02"}
ACCOUNT = {"kind": "ServiceAccount", "name": "web"}
IN_NAMESPACE = {"more": binding(PEOPLE), "without": (CLUSTER_BINDING,)}

CASES = [
    bad("rbac-wildcard", ROLE, {"rules[0].verbs": ["*"]}),
    bad("rbac-wildcard", CLUSTER_ROLE, {"rules[0].resources": ["*"]}),
    bad("rbac-wildcard", CLUSTER_ROLE, {"rules[0].apiGroups": ["", "*"]}),
    good("rbac-wildcard", ROLE, {"rules[0].resources": ["pods/log"]}),
    unclear("rbac-wildcard", ROLE, {"rules[0].verbs": [{"$unknown": True}]}),
    bad(
        "rbac-secrets-cluster-wide",
        CLUSTER_ROLE,
        {"rules[+]": right("secrets", "list")},
        "rules[1]",
    ),
    good("rbac-secrets-cluster-wide", CLUSTER_ROLE, {"rules[+]": right("secrets", "create")}),
    good(
        "rbac-secrets-cluster-wide",
        CLUSTER_ROLE,
        {"rules[+]": right("secrets", "get", resourceNames=["ca"])},
    ),
    good(
        "rbac-secrets-cluster-wide",
        CLUSTER_ROLE,
        {"rules[+]": right("secrets", "get")},
        **IN_NAMESPACE,
    ),
    *(
        bad("rbac-escalation", title, {"rules[+]": right(what, verb)}, "rules[1].verbs")
        for title, what, verb in (
            (ROLE, "roles", "escalate"),
            (ROLE, "*", "bind"),
            (CLUSTER_ROLE, "clusterroles", "bind"),
            (CLUSTER_ROLE, "serviceaccounts", "impersonate"),
            (CLUSTER_ROLE, "userextras/scopes", "impersonate"),
        )
    ),
    *(
        bad(
            "rbac-escalation",
            CLUSTER_ROLE,
            {"rules[+]": right(what, verb, resourceNames=["view", name])},
            "rules[1].verbs",
        )
        for what, verb, name in (
            ("clusterroles", "bind", "cluster-admin"),
            ("groups", "impersonate", "system:masters"),
            ("clusterroles", "escalate", "edit"),
        )
    ),
    *(
        good("rbac-escalation", CLUSTER_ROLE, {"rules[+]": right(what, verb)})
        for what, verb in (("apiexports", "bind"), ("pods", "escalate"), ("roles", "impersonate"))
    ),
    good(
        "rbac-escalation",
        ROLE,
        {"rules[+]": right("roles", "bind", resourceNames=["viewer"])},
    ),
    bad(
        "rbac-pod-exec",
        ROLE,
        {"rules[+]": right("pods/exec", "create")},
        "rules[1].resources",
    ),
    bad(
        "rbac-pod-exec",
        CLUSTER_ROLE,
        {"rules[+]": right("pods/ephemeralcontainers", "patch")},
        "rules[1].resources",
    ),
    good("rbac-pod-exec", ROLE, {"rules[+]": right("pods/exec", "create")}, without=(BINDING,)),
    unclear(
        "rbac-pod-exec",
        ROLE,
        {"rules[+]": right("pods/exec", "create")},
        without=(BINDING,),
        complete=False,
    ),
    good("rbac-pod-exec", CLUSTER_ROLE, {"rules[+]": right("pods/exec", "create")}, **IN_NAMESPACE),
    bad(
        "rbac-pod-exec",
        CLUSTER_ROLE,
        {"rules[+]": right("pods/attach", "create")},
        "rules[1].resources",
        more=binding(ACCOUNT),
        without=(CLUSTER_BINDING,),
    ),
    bad(
        "rbac-node-proxy",
        CLUSTER_ROLE,
        {"rules[+]": right("nodes/proxy", "get")},
        "rules[1].resources",
    ),
    good("rbac-node-proxy", CLUSTER_ROLE, {"rules[+]": right("nodes/metrics", "get")}),
    bad(
        "rbac-token-create",
        ROLE,
        {"rules[+]": right("serviceaccounts/token", "create")},
        "rules[1].resources",
    ),
    good(
        "rbac-token-create",
        ROLE,
        {"rules[+]": right("serviceaccounts/token", "create", resourceNames=["web"])},
    ),
    bad(
        "rbac-admission-control",
        CLUSTER_ROLE,
        {
            "rules[+]": right(
                "validatingwebhookconfigurations", "patch", group="admissionregistration.k8s.io"
            )
        },
        "rules[1].resources",
    ),
    bad(
        "rbac-admission-control",
        CLUSTER_ROLE,
        {
            "rules[+]": right(
                "certificatesigningrequests/approval", "update", group="certificates.k8s.io"
            )
        },
        "rules[1].resources",
    ),
    good(
        "rbac-admission-control",
        CLUSTER_ROLE,
        {
            "rules[+]": right(
                "validatingwebhookconfigurations", "list", group="admissionregistration.k8s.io"
            )
        },
    ),
    bad("rbac-cluster-admin", CLUSTER_BINDING, {"roleRef.name": "cluster-admin"}, "roleRef"),
    bad(
        "rbac-cluster-admin",
        BINDING,
        {"roleRef": {"kind": "ClusterRole", "name": "cluster-admin"}},
    ),
    good("rbac-cluster-admin", BINDING, {"roleRef": {"kind": "Role", "name": "cluster-admin"}}),
    bad(
        "rbac-cluster-admin",
        CLUSTER_BINDING,
        {SUBJECT: {"kind": "Group", "name": "system:masters"}},
        "subjects[system:masters].name",
    ),
    good("rbac-cluster-admin", CLUSTER_BINDING, {"roleRef.name": "view"}),
    bad(
        "rbac-everybody",
        CLUSTER_BINDING,
        {SUBJECT: {"kind": "Group", "name": "system:authenticated"}},
        "subjects[system:authenticated]",
    ),
    bad(
        "rbac-everybody",
        BINDING,
        {SUBJECT: {"kind": "User", "name": "system:anonymous"}},
        "subjects[system:anonymous]",
    ),
    good(
        "rbac-everybody",
        BINDING,
        {SUBJECT: {"kind": "Group", "name": "system:serviceaccounts:shop"}},
    ),
    bad(
        "rbac-default-service-account",
        BINDING,
        {SUBJECT: {"kind": "ServiceAccount", "name": "default"}},
        "subjects[default]",
    ),
    good("rbac-default-service-account", BINDING, {SUBJECT: {"kind": "Group", "name": "default"}}),
    bad(
        "rbac-resource-names", ROLE, {"rules[0].resources": ["configmap"]}, "rules[0].resources[0]"
    ),
    bad("rbac-resource-names", ROLE, {"rules[0].resources": ["Pods/log"]}, "rules[0].resources[0]"),
    bad("rbac-resource-names", ROLE, {"rules[0].resources": ["ingress"]}, "rules[0].resources[0]"),
    good("rbac-resource-names", ROLE, {"rules[0].resources": ["endpoints", "widgets"]}),
]

THERE = {
    "apiVersion": "v1",
    "kind": "ServiceAccount",
    "metadata": {"name": "web", "namespace": "there"},
}
EMPTY = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "there"}}
PODS = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "a", "namespace": "there"},
    "spec": {},
}
OTHER = {"subjects[web].namespace": "there"}

CASES += [
    good("ref-role-subject", BINDING, OTHER, more=(THERE,)),
    bad("ref-role-subject", BINDING, OTHER, "subjects[web]", more=(EMPTY,)),
    bad("ref-role-subject", BINDING, OTHER, "subjects[web]", more=(PODS,)),
]
