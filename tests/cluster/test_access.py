"""What everybody may do, asked of the API server: all verbs on all resources.

It is what docs/access.md says of the personas, and what the analysis of permissions computes of the objects, for
personas, roles of a stack and workloads.
"""

import copy
import itertools
import re
from collections import Counter

import pytest

from review.analyses.access.findings import access_findings
from review.analyses.access.objects import AccessObjects
from review.analyses.permissions import (
    AUTHENTICATED,
    SERVICE_ACCOUNTS,
    Permissions,
    Subject,
    effective,
)
from settings.api_resources import served_by
from settings.load import load
from settings.personas import RULES
from tests.cluster.control_plane.client import ApiError
from tests.cluster.estate import ROOT
from tests.program import STACKS

VERBS = (
    *("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"),
    *("impersonate", "escalate", "bind", "approve", "sign", "use"),
)
ROW = re.compile(
    r"^\| (viewer|deployer, beside|debugger, beside|operator, beside all of these) \|(.*\|.*\|.*)\|$",
    re.MULTILINE,
)
NOBODY = "nobody@course.example"


def documented():
    """Rights by persona as (group, resource, verb), from the page itself."""
    own = {it: set() for it in RULES}
    for persona, rest in ROW.findall((ROOT / "docs" / "access.md").read_text()):
        group, names, verbs = (re.split(r",\s*", cell.strip()) for cell in rest.split("|"))
        rights = itertools.product(["" if it == "core" else it for it in group], names, verbs)
        own[persona.partition(",")[0]] |= {*rights}
    own["operator"] |= own["deployer"] | own["debugger"]
    return {name: rights | own["viewer"] for name, rights in own.items()}


def resources(api):
    """Group and name of every resource that the server or our rights know, subresources included."""
    found = {("", it["name"]) for it in api.get("/api/v1")["resources"]}
    for group in api.get("/apis")["groups"]:
        version = group["preferredVersion"]["groupVersion"]
        found |= {(group["name"], it["name"]) for it in api.get(f"/apis/{version}")["resources"]}
    known = {(group, resource) for rights in documented().values() for group, resource, _ in rights}
    extra = {("", "users"), ("", "groups"), ("", "secrets/anything"), ("metrics.k8s.io", "pods")}
    return sorted(found | known | extra)


ASKED = Counter()
"""Reviews that the server has answered, by what it said."""


def told(record_property, what, kubernetes, before, subjects):
    """Have the run print what the matrix is worth."""
    since = ASKED - before
    record_property(
        f"access matrix of {what}, Kubernetes {kubernetes}",
        f"{subjects} subjects, {since.total():,} reviews, {since[True]:,} allowed, no difference",
    )


def can(api, namespace, group, resource, verb, name=""):
    plural, _, sub = resource.partition("/")
    asked = {"namespace": namespace, "group": group, "resource": plural, "verb": verb, "name": name}
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {**asked, "subresource": sub}},
    }
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    allowed = api.request("POST", path, body)["status"]["allowed"]
    ASKED[allowed] += 1
    return allowed


def rights(estate, namespace, *groups):
    """All that members of `groups` may do in `namespace`."""
    return allowed(estate, namespace, estate.api.impersonating(NOBODY, AUTHENTICATED, *groups))


def allowed(estate, namespace, api):
    """All that whoever `api` speaks for may do in `namespace`, whatever the object is called."""
    whole = cluster_wide(estate.api)
    return {
        (group, resource, verb)
        for group, resource in resources(estate.api)
        for verb in VERBS
        if can(api, "" if (group, resource) in whole else namespace, group, resource, verb)
    }


def cluster_wide(api):
    """Resources whose requests name no namespace; one for a Namespace itself names it."""
    found = {("", it["name"]) for it in api.get("/api/v1")["resources"] if not it["namespaced"]}
    for group in api.get("/apis")["groups"]:
        version = group["preferredVersion"]["groupVersion"]
        found |= {
            (group["name"], it["name"])
            for it in api.get(f"/apis/{version}")["resources"]
            if not it["namespaced"]
        }
    return {it for it in found if it[1].partition("/")[0] != "namespaces"}


def groups_of(settings, namespace):
    return {group for at, group in binds(settings) if at == namespace}


PERSONAS = tuple(RULES)
SHIPPED = {"viewer", "deployer", "debugger"}


