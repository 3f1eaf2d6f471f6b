"""Every persona's rights, asked of the API server: all verbs on all resources, against the table of docs/access.md."""

import itertools
import re

import pytest

from tests.cluster.control_plane.client import ApiError
from tests.cluster.estate import ROOT

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
    access = settings.namespaces[namespace].access
    personas = ("viewer", "deployer", "debugger")
    return {group for it in personas for group in getattr(access, it)}, access


@pytest.fixture(scope="module")
def common():
    """What anybody may do, by stack: asking about oneself."""
    return {}


@pytest.mark.parametrize("persona", ["viewer", "deployer", "debugger"])
def test_a_persona_has_exactly_the_documented_rights_in_each_namespace(prod, persona, common):
    wanted = documented()
    asked = 0
    if "prod" not in common:
        common["prod"] = rights(prod, "course")
    for namespace, tenant in prod.settings.namespaces.items():
        for group in getattr(tenant.access, persona):
            asked += 1
            found = rights(prod, namespace, group) - common["prod"]
            assert found == wanted[persona], (namespace, found ^ wanted[persona])
    assert asked


def test_a_group_of_several_personas_has_their_rights_together(estates):
    dev = estates("dev")
    wanted = documented()
    everyone = rights(dev, "course")
    access = dev.settings.namespaces["course"].access
    [group] = {*access.deployer} & {*access.debugger}

    assert rights(dev, "course", group) - everyone == wanted["deployer"] | wanted["debugger"]


def test_who_is_in_no_group_may_only_ask_about_himself(prod):
    assert {group for group, _, _ in rights(prod, "course")} <= {
        "authorization.k8s.io",
        "authentication.k8s.io",
    }


def test_no_persona_reads_secrets_or_makes_rights_for_itself(prod):
    for namespace in prod.settings.namespaces:
        every, _ = groups_of(prod.settings, namespace)
        found = rights(prod, namespace, *every)
        forbidden = [
            it
            for it in found
            if it[1].partition("/")[0] == "secrets"
            or it[1] in ("serviceaccounts/token", "pods/exec")
            or it[2] in ("escalate", "bind", "impersonate")
            or (it[1] in ("roles", "rolebindings") and it[2] not in ("get", "list", "watch"))
            or it == ("", "pods", "create")
        ]
        assert forbidden == [], namespace


def test_a_persona_has_no_right_outside_its_namespaces(prod):
    every = groups_of(prod.settings, "course")[0]

    for namespace in ("kube-system", "default", ""):
        assert rights(prod, namespace, *every) == rights(prod, namespace)


def test_a_secret_itself_is_refused_and_a_pod_is_not(prod):
    [group] = prod.settings.namespaces["business-data"].access.deployer
    api = prod.api.impersonating(NOBODY, EVERYONE, group)

    assert api.items("/api/v1/namespaces/business-data/pods") is not None
    with pytest.raises(ApiError) as refused:
        api.items("/api/v1/namespaces/business-data/secrets")
    assert refused.value.code == 403


@pytest.mark.parametrize(
    ("resource", "verb"), [("secrets", "get"), ("roles", "escalate"), ("pods", "deletecollection")]
)
def test_one_right_more_than_documented_is_noticed(prod, resource, verb):
    namespace = "course"
    [group] = prod.settings.namespaces[namespace].access.viewer
    base = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}"
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": "more", "namespace": namespace},
        "rules": [
            {
                "apiGroups": ["rbac.authorization.k8s.io" if resource == "roles" else ""],
                "resources": [resource],
                "verbs": [verb],
            }
        ],
    }
    binding = {
        **{key: role[key] for key in ("apiVersion", "metadata")},
        "kind": "RoleBinding",
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "more"},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group}],
    }
    prod.api.apply(role)
    prod.api.apply(binding)
    try:
        api = prod.api.impersonating(NOBODY, EVERYONE, group)
        prod.plane.wait_for(
            "the right",
            lambda: can(api, namespace, role["rules"][0]["apiGroups"][0], resource, verb),
            5,
        )
        found = rights(prod, namespace, group)
        assert {it[1:] for it in found - documented()["viewer"] if it[1] == resource} == {
            (resource, verb)
        }
    finally:
        prod.api.request("DELETE", f"{base}/rolebindings/more")
        prod.api.request("DELETE", f"{base}/roles/more")
