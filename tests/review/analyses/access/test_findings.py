"""What is wrong with roles and bindings: each rule by one change to objects of which nothing is wrong."""

import copy

import pytest

from review.analyses.access.findings import access_findings, permission_findings
from review.analyses.access.objects import AccessObjects
from review.plan import Plan, Resource
from settings.escalation import PATHS
from tests.program import STACKS, planned

GROUP = "rbac.authorization.k8s.io"
TEAM = {"kind": "Group", "name": "team"}
ROBOT = {"kind": "ServiceAccount", "name": "robot", "namespace": "shop"}


def obj(kind, name, namespace="shop", **rest):
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"kind": kind, "metadata": metadata, **rest}


def rule(resources, verbs, groups=("",), **more):
    return {"apiGroups": [*groups], "resources": [*resources], "verbs": [*verbs], **more}


def binding(name, role, *subjects, namespace="shop", kind="Role"):
    return obj(
        "RoleBinding" if namespace else "ClusterRoleBinding",
        name,
        namespace,
        roleRef={"apiGroup": GROUP, "kind": kind, "name": role},
        subjects=[*subjects],
    )


def pod(**spec):
    return obj("Pod", "robot", spec={"containers": [{"name": "it"}], **spec})


ENFORCE = "pod-security.kubernetes.io/enforce"


def estate():
    """A namespace with a role for a team, an account with rights and a pod that runs as it: nothing is wrong."""
    space = obj("Namespace", "shop", "")
    space["metadata"]["labels"] = {ENFORCE: "restricted"}
    return {
        "namespace": space,
        "role": obj("Role", "reader", rules=[rule(["pods"], ["get"])]),
        "binding": binding("team", "reader", TEAM),
        "account": obj("ServiceAccount", "robot"),
        "rights": obj("Role", "robot", rules=[rule(["services"], ["delete"])]),
        "bound": binding("robot", "robot", ROBOT),
        "pod": pod(serviceAccountName="robot"),
    }


def found(objects, charts=(), minor="1.35"):
    given = AccessObjects()
    for it in objects.values() if isinstance(objects, dict) else objects:
        given.add(it)
    return access_findings(given, minor, charts)


def told(objects, **more):
    return [(it.rule, it.severity, str(it.of)) for it in found(objects, **more)]


def allowing(*rules, **annotations):
    """The estate with other rules in the team's role."""
    made = estate()
    made["role"]["rules"] = [*rules]
    made["role"]["metadata"]["annotations"] = {
        f"aks-platform/{key}": text for key, text in annotations.items()
    }
    return made


def test_roles_that_list_what_is_needed_have_no_finding():
    assert told(estate()) == []


@pytest.mark.parametrize("stack", STACKS)
def test_the_estate_has_none(stack):
    assert [*permission_findings(planned(stack))] == []


STARS = [
    rule(["*"], ["get"]),
    rule(["pods"], ["*"]),
    rule(["pods"], ["get"], ["*"]),
    rule(["*/scale"], ["get"], ["apps"]),
]


@pytest.mark.parametrize("given", STARS)
def test_a_star_without_a_reason_is_told_once_and_one_with_a_reason_is_a_stated_fact(given):
    [it] = found(allowing(given))
    assert (it.rule, it.severity, str(it.of)) == ("role-wildcard", "mandatory", "Role shop/reader")
    assert "Group team by RoleBinding shop/team" in it.what

    ways = {f"allows.{path.name}": "they run the shop" for path in PATHS}
    assert told(allowing(given, reason="a controller writes them", **ways)) == []
    assert told(allowing(given, reason=" ")) == [told(allowing(given))[0]]


def test_a_reason_for_a_star_is_none_for_what_it_leads_to():
    [it] = found(allowing(rule(["secrets"], ["*"]), reason="a controller writes them"))
    assert (it.rule, it.severity) == ("role-secrets", "mandatory")


