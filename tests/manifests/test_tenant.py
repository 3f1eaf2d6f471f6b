"""A tenant is bounded, cut off and open to exactly its personas."""

import pytest

from manifests import Values, estate, tenant
from settings.secret_keys import secret_keys
from tests.manifests.samples import DEPLOYERS, QUOTA, VIEWERS, shipped, stack, web

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


def exempt(level, reason, **more):
    return web(security={"exception": {"level": level, "reason": reason, **more}})


def tenant_with(*workloads, **changes):
    settings = stack(
        *workloads, namespaces={"shop": {"quota": QUOTA, **changes}, "back": {"quota": QUOTA}}
    )
    return {
        name: {it.role: it.manifest for it in tenant.parts(settings, name, Values())}
        for name in ("shop", "back")
    }


def test_a_namespace_that_says_no_level_has_the_least_that_its_workloads_need_and_says_why():
    root = exempt("baseline", "a vendor's image runs as root")
    found = tenant_with(root, web(name="other"))

    labels, notes = (
        found["shop"]["namespace"]["metadata"][key] for key in ("labels", "annotations")
    )
    assert labels["pod-security.kubernetes.io/enforce"] == "baseline"
    assert labels["pod-security.kubernetes.io/enforce-version"] == "v1.35"
    assert labels["pod-security.kubernetes.io/audit"] == "restricted"
    assert notes == {"aks-platform/pod-security-reason": "web: a vendor's image runs as root"}
    other = found["back"]["namespace"]["metadata"]
    assert other["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert "annotations" not in other


def test_a_level_that_is_said_stands_with_its_own_reason():
    reason = "what it replaces ran as root"
    found = tenant_with(web(), podSecurity="baseline", podSecurityReason=reason)["shop"][
        "namespace"
    ]
    assert found["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "baseline"
    assert found["metadata"]["annotations"] == {"aks-platform/pod-security-reason": reason}


def test_an_owner_is_told_as_a_label_too_where_the_text_can_be_one():
    found = tenant_of(owner="team-shop", costCenter="Shop & Co", contact="shop@course.example")
    metadata = found["namespace"].manifest["metadata"]
    assert metadata["annotations"] == {
        "aks-platform/owner": "team-shop",
        "aks-platform/cost-center": "Shop & Co",
        "aks-platform/contact": "shop@course.example",
    }
    assert metadata["labels"]["aks-platform/owner"] == "team-shop"
    assert "aks-platform/cost-center" not in metadata["labels"]
    assert "aks-platform/contact" not in metadata["labels"]


def test_objects_and_disk_space_are_bounded_where_the_quota_says():
    more = {
        "counts": {"configmaps": 50, "deployments.apps": 9},
        "storage": {"total": "200Gi", "classes": {"managed-csi-premium": "100Gi"}},
    }
    hard = tenant_of(quota={**QUOTA, **more})["quota"].manifest["spec"]["hard"]
    assert (
        hard.items()
        >= {
            "count/configmaps": "50",
            "count/deployments.apps": "9",
            "requests.storage": "200Gi",
            "managed-csi-premium.storageclass.storage.k8s.io/requests.storage": "100Gi",
        }.items()
    )


def test_the_pods_of_a_priority_have_a_quota_of_their_own():
    bounds = {"urgent": {"pods": 5, "requests": {"cpu": "2"}, "limits": {"memory": "1Gi"}}}
    parts = tenant_of(quota={**QUOTA, "priorities": bounds})
    assert parts["quota-urgent"].after == ("namespace",)
    assert parts["quota-urgent"].manifest["metadata"]["name"] == "quota-urgent"
    assert parts["quota-urgent"].manifest["spec"] == {
        "hard": {"requests.cpu": "2", "limits.memory": "1Gi", "pods": "5"},
        "scopeSelector": {
            "matchExpressions": [
                {"scopeName": "PriorityClass", "operator": "In", "values": ["urgent"]}
            ]
        },
    }
    assert "scopeSelector" not in parts["quota"].manifest["spec"]


def test_a_limit_range_bounds_containers_and_disk_claims():
    limits = {
        "min": {"cpu": "10m"},
        "maxLimitRequestRatio": {"cpu": 8, "memory": 4},
        "persistentVolumeClaim": {"min": "1Gi", "max": "64Gi"},
    }
    container, claim = tenant_of(limits=limits)["limits"].manifest["spec"]["limits"]
    assert container["min"] == {"cpu": "10m"}
    assert container["maxLimitRequestRatio"] == {"cpu": "8", "memory": "4"}
    assert claim == {
        "type": "PersistentVolumeClaim",
        "min": {"storage": "1Gi"},
        "max": {"storage": "64Gi"},
    }


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