def binds(settings):
    """Namespaces and groups to which a stack gives rights, with the group's personas there."""
    found = {}
    for namespace, given in settings.namespaces.items():
        for persona in PERSONAS:
            for group in getattr(given.access, persona):
                found.setdefault((namespace, group), []).append(persona)
    return found


BINDING = [it for it in STACKS if binds(load(ROOT, it))]
"""Stacks that give rights to anybody."""


@pytest.fixture(params=BINDING)
def bound(request, estates):
    """Each of them."""
    return estates(request.param)


@pytest.fixture(scope="module")
def common():
    """What anybody may do, by estate: asking about oneself."""
    return {}


def everyone(estate, common):
    if estate not in common:
        common[estate] = rights(estate, "course")
    return common[estate]


def test_a_group_has_exactly_the_documented_rights_of_its_personas_in_each_namespace(
    bound, common, kubernetes, record_property
):
    wanted, before = documented(), Counter(ASKED)
    asked = binds(bound.settings)
    for (namespace, group), personas in asked.items():
        found = rights(bound, namespace, group) - everyone(bound, common)
        own = {right for it in personas for right in wanted[it]}
        assert found == own, (namespace, personas, found ^ own)
        assert found == computed(bound.manifests, Subject("Group", group), namespace, kubernetes)
    assert {it for personas in asked.values() for it in personas} == SHIPPED
    told(record_property, bound.stack, kubernetes, before, len(asked))


def computed(manifests, subject, namespace, minor):
    """The rights of `subject` whatever the object is called, as `./aks explain access` computes them."""
    grants = [*Permissions.of(manifests).grants()]
    found = effective(grants, subject, namespace, served_by(minor))
    return {(it.group, it.resource, it.verb) for it in found if not it.name}


def test_some_group_has_one_persona_and_some_group_two():
    sizes = {len(it) for stack in BINDING for it in binds(load(ROOT, stack)).values()}

    assert sizes == {1, 2}


def test_who_is_in_no_group_may_only_ask_about_himself(bound, common):
    assert {group for group, _, _ in everyone(bound, common)} <= {
        "authorization.k8s.io",
        "authentication.k8s.io",
    }


MAKES_PODS = {
    *("pods", "replicationcontrollers", "deployments", "statefulsets", "daemonsets", "replicasets"),
    *("jobs", "cronjobs"),
}


def forbidden(rights):
    """Those of `rights` that no persona may have."""
    return {
        it
        for it in rights
        if it[1].partition("/")[0] == "secrets"
        or it[1] == "serviceaccounts/token"
        or it[2] in ("escalate", "bind", "impersonate")
        or (it[1] in ("roles", "rolebindings") and it[2] not in ("get", "list", "watch"))
        or (it[1] in MAKES_PODS and it[2] in ("create", "patch", "update"))
    }


def test_no_persona_reads_secrets_or_makes_rights_for_itself(prod):
    for namespace in prod.settings.namespaces:
        found = rights(prod, namespace, *groups_of(prod.settings, namespace))
        assert forbidden(found) == set(), namespace


def test_a_persona_has_no_right_outside_its_namespaces(prod, common):
    every = groups_of(prod.settings, "course")

    for namespace in ("kube-system", "default", ""):
        assert rights(prod, namespace, *every) == everyone(prod, common)


def test_a_secret_itself_is_refused_and_a_pod_is_not(prod):
    [group] = prod.settings.namespaces["business-data"].access.deployer
    api = prod.api.impersonating(NOBODY, AUTHENTICATED, group)

    assert api.items("/api/v1/namespaces/business-data/pods") is not None
    with pytest.raises(ApiError) as refused:
        api.items("/api/v1/namespaces/business-data/secrets")
    assert refused.value.code == 403


RBAC = "rbac.authorization.k8s.io"