OPENED = {
    "secrets": rule(["secrets"], ["list"]),
    "startPods": rule(["deployments"], ["patch"], ["apps"]),
    "exec": rule(["pods/ephemeralcontainers"], ["patch"]),
    "grantRights": rule(["roles"], ["escalate"], [GROUP]),
    "impersonate": rule(["serviceaccounts"], ["impersonate"]),
    "makeTokens": rule(["serviceaccounts/token"], ["create"]),
    "changeNamespace": rule(["namespaces"], ["patch"]),
    "nodeProxy": rule(["nodes/proxy"], ["get"]),
    "admission": rule(
        ["mutatingwebhookconfigurations"], ["create"], ["admissionregistration.k8s.io"]
    ),
    "certificates": rule(["signers"], ["sign"], ["certificates.k8s.io"]),
    "hostVolumes": rule(["persistentvolumes"], ["create"]),
}
KEBAB = {
    "secrets": "role-secrets",
    "startPods": "role-start-pods",
    "exec": "role-exec",
    "grantRights": "role-grant-rights",
    "impersonate": "role-impersonate",
    "makeTokens": "role-make-tokens",
    "changeNamespace": "role-change-namespace",
    "nodeProxy": "role-node-proxy",
    "admission": "role-admission",
    "certificates": "role-certificates",
    "hostVolumes": "role-host-volumes",
}


def widely(given):
    """The estate with a ClusterRole of this rule, bound everywhere."""
    role = obj("ClusterRole", "wide", "", rules=[given])
    bound = binding("wide", "wide", TEAM, namespace="", kind="ClusterRole")
    return {**estate(), "wide": role, "wide-bound": bound}


@pytest.mark.parametrize("path", PATHS, ids=lambda it: it.name)
def test_every_way_to_further_rights_is_told_where_it_is_open_and_not_where_it_has_a_reason(path):
    made = widely(OPENED[path.name])
    [it] = found(made)
    assert (it.rule, it.severity) == (KEBAB[path.name], "mandatory")
    assert str(it.of) == "ClusterRole wide"
    assert path.why in it.why
    assert path.remedy in it.remedy

    key = f"aks-platform/allows.{path.name}"
    made["wide"]["metadata"]["annotations"] = {key: "they run the cluster"}
    assert told(made) == []

    made["wide"]["metadata"]["annotations"] = {"aks-platform/allows.none": "of another"}
    assert len(found(made)) == 1


def test_a_role_that_nobody_has_yet_is_advisory():
    made = allowing(OPENED["secrets"])
    made["binding"]["subjects"] = []
    assert told(made) == [("role-secrets", "advisory", "Role shop/reader")]

    made["role"]["rules"] = [STARS[0]]
    assert told(made) == [("role-wildcard", "advisory", "Role shop/reader")]


@pytest.mark.parametrize("name", ["nodeProxy", "admission", "certificates", "hostVolumes"])
def test_what_only_a_binding_of_the_cluster_can_give_is_no_way_of_a_binding_in_a_namespace(name):
    made = widely(OPENED[name])
    made["wide-bound"] = binding("wide", "wide", TEAM, kind="ClusterRole")
    assert told(made) == []


def test_a_secret_by_its_name_alone_is_no_way_further():
    assert told(allowing(rule(["secrets"], ["get"], resourceNames=["pull"]))) == []


def test_a_shell_matters_only_beside_a_token_of_an_account_that_may_do_more():
    shell = rule(["pods/exec"], ["create"])
    [it] = found(allowing(shell))
    assert (it.rule, it.severity) == ("role-exec", "mandatory")
    assert "ServiceAccount shop/robot is there and may delete services" in it.why

    assert told(allowing(shell, rule(["services"], ["delete"]))) == []
    without = allowing(shell)
    del without["pod"]
    assert told(without) == []
    weaker = allowing(shell)
    del weaker["bound"]
    assert told(weaker) == []


def mounting(said, of_account=None):
    """Whether a shell beside such a pod is told."""
    made = allowing(rule(["pods/attach"], ["create"]))
    made["pod"]["spec"] |= said
    if of_account is not None:
        made["account"]["automountServiceAccountToken"] = of_account
    return bool(found(made))


def test_a_token_is_there_as_the_pod_says_else_its_account_else_by_default():
    off, on = (
        {"automountServiceAccountToken": False},
        {"automountServiceAccountToken": True},
    )
    assert mounting({})
    assert not mounting(off)
    assert not mounting({}, of_account=False)
    assert mounting(on, of_account=False)


@pytest.mark.parametrize(("token", "told_of"), [({}, True), ({"audience": "vault"}, False)])
def test_a_token_that_is_projected_counts_where_it_is_for_the_api(token, told_of):
    volume = {"name": "token", "projected": {"sources": [{"serviceAccountToken": token}]}}
    assert mounting({"automountServiceAccountToken": False, "volumes": [volume]}) is told_of


