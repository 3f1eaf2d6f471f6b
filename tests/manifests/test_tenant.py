"""A tenant is bounded, cut off and open to exactly its personas."""

import pytest

from manifests import Values, estate, tenant
from settings.secret_keys import secret_keys
from tests.manifests.samples import DEPLOYERS, QUOTA, VIEWERS, shipped, stack

SECRET = "planted-7f3a"


def tenant_of(given=None, **changes):
    settings = stack(namespaces={"shop": {"quota": QUOTA, **changes}})
    return {part.role: part for part in tenant.parts(settings, "shop", given or Values())}


def test_the_namespace_comes_first_and_all_else_after_it():
    parts = list(tenant_of(access={"viewer": [VIEWERS]}, pullSecrets={"registry": {}}).values())
    assert parts[0].role == "namespace"
    assert all("namespace" in part.after for part in parts[1:])


def test_pod_security_is_enforced_as_the_stacks_kubernetes_version_defines_it():
    labels = tenant_of()["namespace"].manifest["metadata"]["labels"]
    for mode in ("enforce", "audit", "warn"):
        assert labels[f"pod-security.kubernetes.io/{mode}"] == "restricted"
        assert labels[f"pod-security.kubernetes.io/{mode}-version"] == "v1.35"


def test_a_lower_level_says_why_and_the_audit_log_still_shows_what_it_lets_pass():
    reason = "the agent reads files of the node"
    metadata = tenant_of(podSecurity="privileged", podSecurityReason=reason)["namespace"].manifest[
        "metadata"
    ]
    assert metadata["labels"]["pod-security.kubernetes.io/enforce"] == "privileged"
    assert metadata["labels"]["pod-security.kubernetes.io/audit"] == "restricted"
    assert metadata["annotations"] == {"aks-platform/pod-security-reason": reason}


def test_the_quota_bounds_everything_a_namespace_can_use_up():
    assert tenant_of()["quota"].manifest["spec"]["hard"] == {
        "requests.cpu": "4",
        "requests.memory": "6Gi",
        "limits.cpu": "12",
        "limits.memory": "12Gi",
        "pods": "30",
        "persistentvolumeclaims": "2",
        "services.loadbalancers": "1",
        "services.nodeports": "3",
    }


def test_an_amount_that_is_not_set_is_not_bounded():
    hard = tenant_of(quota={**QUOTA, "limits": {"memory": "1Gi"}})["quota"].manifest["spec"]["hard"]
    assert "limits.cpu" not in hard
    assert hard["limits.memory"] == "1Gi"


def test_a_container_that_states_nothing_gets_the_namespaces_defaults():
    [item] = tenant_of(limits={"max": {"memory": "2Gi"}})["limits"].manifest["spec"]["limits"]
    assert item == {
        "type": "Container",
        "default": {"cpu": "250m", "memory": "256Mi"},
        "defaultRequest": {"cpu": "50m", "memory": "64Mi"},
        "max": {"memory": "2Gi"},
    }


@pytest.mark.parametrize(
    ("access", "roles"),
    [
        ({}, set()),
        ({"viewer": [VIEWERS]}, {"role-viewer", "binding-viewer"}),
        ({"deployer": [DEPLOYERS]}, {"role-deployer", "binding-deployer"}),
    ],
)
def test_a_persona_has_a_role_only_where_a_group_has_it(access, roles):
    found = {role for role in tenant_of(access=access) if role.startswith(("role-", "binding-"))}
    assert found == roles


def test_a_pull_secret_holds_the_stacks_own_value():
    parts = tenant_of(Values(secrets={"shop-registry": SECRET}), pullSecrets={"registry": {}})
    manifest = parts["pull-registry"].manifest
    assert manifest["type"] == "kubernetes.io/dockerconfigjson"
    assert manifest["stringData"] == {".dockerconfigjson": SECRET}
    assert manifest["metadata"]["name"] == "registry"


def test_an_unset_pull_secret_signs_in_nowhere():
    manifest = tenant_of(pullSecrets={"registry": {}})["pull-registry"].manifest
    assert manifest["stringData"] == {".dockerconfigjson": '{"auths":{}}'}


@pytest.mark.parametrize("name", ["dev", "local"])
def test_every_secret_value_a_stack_declares_reaches_exactly_one_secret(name):
    settings = shipped(name)
    keys = [it.key for it in secret_keys(settings)]
    given = Values(
        client_ids=dict.fromkeys(settings.workloads, ""),
        secrets={key: f"{SECRET}-{key}" for key in keys},
    )
    held = [
        text
        for group in estate.groups(settings, given)
        for part in group.parts
        if part.manifest["kind"] == "Secret"
        for text in part.manifest["stringData"].values()
    ]
    assert sorted(held) == sorted(f"{SECRET}-{key}" for key in keys)
    assert keys
