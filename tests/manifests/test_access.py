"""What each persona may do, and what none may."""

import pytest

from manifests.access import parts, table
from settings.access import NamespaceAccess
from settings.api_resources import served_by
from settings.escalation import found_in
from settings.personas import PURPOSE, RULES
from settings.role_slips import slips
from tests.manifests.samples import DEPLOYERS, QUOTA, ROOT, VIEWERS, parts_of, stack, web

PERSONAS = ("viewer", "deployer", "debugger", "operator")
READ = {"get", "list", "watch"}


def allowed(persona, verb, resource, group=""):
    return any(
        group in rule.groups and resource in rule.resources and verb in rule.verbs
        for rule in RULES[persona]
    )


def test_the_personas_are_those_of_the_settings():
    groups = [it for it in NamespaceAccess.model_fields if it not in ("roles", "allow_escalation")]
    assert list(RULES) == groups == list(PURPOSE)


@pytest.mark.parametrize("persona", PERSONAS)
def test_nobody_may_read_a_secret(persona):
    assert not any("secrets" in rule.resources for rule in RULES[persona])


@pytest.mark.parametrize("persona", PERSONAS)
def test_nobody_may_give_rights_to_anyone(persona):
    for rule in RULES[persona]:
        assert not {"escalate", "bind", "impersonate"} & set(rule.verbs)
        if "rbac.authorization.k8s.io" in rule.groups:
            assert set(rule.verbs) <= READ
        assert "serviceaccounts/token" not in rule.resources


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_right_is_a_wildcard(persona):
    for rule in RULES[persona]:
        assert "*" not in (*rule.groups, *rule.resources, *rule.verbs)


@pytest.mark.parametrize("minor", ["1.35", "1.36"])
@pytest.mark.parametrize("persona", PERSONAS)
def test_every_word_of_a_persona_is_one_that_the_api_knows(persona, minor):
    assert [it for rule in RULES[persona] for it in slips(rule, served_by(minor))] == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_persona_sees_what_runs(persona):
    for resource, group in (
        ("pods", ""),
        ("events", ""),
        ("deployments", "apps"),
        ("networkpolicies", "networking.k8s.io"),
    ):
        for verb in READ:
            assert allowed(persona, verb, resource, group)


def test_a_viewer_changes_nothing_and_reads_no_logs():
    assert {verb for rule in RULES["viewer"] for verb in rule.verbs} == READ
    assert not allowed("viewer", "get", "pods/log")


@pytest.mark.parametrize(
    ("verb", "resource", "group"),
    [
        ("patch", "deployments/scale", "apps"),
        ("update", "statefulsets/scale", "apps"),
        ("delete", "pods", ""),
        ("create", "pods/eviction", ""),
    ],
)
def test_a_deployer_scales_and_restarts_pods(verb, resource, group):
    assert allowed("deployer", verb, resource, group)
    assert allowed("operator", verb, resource, group)
    assert not allowed("viewer", verb, resource, group)
    assert not allowed("debugger", verb, resource, group)


@pytest.mark.parametrize(
    ("verb", "resource"),
    [
        ("get", "pods/log"),
        ("create", "pods/portforward"),
        ("get", "pods/portforward"),
        ("create", "pods/attach"),
        ("create", "pods/exec"),
        ("patch", "pods/ephemeralcontainers"),
    ],
)
def test_a_debugger_reads_logs_forwards_ports_and_attaches_debug_containers(verb, resource):
    assert allowed("debugger", verb, resource)
    assert allowed("operator", verb, resource)
    assert not allowed("deployer", verb, resource)


@pytest.mark.parametrize(
    ("verb", "resource", "group"),
    [
        ("patch", "horizontalpodautoscalers", "autoscaling"),
        ("patch", "poddisruptionbudgets", "policy"),
        ("delete", "jobs", "batch"),
    ],
)
def test_an_operator_alone_changes_autoscalers_and_budgets_and_ends_jobs(verb, resource, group):
    assert [it for it in PERSONAS if allowed(it, verb, resource, group)] == ["operator"]


def test_an_operator_may_do_all_that_deployer_and_debugger_may():
    assert {*RULES["deployer"], *RULES["debugger"]} < {*RULES["operator"]}


@pytest.mark.parametrize(
    ("persona", "paths"),
    [("viewer", set()), ("deployer", set()), ("debugger", {"exec"}), ("operator", {"exec"})],
)
def test_a_persona_leads_to_no_further_right_but_those_of_the_pods_it_opens_a_shell_in(
    persona, paths
):
    assert {path.name for rule in RULES[persona] for path, _ in found_in(rule)} == paths


def given(**access):
    settings = stack(
        web(),
        namespaces={"shop": {"quota": QUOTA, "access": access}},
        roles={"cache-admin": {"rules": [RULE]}, "unused": {"rules": [RULE]}},
    )
    return {part.role: part for part in parts(settings, "shop", {"a": "b"})}


RULE = {"resources": ["configmaps"], "verbs": ["get", "patch"], "resourceNames": ["cache"]}
SUBJECT = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": VIEWERS}


