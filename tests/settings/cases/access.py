"""Cases of `settings/checks/access.py`."""

from tests.settings.cases.common import case

NAME = "leases"
GROUP = "6f1c09aa-4c1d-4e5b-9b57-0b6a5d3e7c09"
WHY = "the backup reads what it saves"
LEASES = {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["get", "update"]}
CALLS = ("web", "uses", ["kubernetes"])
TOKEN = ("web", "serviceAccount", {"token": True})


def rule(resources, verbs, groups=("",), **more):
    return {"apiGroups": [*groups], "resources": [*resources], "verbs": [*verbs], **more}


def role(*rules, **more):
    return {"rules": [*rules], **more}


def of_role(resources, verbs, says, at, groups=("",), names=(), **more):
    """A role of the stack with one rule, and the fault of that rule at `at`."""
    extra = {"resourceNames": [*names]} if names else {}
    value = role(rule(resources, verbs, groups, **extra), **more)
    return case("dev", f"roles.{NAME}", value, says, at=f"roles.{NAME}.rules[0]{at}")


CASES = [
    of_role(["pod"], ["get"], "is not the plural, which RBAC compares; got 'pod'; did you mean 'pods'?",
            ".resources[0]"),
    of_role(["Deployment"], ["get"], "is not the plural, which RBAC compares; got 'Deployment'; did you mean "
            "'deployments'?", ".resources[0]", ["apps"]),
    of_role(["deploy"], ["get"], "did you mean 'deployments'?", ".resources[0]", ["apps"]),
    of_role(["pod/log"], ["get"], "did you mean 'pods/log'?", ".resources[0]"),
    of_role(["deployments"], ["get"], "is in API group 'apps', not in ''; got 'deployments'; write 'apiGroups: [apps]'",
            ".resources[0]"),
    of_role(["Deployment"], ["get"], "is in API group 'apps' and not the plural", ".resources[0]"),
    of_role(["pods", "deployments"], ["get"], "is in API group 'apps'", ".resources[1]"),
    of_role(["pods/logs"], ["get"], "is no subresource of pods; got 'pods/logs'; did you mean 'pods/log'?",
            ".resources[0]"),
    of_role(["configmaps/status"], ["get"], "is no subresource of configmaps; got 'configmaps/status'; known: none",
            ".resources[0]"),
    of_role(["pods/*"], ["get"], "grants nothing: RBAC knows '*', '*/scale' and whole names; got 'pods/*'; name the "
            "subresources of pods", ".resources[0]", reason=WHY),
    of_role(["podz"], ["get"], "is no resource of API group ''; got 'podz'; did you mean 'pods'?", ".resources[0]"),
    of_role(["xyzzy"], ["get"], "is no resource of API group ''; got 'xyzzy'; `kubectl api-resources` lists them",
            ".resources[0]"),
    of_role(["deployments"], ["get"], "is no API group of Kubernetes; got 'app'; did you mean 'apps'?",
            ".apiGroups[0]", ["app"]),
    of_role(["ingresses"], ["get"], "is no API group of Kubernetes; got 'network.k8s.io'; did you mean "
            "'networking.k8s.io'?", ".apiGroups[0]", ["network.k8s.io"]),
    of_role(["pods"], ["get"], "has none of the rule's resources; got 'batch'; remove it", ".apiGroups[1]",
            ["", "batch"]),
    of_role(["nodes"], ["get"], "is of the whole cluster, and a role of a namespace grants nothing of it; got 'nodes'",
            ".resources[0]"),
    of_role(["nodes/proxy"], ["get"], "is of the whole cluster", ".resources[0]"),
    of_role(["users"], ["impersonate"], "is of the whole cluster", ".resources[0]"),
    of_role(["pods"], ["get", "read"], "is no verb of the API; got 'read'", ".verbs[1]"),
    of_role(["pods"], ["lists"], "is no verb of the API; got 'lists'; did you mean 'list'?", ".verbs[0]"),
    of_role(["pods/log"], ["get", "list"], "is served by none of the rule's resources: they serve get; got 'list'; "
            "remove it", ".verbs[1]"),
    of_role(["pods", "pods/eviction"], ["get"], "serves create only, and none of them is in 'verbs'; got "
            "'pods/eviction'; give it a rule of its own", ".resources[1]"),
    of_role(["configmaps"], ["get", "list"], "names no object in its requests, so 'resourceNames' lets none of them "
            "through; got 'list'; give it a rule without 'resourceNames'", ".verbs[1]", names=["settings"]),
    of_role(["configmaps"], ["create"], "names no object in its requests", ".verbs[0]", names=["settings"]),
    of_role(["configmaps"], ["deletecollection"], "names no object in its requests", ".verbs[0]", names=["settings"]),
    of_role(["configmaps"], ["*"], "grants more than 'resourceNames' can hold to a name", ".verbs[0]",
            names=["settings"], reason=WHY),
    of_role(["configmaps"], ["*"], "takes in whatever a later version brings; got '*'; list what is meant, or say why "
            "in 'reason' of the role", ".verbs[0]"),
    of_role(["*/scale"], ["get"], "takes in whatever a later version brings", ".resources[0]", ["apps"]),
    of_role(["secrets"], ["list"], "list secrets: can read every Secret of the namespace", ""),
    of_role(["secrets"], ["get"], "keep 'get' alone and name the Secrets in 'resourceNames', or mount them; or, if "
            "meant, say why in 'allowEscalation.secrets'", ""),
    of_role(["*"], ["get"], "get secrets: can read", "", reason=WHY, allowEscalation={"exec": WHY}),
    of_role(["pods"], ["create"], "create pods: can run any image as any service account of the namespace", ""),
    of_role(["deployments"], ["patch"], "patch deployments: can run any image", "", ["apps"]),
    of_role(["cronjobs"], ["*"], "create cronjobs, patch cronjobs, update cronjobs: can run", "", ["batch"],
            reason=WHY),
    of_role(["pods/exec"], ["create"], "create pods/exec: can act as the service account of every pod", ""),
    of_role(["pods/attach", "pods/exec"], ["create", "get"], "create pods/attach, get pods/attach, create pods/exec "
            "and 1 more: can act", ""),
    of_role(["pods/ephemeralcontainers"], ["patch"], "patch pods/ephemeralcontainers", ""),
    of_role(["rolebindings"], ["create"], "create rolebindings: can give rights that no review has seen", "",
            ["rbac.authorization.k8s.io"]),
    of_role(["roles"], ["bind"], "bind roles: can give rights", "", ["rbac.authorization.k8s.io"]),
    of_role(["roles"], ["escalate"], "escalate roles: can give rights", "", ["rbac.authorization.k8s.io"]),
    of_role(["serviceaccounts"], ["impersonate"], "can act as somebody else", ""),
    of_role(["serviceaccounts/token"], ["create"], "can make tokens of every service account", ""),
    of_role(["namespaces"], ["patch"], "can take the pod security level off the namespace", ""),
    case("dev", f"roles.{NAME}", role(LEASES, allowEscalation={"exec": WHY}), "allows what no rule does; got 'exec'; "
         "remove it", at=f"roles.{NAME}.allowEscalation.exec"),
    case("dev", "roles.viewer", role(LEASES), "is a persona already; got 'viewer'; call it otherwise"),
    case("dev", "namespaces.course.access.roles", {"lease": [GROUP]}, "must be a key in 'roles' of the stack; got "
         "'lease'; did you mean 'leases'?", at="namespaces.course.access.roles.lease",
         before=(("dev", f"roles.{NAME}", role(LEASES)),)),
    case("dev", "namespaces.course.access.allowEscalation", {"exec": WHY}, "allows what nobody does",
         at="namespaces.course.access.allowEscalation.exec"),
    case("web", "serviceAccount", {"token": True}, "needs the Kubernetes API, which the network policies of this "
         "workload cut off; add 'kubernetes' to 'uses'", at="serviceAccount.token"),
    case("web", "serviceAccount", {"rules": [rule(["pods"], ["get"])]}, "must be true for pods to use the rights",
         at="serviceAccount.token", before=(CALLS,)),
    case("web", "serviceAccount", {"token": True, "roles": ["lease"]}, "must be a key in 'roles' of the stack; got "
         "'lease'; add it there", at="serviceAccount.roles[0]", before=(CALLS,)),
    case("web", "serviceAccount", {"token": True, "rules": [rule(["pod"], ["get"])]}, "did you mean 'pods'?",
         at="serviceAccount.rules[0].resources[0]", before=(CALLS,)),
    case("web", "serviceAccount", {"token": True, "rules": [rule(["pods"], ["*"])]}, "or use a role of the stack's "
         "'roles' with a 'reason'", at="serviceAccount.rules[0].verbs[0]", before=(CALLS,)),
    case("web", "serviceAccount", {"token": True, "rules": [rule(["secrets"], ["list"])]}, "list secrets: can read",
         at="serviceAccount.rules[0]", before=(CALLS,)),
    case("web", "serviceAccount", {"token": True, "rules": [LEASES]}, "opens a shell beside web, whose service account "
         "may do more: get leases, update leases; give web a namespace of its own, or say why in "
         "'access.allowEscalation.exec'", at=("dev", "namespaces.course.access.debugger"), before=(CALLS,)),
    case("web", "serviceAccount", {"token": True, "roles": [NAME]}, "opens a shell beside web",
         at=("dev", "namespaces.course.access.debugger"), before=(CALLS, ("dev", f"roles.{NAME}", role(LEASES)))),
    case("web", "serviceAccount", {"token": True, "rules": [rule(["pods"], ["get"])]},
         "is the name of a role in namespace course, too", at="name",
         before=(CALLS, ("dev", "roles.web", role(LEASES)),
                 ("dev", "namespaces.course.access.roles", {"web": [GROUP]}))),
]  # fmt: skip
