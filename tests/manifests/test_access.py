"""What each persona may do, and what none may."""

import pytest

from manifests.access import PURPOSE, RULES, parts, table
from settings.stack import NamespaceAccess
from tests.manifests.samples import DEPLOYERS, ROOT, VIEWERS

PERSONAS = ("viewer", "deployer", "debugger")
READ = {"get", "list", "watch"}


def allowed(persona, verb, resource, group=""):
    return any(
        group in rule.groups and resource in rule.resources and verb in rule.verbs
        for rule in RULES[persona]
    )


def test_the_personas_are_those_of_the_settings():
    assert list(RULES) == list(NamespaceAccess.model_fields) == list(PURPOSE)


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


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_resource_is_named_in_the_plural_for_rbac_compares_text(persona):
    for rule in RULES[persona]:
        for resource in rule.resources:
            assert resource.partition("/")[0].endswith("s"), resource


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
        ("patch", "deployments", "apps"),
        ("patch", "statefulsets", "apps"),
        ("patch", "daemonsets", "apps"),
        ("patch", "deployments/scale", "apps"),
        ("update", "statefulsets/scale", "apps"),
        ("delete", "pods", ""),
    ],
)
def test_a_deployer_restarts_scales_and_rolls_back(verb, resource, group):
    assert allowed("deployer", verb, resource, group)
    assert not allowed("viewer", verb, resource, group)
    assert not allowed("debugger", verb, resource, group)


@pytest.mark.parametrize(
    ("verb", "resource"),
    [
        ("get", "pods/log"),
        ("create", "pods/portforward"),
        ("get", "pods/portforward"),
        ("create", "pods/attach"),
        ("patch", "pods/ephemeralcontainers"),
    ],
)
def test_a_debugger_reads_logs_forwards_ports_and_attaches_debug_containers(verb, resource):
    assert allowed("debugger", verb, resource)
    assert not allowed("deployer", verb, resource)


@pytest.mark.parametrize("persona", PERSONAS)
def test_nobody_opens_a_shell_in_a_running_container_or_starts_a_pod_of_their_own(persona):
    assert not allowed(persona, "create", "pods/exec")
    assert not allowed(persona, "create", "pods")


def test_a_binding_names_entra_groups_by_object_id():
    found = {
        part.role: part.manifest
        for part in parts("shop", NamespaceAccess(viewer=[VIEWERS, DEPLOYERS]), {})
    }
    assert found["binding-viewer"]["subjects"] == [
        {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": VIEWERS},
        {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": DEPLOYERS},
    ]
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