def test_a_role_of_the_stack_is_a_role_of_each_namespace_that_gives_it_to_a_group():
    found = given(roles={"cache-admin": [VIEWERS], "unused": []})

    assert list(found) == ["role-cache-admin", "binding-cache-admin"]
    assert found["role-cache-admin"].manifest["rules"] == [{"apiGroups": [""], **RULE}]
    assert found["binding-cache-admin"].manifest["subjects"] == [SUBJECT]
    assert found["binding-cache-admin"].after == ("namespace", "role-cache-admin")


def test_a_workloads_own_rights_are_a_role_bound_to_its_service_account_alone():
    account = {
        "token": True,
        "rules": [{"resources": ["pods"], "verbs": ["get"]}],
        "roles": ["cache-admin"],
    }
    found = parts_of(web(serviceAccount=account), roles={"cache-admin": {"rules": [RULE]}})

    assert found["role"].manifest["rules"] == [
        {"apiGroups": [""], **RULE},
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]},
    ]
    assert found["role-binding"].manifest["subjects"] == [
        {"kind": "ServiceAccount", "name": "web", "namespace": "shop"}
    ]
    assert found["role-binding"].manifest["roleRef"]["name"] == "web"
    assert {"role", "role-binding"} <= {*found["deployment"].after}


def test_a_role_says_why_it_has_what_needs_a_reason():
    wide = {
        "rules": [{"resources": ["*"], "verbs": ["get"]}],
        "reason": "the backup reads it all",
        "allowEscalation": {"secrets": "a backup without them restores nothing"},
    }
    secrets = {
        "rules": [{"resources": ["secrets"], "verbs": ["list"]}],
        "allowEscalation": {"secrets": "the shop rotates them"},
    }
    account = {
        "token": True,
        "roles": ["wide", "secrets"],
        "rules": [{"resources": ["serviceaccounts/token"], "verbs": ["create"]}],
        "allowEscalation": {"makeTokens": "it is the login of the shop"},
    }
    access = {"roles": {"wide": [VIEWERS]}, "debugger": [VIEWERS], "deployer": [DEPLOYERS]}
    access["allowEscalation"] = {"exec": "the same people run the shop"}
    more = {
        "roles": {"wide": wide, "secrets": secrets},
        "namespaces": {"shop": {"quota": QUOTA, "access": access}},
    }
    tenant = {it.role: it for it in parts(stack(web(), **more), "shop", {"a": "b"})}
    own = parts_of(web(serviceAccount=account), **more)

    def said(part):
        return {
            key.removeprefix("aks-platform/"): text
            for key, text in part.manifest["metadata"].get("annotations", {}).items()
        }

    assert said(tenant["role-wide"]) == {
        "reason": "the backup reads it all",
        "allows.secrets": "a backup without them restores nothing",
    }
    assert said(tenant["role-debugger"]) == {"allows.exec": "the same people run the shop"}
    assert said(tenant["role-deployer"]) == {}
    assert said(own["role"]) == {
        "reason": "the backup reads it all",
        "allows.secrets": "a backup without them restores nothing; the shop rotates them",
        "allows.makeTokens": "it is the login of the shop",
    }


@pytest.mark.parametrize("account", [{}, {"token": True}])
def test_a_workload_without_rights_has_no_role(account):
    assert not {"role", "role-binding"} & {*parts_of(web(serviceAccount=account))}


CLIENT_ID = "azure.workload.identity/client-id"


@pytest.mark.parametrize("identity", [True, {}, {"roles": {}}])
def test_one_line_gives_a_workload_an_identity_in_azure(identity):
    found = parts_of(web(azureIdentity=identity))

    account = found["service-account"].manifest
    assert account["metadata"]["annotations"] == {CLIENT_ID: "client-of-web"}
    assert account["automountServiceAccountToken"] is False
    template = found["deployment"].manifest["spec"]["template"]
    assert template["metadata"]["labels"]["azure.workload.identity/use"] == "true"


def test_a_workload_without_it_has_none_and_no_cluster_outside_azure_gives_one():
    for found in (parts_of(web()), parts_of(web(azureIdentity=True), target="kubeconfig")):
        assert "annotations" not in found["service-account"].manifest["metadata"]
        labels = found["deployment"].manifest["spec"]["template"]["metadata"]["labels"]
        assert "azure.workload.identity/use" not in labels


def test_a_binding_names_entra_groups_by_object_id():
    found = {role: part.manifest for role, part in given(viewer=[VIEWERS, DEPLOYERS]).items()}
    assert found["binding-viewer"]["subjects"] == [SUBJECT, {**SUBJECT, "name": DEPLOYERS}]
    assert (
        found["binding-viewer"]["roleRef"]["name"]
        == found["role-viewer"]["metadata"]["name"]
        == "viewer"
    )


def test_the_documented_rights_are_those_of_the_code():
    text = (ROOT / "docs/access.md").read_text(encoding="utf-8")
    assert table() in text, (
        "paste the output of: .venv/bin/python -c 'from manifests import access; print(access.table())'"
    )
    for persona, purpose in PURPOSE.items():
        assert f"| {persona} | {purpose} |" in text