def test_starting_pods_is_mandatory_beside_a_stronger_account_or_where_nodes_are_open():
    given = rule(["pods"], ["create"])
    severities = {}
    for level in ("restricted", "privileged"):
        for bound in (True, False):
            made = allowing(given)
            made["namespace"]["metadata"]["labels"] = {ENFORCE: level}
            del made["pod"]
            if not bound:
                del made["bound"]
            [it] = [it for it in found(made) if it.rule == "role-start-pods"]
            severities[level, bound] = it.severity
    assert severities == {
        ("restricted", True): "mandatory",
        ("restricted", False): "advisory",
        ("privileged", True): "mandatory",
        ("privileged", False): "mandatory",
    }


def test_a_namespace_without_a_level_lets_pods_have_the_node():
    made = allowing(rule(["pods"], ["create"]))
    del made["bound"], made["namespace"]["metadata"]["labels"]
    [it] = [it for it in found(made) if it.rule == "role-start-pods"]
    assert it.severity == "mandatory"
    assert "Namespace shop lets pods have the node's folders" in it.why


@pytest.mark.parametrize(
    ("given", "severity", "says"),
    [
        (rule(["pod"], ["get"]), "mandatory", "rules[0].resources[0] is not the plural"),
        (rule(["podz"], ["get"]), "mandatory", "is no resource of API group ''; got 'podz'"),
        (rule(["deployments"], ["get"]), "mandatory", "is in API group 'apps'"),
        (rule(["nodes"], ["get"]), "mandatory", "is of the whole cluster"),
        (rule(["pods", "podz"], ["get"]), "advisory", "rules[0].resources[1]"),
        (rule(["pods"], ["get", "read"]), "advisory", "is no verb of the API"),
    ],
)
def test_a_word_that_gives_nothing_is_mandatory_where_its_whole_rule_gives_nothing(
    given, severity, says
):
    [it] = found(allowing(given))
    assert (it.rule, it.severity) == ("role-word", severity)
    assert says in it.what


def test_a_resource_that_a_minor_does_not_serve_is_told_for_that_minor():
    given = rule(["mutatingadmissionpolicies"], ["get"], ["admissionregistration.k8s.io"])
    assert [it.rule for it in found(widely(given), minor="1.35")] == ["role-word"]
    assert found(widely(given), minor="1.36") == []


def test_resources_of_somebodys_crd_are_believed():
    assert told(allowing(rule(["anything"], ["get"], ["shop.example"]))) == []


def test_an_aggregated_role_has_the_findings_of_those_it_is_made_of_and_their_severity():
    part = obj("ClusterRole", "part", "", rules=[OPENED["secrets"]])
    part["metadata"]["labels"] = {"to": "whole"}
    choose = {"clusterRoleSelectors": [{"matchLabels": {"to": "whole"}}]}
    whole = obj("ClusterRole", "whole", "", aggregationRule=choose, rules=[STARS[0]])
    made = [part, whole]
    assert told(made) == [("role-secrets", "advisory", "ClusterRole part")]

    made.append(binding("whole", "whole", TEAM, kind="ClusterRole"))
    assert told(made) == [("role-secrets", "mandatory", "ClusterRole part")]


CHANGES = {
    "binding-everybody": [
        ("mandatory", {"kind": "Group", "name": "system:authenticated"}),
        ("mandatory", {"kind": "Group", "name": "system:unauthenticated"}),
        ("mandatory", {"kind": "User", "name": "system:anonymous"}),
        ("mandatory", {"kind": "Group", "name": "system:serviceaccounts"}),
    ],
    "binding-masters": [("advisory", {"kind": "Group", "name": "system:masters"})],
    "binding-default-account": [
        ("mandatory", {"kind": "ServiceAccount", "name": "default", "namespace": "shop"}),
        ("mandatory", {"kind": "ServiceAccount", "name": "default"}),
        ("mandatory", {"kind": "User", "name": "system:serviceaccount:shop:default"}),
        ("mandatory", {"kind": "Group", "name": "system:serviceaccounts:shop"}),
    ],
    "binding-namespace-missing": [
        ("advisory", {"kind": "ServiceAccount", "name": "robot", "namespace": "gone"}),
    ],
}