@pytest.fixture
def more(prod):
    """Gives the viewers of `course` one right in a namespace, and takes it back."""
    [group] = prod.settings.namespaces["course"].access.viewer
    made = []

    def more(namespace, right):
        api_group, resource, verb = right
        metadata = {"name": "more", "namespace": namespace}
        rule = {"apiGroups": [api_group], "resources": [resource], "verbs": [verb]}
        role = {"kind": "Role", "metadata": metadata, "rules": [rule]}
        binding = {
            "kind": "RoleBinding",
            "metadata": metadata,
            "roleRef": {"apiGroup": RBAC, "kind": "Role", "name": "more"},
            "subjects": [{"apiGroup": RBAC, "kind": "Group", "name": group}],
        }
        for it in (role, binding):
            made.append({"apiVersion": f"{RBAC}/v1", **it})
            prod.api.apply(made[-1])
        api = prod.api.impersonating(NOBODY, AUTHENTICATED, group)
        prod.plane.wait_for("the right", lambda: can(api, namespace, *right))
        return group

    yield more
    for it in reversed(made):
        prod.api.request("DELETE", prod.api.path(it))


@pytest.mark.parametrize(
    ("right", "is_forbidden"),
    [
        (("", "secrets", "get"), True),
        ((RBAC, "roles", "escalate"), True),
        (("apps", "deployments", "patch"), True),
        (("", "pods", "deletecollection"), False),
    ],
)
def test_one_right_more_than_documented_is_noticed(prod, common, more, right, is_forbidden):
    group = more("course", right)

    found = rights(prod, "course", group) - everyone(prod, common)

    assert found - documented()["viewer"] == {right}
    assert forbidden(found) == ({right} if is_forbidden else set())


def test_a_right_in_somebody_elses_namespace_is_noticed(prod, common, more):
    group = more("default", ("", "pods", "get"))

    assert rights(prod, "default", group) - everyone(prod, common) == {("", "pods", "get")}


GROUPS = {
    name: f"6f1c{index:02}ff-4c1d-4e5b-9b57-0b6a5d3e7cff"
    for index, name in enumerate((*PERSONAS, "cache-admin", "wide"))
}
NAMED = {"resources": ["configmaps"], "resourceNames": ["cache"], "verbs": ["get", "patch"]}
STACK = {
    "roles": {
        "cache-admin": {
            "rules": [
                NAMED,
                {"apiGroups": ["apps"], "resources": ["statefulsets/scale"], "verbs": ["patch"]},
            ]
        },
        "wide": {
            "rules": [{"apiGroups": ["*"], "resources": ["*/scale", "*/status"], "verbs": ["*"]}],
            "reason": "a controller of the estate writes them",
        },
    },
}
WORKER = {
    "serviceAccount": {
        "token": True,
        "roles": ["cache-admin"],
        "rules": [
            {
                "apiGroups": ["coordination.k8s.io"],
                "resources": ["leases"],
                "verbs": ["get", "update"],
            }
        ],
    },
    "uses": ["kubernetes"],
}


@pytest.fixture
def given(lab):
    """A namespace with every persona, two roles of the stack and a workload with rights; what was applied."""
    personas = {it: [GROUPS[it]] for it in PERSONAS}
    roles = {it: [GROUPS[it]] for it in ("cache-admin", "wide")}
    why = {"exec": "the same people run the worker"}
    access = {**personas, "roles": roles, "allowEscalation": why}
    return lab.run({"worker": WORKER}, {**STACK, "namespaces": {lab.namespace: {"access": access}}})


def impersonated(lab, subject):
    if subject.kind == "Group":
        return lab.api.impersonating(NOBODY, AUTHENTICATED, subject.name)
    user = f"system:serviceaccount:{subject.namespace}:{subject.name}"
    own = f"{SERVICE_ACCOUNTS}:{subject.namespace}"
    return lab.api.impersonating(user, AUTHENTICATED, SERVICE_ACCOUNTS, own)


def test_every_role_and_workload_may_do_exactly_what_is_computed(
    lab, given, kubernetes, record_property
):
    table, before = served_by(kubernetes), Counter(ASKED)
    known = {(it.group, it.name, verb) for it in table.values() for verb in it.verbs}
    base = allowed(lab.estate, lab.namespace, lab.api.impersonating(NOBODY, AUTHENTICATED))
    subjects = Permissions.of(given).subjects()

    assert {it.name for it in subjects} == {*GROUPS.values(), "worker"}
    others = [it for it in subjects if it.name not in map(GROUPS.get, SHIPPED)]
    for subject in others:
        found = allowed(lab.estate, lab.namespace, impersonated(lab, subject)) - base
        if subject.name == GROUPS["wide"]:  # `*` lets verbs through that nothing serves
            found &= known
        wanted = computed(given, subject, lab.namespace, kubernetes)
        assert found == wanted, (subject, found ^ wanted)
        assert found
    told(record_property, "roles that no stack has", kubernetes, before, len(others))


