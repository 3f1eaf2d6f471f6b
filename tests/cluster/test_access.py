"""Every persona's rights, asked of the API server: all verbs on all resources, against the table of docs/access.md."""

import itertools
import re

import pytest

from settings.load import load
from tests.cluster.control_plane.client import ApiError
from tests.cluster.estate import ROOT
from tests.program import STACKS

VERBS = (
    *("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"),
    *("impersonate", "escalate", "bind", "approve", "sign", "use"),
)
ROW = re.compile(r"^\| (viewer|deployer, beside|debugger, beside) \|(.*\|.*\|.*)\|$", re.MULTILINE)
NOBODY = "nobody@course.example"
EVERYONE = "system:authenticated"


def documented():
    """Rights by persona as (group, resource, verb), from the page itself."""
    own = {"viewer": set(), "deployer": set(), "debugger": set()}
    for persona, rest in ROW.findall((ROOT / "docs" / "access.md").read_text()):
        group, names, verbs = (re.split(r",\s*", cell.strip()) for cell in rest.split("|"))
        rights = itertools.product(["" if it == "core" else it for it in group], names, verbs)
        own[persona.partition(",")[0]] |= {*rights}
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


def can(api, namespace, group, resource, verb):
    name, _, sub = resource.partition("/")
    asked = {"namespace": namespace, "group": group, "resource": name, "verb": verb}
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {**asked, "subresource": sub}},
    }
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    return api.request("POST", path, body)["status"]["allowed"]


def rights(estate, namespace, *groups):
    """All that members of `groups` may do in `namespace`, beyond what everyone may."""
    api = estate.api.impersonating(NOBODY, EVERYONE, *groups)
    return {
        (group, resource, verb)
        for group, resource in resources(estate.api)
        for verb in VERBS
        if can(api, namespace, group, resource, verb)
    }


def groups_of(settings, namespace):
    return {group for at, group in binds(settings) if at == namespace}


PERSONAS = ("viewer", "deployer", "debugger")


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


def test_a_group_has_exactly_the_documented_rights_of_its_personas_in_each_namespace(bound, common):
    wanted = documented()
    asked = binds(bound.settings)
    for (namespace, group), personas in asked.items():
        found = rights(bound, namespace, group) - everyone(bound, common)
        own = {right for it in personas for right in wanted[it]}
        assert found == own, (namespace, personas, found ^ own)
    assert {it for personas in asked.values() for it in personas} == {*PERSONAS}


def test_some_group_has_one_persona_and_some_group_two():
    sizes = {len(it) for stack in BINDING for it in binds(load(ROOT, stack)).values()}

    assert sizes == {1, 2}


def test_who_is_in_no_group_may_only_ask_about_himself(bound, common):
    assert {group for group, _, _ in everyone(bound, common)} <= {
        "authorization.k8s.io",
        "authentication.k8s.io",
    }


def forbidden(rights):
    """Those of `rights` that no persona may have."""
    return {
        it
        for it in rights
        if it[1].partition("/")[0] == "secrets"
        or it[1] in ("serviceaccounts/token", "pods/exec")
        or it[2] in ("escalate", "bind", "impersonate")
        or (it[1] in ("roles", "rolebindings") and it[2] not in ("get", "list", "watch"))
        or it == ("", "pods", "create")
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
    api = prod.api.impersonating(NOBODY, EVERYONE, group)

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
        api = prod.api.impersonating(NOBODY, EVERYONE, group)
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