@pytest.mark.parametrize(
    ("rule_", "severity", "subject"),
    [(name, *case) for name, cases in CHANGES.items() for case in cases],
)
def test_who_should_not_be_bound_is_told_of_the_binding(rule_, severity, subject):
    made = estate()
    made["binding"]["subjects"] = [TEAM, subject]
    assert told(made) == [(rule_, severity, "RoleBinding shop/team")]

    made["binding"]["metadata"]["annotations"] = {"aks-platform/reason": "everybody may look"}
    stated = rule_ != "binding-namespace-missing"
    assert told(made) == ([] if stated else [(rule_, severity, "RoleBinding shop/team")])


def test_a_namespace_is_missing_only_where_some_are_given_and_no_chart_brings_it():
    made = estate()
    made["binding"]["subjects"] = [{**ROBOT, "namespace": "elsewhere"}]
    assert told(made, charts={"elsewhere"}) == []
    for name in ("kube-system", "default"):
        there = copy.deepcopy(made)
        there["binding"]["subjects"][0]["namespace"] = name
        assert told(there) == []
    del made["namespace"]
    assert told(made) == []


@pytest.mark.parametrize(
    ("name", "severity"), [("cluster-admin", "mandatory"), ("admin", "advisory"), ("edit", "advisory")]
)  # fmt: skip
def test_kubernetes_own_roles_that_amount_to_more_than_they_say_are_told(name, severity):
    made = {**estate(), "binding": binding("team", name, TEAM, kind="ClusterRole")}
    assert told(made) == [("binding-broad", severity, "RoleBinding shop/team")]

    made["binding"]["roleRef"]["name"] = "view"
    assert told(made) == []


def test_a_binding_to_a_role_that_is_not_there_is_told_unless_a_chart_may_bring_it():
    made = estate()
    del made["role"]
    assert told(made) == [("binding-role-missing", "mandatory", "RoleBinding shop/team")]
    assert told(made, charts={"shop"}) == [
        ("binding-role-missing", "advisory", "RoleBinding shop/team")
    ]
    assert told(made, charts={"other"})[0][1] == "mandatory"

    for name, missing in (("system:node", False), ("view", False), ("vieuw", True)):
        made["binding"] = binding("team", name, TEAM, kind="ClusterRole")
        assert bool(told(made)) is missing


def test_what_kubernetes_itself_brings_has_no_finding():
    own = [
        obj("ClusterRole", "system:controller:it", "", rules=[STARS[0]]),
        binding("system:discovery", "view", {"kind": "Group", "name": "system:authenticated"},
                namespace="", kind="ClusterRole"),
    ]  # fmt: skip
    assert len(found(own)) == 2
    for it in own:
        it["metadata"]["labels"] = {"kubernetes.io/bootstrapping": "rbac-defaults"}
    assert found(own) == []
    own[0]["metadata"]["name"] = "mine"
    assert len(found(own)) == 1


def test_what_is_no_map_or_list_where_one_belongs_gives_nothing_and_hurts_nobody():
    made = [
        obj("Role", "odd", rules="all"),
        obj("Role", "odder", rules=["all", {"verbs": "get"}]),
        obj("RoleBinding", "odd", roleRef="odd", subjects=["me"]),
        obj("RoleBinding", "odder", roleRef={"kind": "Role", "name": "odd"}, subjects={"a": "b"}),
        obj("Pod", "odd", spec=[]),
        {"kind": "Role", "metadata": []},
    ]
    assert {it.rule for it in found(made)} == {"binding-role-missing"}


def planned_with(*objects):
    rows = [
        Resource(urn=f"{index}", type="kubernetes:any:Any", name=f"{index}", inputs=it)
        for index, it in enumerate(objects)
    ]
    return Plan(project="p", stack="s", resources=tuple(rows))


def test_a_plan_has_them_as_one_sentence_with_effect_and_remedy():
    [it] = permission_findings(planned_with(*allowing(OPENED["secrets"]).values()))
    assert (it.rule, it.severity, it.resource) == ("role-secrets", "mandatory", "Role shop/reader")
    assert it.message.startswith("rules[0] allows list secrets, bound to Group team by ")
    assert it.message.endswith("say why in 'allowEscalation.secrets' of the role")


def test_every_finding_has_its_page():
    pages = {
        it.source for path in PATHS for it in found(widely(OPENED[path.name]))
    } | {it.source for it in found(allowing(STARS[0]))}  # fmt: skip
    assert all(it.startswith("https://kubernetes.io/docs/") for it in pages)