WORDS = [
    (["pod"], ["get"], "", False),
    (["podz"], ["get"], "", False),
    (["Pod", "po"], ["*"], "", False),
    (["pods/*"], ["get"], "", False),
    (["deployments"], ["get"], "", False),
    (["nodes"], ["get"], "", False),
    (["pods"], ["read", "lists"], "", False),
    (["pods", "podz"], ["get"], "", True),
    (["pods", "nodes"], ["get", "read"], "", True),
    (["deployments", "pods"], ["list"], "apps", True),
]
PROBED = [("", "pods"), ("", "pods/log"), ("", "nodes"), ("apps", "deployments")]


@pytest.mark.parametrize(("names", "verbs", "group", "gives"), WORDS)
def test_a_rule_that_a_finding_says_gives_nothing_gives_nothing(
    lab, kubernetes, names, verbs, group, gives
):
    space = lab.render({}, {})[0]
    metadata = {"name": "words", "namespace": lab.namespace}
    who = {"apiGroup": RBAC, "kind": "Group", "name": f"words-{lab.namespace}"}
    role = {"apiVersion": f"{RBAC}/v1", "kind": "Role", "metadata": metadata}
    role["rules"] = [{"apiGroups": [group], "resources": names, "verbs": verbs}]
    binding = {"apiVersion": f"{RBAC}/v1", "kind": "RoleBinding", "metadata": metadata}
    binding |= {"roleRef": {"apiGroup": RBAC, "kind": "Role", "name": "words"}, "subjects": [who]}
    lab.apply([space, role, binding])
    objects = AccessObjects()
    for it in (space, role, binding):
        objects.add(it)

    found = [it for it in access_findings(objects, kubernetes) if it.rule == "role-word"]
    assert {it.severity for it in found} == {"advisory" if gives else "mandatory"}
    api = lab.api.impersonating(NOBODY, AUTHENTICATED, who["name"])

    def given():
        # A request for a node names no namespace.
        return any(
            can(api, "" if it[1] == "nodes" else lab.namespace, *it, verb)
            for it in PROBED
            for verb in VERBS
        )

    if gives:
        lab.plane.wait_for("the right", given, 10)
    else:
        # The authorizer hears of roles in their order: once a later one counts, this one did.
        later = {**metadata, "name": "later"}
        rule = {"apiGroups": [""], "resources": ["events"], "verbs": ["get"]}
        lab.apply([{**role, "metadata": later, "rules": [rule]}])
        lab.apply(
            [{**binding, "metadata": later, "roleRef": {**binding["roleRef"], "name": "later"}}]
        )
        lab.plane.wait_for("a later role", lambda: can(api, lab.namespace, "", "events", "get"), 10)
        assert not given()


@pytest.mark.usefixtures("given")
def test_a_right_on_one_object_is_of_that_object_alone(lab):
    for subject in (
        Subject("Group", GROUPS["cache-admin"]),
        Subject("ServiceAccount", "worker", lab.namespace),
    ):
        api = impersonated(lab, subject)
        for name, holds in (("cache", True), ("other", False), ("", False)):
            assert can(api, lab.namespace, "", "configmaps", "patch", name) is holds


def test_a_word_of_a_role_that_is_read_otherwise_than_the_server_does_is_noticed(
    lab, given, kubernetes
):
    worker = Subject("ServiceAccount", "worker", lab.namespace)
    base = allowed(lab.estate, lab.namespace, lab.api.impersonating(NOBODY, AUTHENTICATED))
    found = allowed(lab.estate, lab.namespace, impersonated(lab, worker)) - base

    assert found == computed(given, worker, lab.namespace, kubernetes)
    for word, other in (("statefulsets/scale", "statefulsets/*"), ("update", "list"), ("apps", "")):
        changed = copy.deepcopy(given)
        for rule in (rule for it in changed if it["kind"] == "Role" for rule in it["rules"]):
            for key in ("apiGroups", "resources", "verbs"):
                rule[key] = [other if it == word else it for it in rule[key]]
        assert found != computed(changed, worker, lab.namespace, kubernetes), word
