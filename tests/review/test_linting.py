"""What others miss in anybody's manifests, and what they find in vain."""

import pytest
import yaml

from review.given import Given
from review.lint_schema import named
from review.linting import chosen, lint_given, names

LABELS = {"app": "web"}


def workload(kind="Deployment", name="web", namespace="shop", labels=LABELS, container=(), **spec):
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, **({"namespace": namespace} if namespace else {})},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "web", "image": "a", **dict(container)}]},
            },
            **spec,
        },
    }


def service(namespace="shop", selector=LABELS):
    metadata = {"name": "web", **({"namespace": namespace} if namespace else {})}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": {"selector": selector, "ports": [{"port": 80}]},
    }


def found(*manifests, rules=()):
    given = [Given(it, "a.yaml", 1) for it in manifests]
    return [
        (it.rule, it.resource, it.path, it.verdict)
        for it in lint_given(given, chosen(rules)).findings
    ]


def rules_of(*manifests):
    return {rule for rule, _, _, verdict in found(*manifests) if verdict == "fail"}


def test_a_binding_to_cluster_admin_is_found():
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "all"},
        "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": "ClusterRole",
            "name": "cluster-admin",
        },
        "subjects": [{"kind": "ServiceAccount", "name": "web", "namespace": "shop"}],
    }

    assert "rbac-cluster-admin" in rules_of(binding)


def test_a_selector_that_matches_nothing_is_found():
    assert "service-selects-nothing" in rules_of(workload(), service(selector={"app": "wep"}))


def test_a_peer_that_matches_nothing_is_found():
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {
            "podSelector": {"matchLabels": LABELS},
            "policyTypes": ["Ingress"],
            "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "frontend"}}}]}],
        },
    }

    assert "ref-policy-peer" in rules_of(workload(), policy)


def test_a_quota_that_no_pod_fits_is_found():
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "quota", "namespace": "shop"},
        "spec": {"hard": {"requests.cpu": "150m"}},
    }
    pods = workload(container={"resources": {"requests": {"cpu": "200m"}}})

    assert "quota-impossible" in rules_of(quota, pods)


def test_a_field_that_is_not_there_is_found_where_it_is():
    assert ("object-schema", "Deployment shop/web", "spec.replica", "fail") in found(
        workload(replica=3)
    )


def test_a_password_in_clear_is_found():
    pods = workload(container={"env": [{"name": "DB_PASSWORD", "value": "x-canary"}]})

    assert "secret-in-env" in rules_of(pods)


@pytest.mark.parametrize(
    ("spec", "rule"),
    [
        ({"volumes": [{"name": "a", "hostPath": {"path": "/"}}]}, "pod-host-path"),
        ({"volumes": [{"name": "a", "nfs": {"server": "a", "path": "/"}}]}, "pod-volume-types"),
        ({"securityContext": {"seLinuxOptions": {"user": "root"}}}, "pod-selinux-options"),
        ({"securityContext": {"appArmorProfile": {"type": "Unconfined"}}}, "pod-app-armor"),
        ({"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}}, "pod-sysctls"),
        (
            {"securityContext": {"windowsOptions": {"hostProcess": True}}},
            "pod-windows-host-process",
        ),
        ({"hostNetwork": True}, "pod-host-namespaces"),
        ({}, "pod-run-as-non-root"),
        ({}, "pod-seccomp-profile"),
    ],
)  # fmt: skip
def test_what_pod_security_restricts_is_found_beyond_the_usual(spec, rule):
    pods = workload()
    pods["spec"]["template"]["spec"].update(spec)

    assert rule in rules_of(pods)


@pytest.mark.parametrize("kind", ["initContainers", "ephemeralContainers"])
def test_other_containers_are_looked_at_as_well(kind):
    pods = workload()
    pods["spec"]["template"]["spec"][kind] = [
        {"name": "x", "image": "a", "securityContext": {"privileged": True}}
    ]

    path = f"spec.template.spec.{kind}[x].securityContext.privileged"
    assert ("privileged-container", "Deployment shop/web", path, "fail") in found(pods)


@pytest.mark.parametrize(
    ("of_pods", "of_service", "finds"),
    [
        ("shop", "shop", False),
        ("shop", "other", True),
        ("", "default", False),
        ("default", "", False),
        ("", "", False),
        ("shop", "", True),
        ("", "shop", True),
    ],
)
def test_what_names_no_namespace_is_in_default_and_nowhere_else(of_pods, of_service, finds):
    said = found(
        workload(namespace=of_pods), service(of_service), rules=["service-selects-nothing"]
    )

    assert bool(said) is finds


def test_what_is_not_in_a_folder_may_be_elsewhere():
    ((_, _, _, verdict),) = found(service(), rules=["service-selects-nothing"])

    assert verdict == "unknown"


def test_two_objects_of_one_name_in_two_namespaces_are_two():
    scaler = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web", "namespace": "other"},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
            "minReplicas": 2,
            "maxReplicas": 3,
        },
    }
    rule = "ref-autoscaler-target"

    assert (
        found(workload(namespace="shop"), workload(namespace="other"), scaler, rules=[rule]) == []
    )
    assert found(workload(namespace="shop"), scaler, rules=[rule])


def test_a_policy_of_calico_is_no_policy_of_kubernetes():
    calico = yaml.safe_load(
        """
        apiVersion: crd.projectcalico.org/v1
        kind: NetworkPolicy
        metadata: {name: a, namespace: shop}
        spec: {selector: all(), ingress: [{action: Allow}]}
        """
    )

    assert found(calico) == []


@pytest.mark.parametrize("value", ["x-canary", 123456789, True, ["x-canary"], {"a": "x-canary"}])
def test_no_value_is_in_a_message_of_the_schema(value):
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "a"},
        "data": {"password": value},
        "dataa": value,
        "immutable": value,
    }
    said = lint_given([Given(secret, "a.yaml", 1)], chosen([])).findings

    assert any(it.rule == "object-schema" for it in said)
    assert not [it for it in said if "x-canary" in it.message or "123456789" in it.message]


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("spec.replica", "spec.replica"),
        ("spec.containers[0].image", "spec.containers[web].image"),
        ("spec.containers[0].ports[1].x", "spec.containers[web].ports[80].x"),
        ("spec.containers[7].image", "spec.containers[7].image"),
        ('metadata.labels["a.b/c"]', 'metadata.labels["a.b/c"]'),
        ("spec.args[0]", "spec.args[0]"),
    ],
)
def test_items_are_named_as_rules_name_them(path, read):
    ports = [{"name": "x"}, {"containerPort": 80}]
    manifest = {"spec": {"containers": [{"name": "web", "ports": ports}], "args": ["a"]}}

    assert named(path, manifest) == read


def test_a_version_that_is_gone_is_told_with_where_the_kind_is_now():
    old = {"apiVersion": "batch/v1beta1", "kind": "CronJob", "metadata": {"name": "a"}}

    (finding,) = lint_given([Given(old, "a.yaml", 1)], chosen(["object-schema"])).findings

    assert (finding.path, finding.severity) == ("apiVersion", "mandatory")
    assert finding.message.endswith("has no CronJob in batch/v1beta1; CronJob is in batch/v1")
    assert finding.remedy.startswith("name a version that has the kind")


def test_the_same_object_twice_is_no_rival_of_itself():
    route = {"path": "/", "backend": {"service": {"name": "web", "port": {"number": 80}}}}
    ingress = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"rules": [{"host": "a.example.com", "http": {"paths": [route]}}]},
    }
    scaler = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "web"}, "maxReplicas": 2},
    }
    twice = [workload(), ingress, scaler] * 2
    rivals = [
        workload(name="other"),
        {**ingress, "metadata": {"name": "other", "namespace": "shop"}},
        {**scaler, "metadata": {"name": "other", "namespace": "shop"}},
    ]
    asked = {"rollout-selector-shared", "ingress-duplicate-path", "autoscaler-duplicate"}

    assert not rules_of(*twice) & asked
    assert rules_of(*twice, *rivals) & asked == asked


def messages(rule, *manifests):
    given = [Given(it, "a.yaml", 1) for it in manifests]
    return [it.message for it in lint_given(given, chosen([rule])).findings]


def test_what_may_be_elsewhere_is_named():
    pod = workload(container={"envFrom": [{"configMapRef": {"name": "settings"}}]})

    assert messages("ref-config-map", pod) == [
        "cannot be decided: ConfigMap shop/settings is not here, nor is any other ConfigMap of that namespace"
    ]


def test_a_secret_in_a_file_is_not_said_to_be_in_a_plan():
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "a", "namespace": "shop"},
        "stringData": {"key": "hunter2-canary"},
    }

    assert messages("secret-in-clear", secret) == ["stands in clear in the manifest"]


def test_a_user_that_is_not_root_is_not_said_to_be():
    pod = workload(container={"securityContext": {"runAsUser": 1000}})

    assert messages("pod-run-as-non-root", pod) == [
        "does not refuse root: neither it nor its pod says so"
    ]


def test_a_tag_that_names_no_version_is_shown():
    latest = workload(container={"image": "nginx:latest"})

    assert messages("image-tag-mutable", latest) == [
        "docker.io/library/nginx:latest names no version"
    ]


def test_a_job_that_names_no_restart_policy_and_one_that_names_a_wrong_one_are_told_apart():
    def job(**spec):
        template = {"spec": {"containers": [{"name": "a", "image": "a"}], **spec}}
        metadata = {"name": "a", "namespace": "shop"}
        return {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": metadata,
            "spec": {"template": template},
        }

    assert messages("job-restart-policy", job()) == [
        "is Always where nobody says, and no job may have that"
    ]
    assert messages("job-restart-policy", job(restartPolicy="Always")) == [
        "is none that a job may have"
    ]


def test_capabilities_dropped_in_small_letters_are_dropped_and_not_as_pod_security_has_it():
    context = {"capabilities": {"drop": ["all"]}}

    assert messages(
        "pod-capabilities-dropped", workload(container={"securityContext": context})
    ) == ["is not written ALL, which is what Pod Security looks for"]


def test_the_schema_is_a_rule_that_can_be_chosen_alone_and_left_out():
    odd = workload(replica=2)

    assert "object-schema" in names()
    assert names() == sorted(names())
    assert {rule for rule, *_ in found(odd, rules=["object-schema"])} == {"object-schema"}
    assert {rule for rule, *_ in found(odd, rules=["image-digest"])} == {"image-digest"}
    assert {"object-schema", "image-digest"} <= {rule for rule, *_ in found(odd)}


def test_findings_of_an_object_are_told_mandatory_first_then_what_is_certain():
    told = lint_given(
        [Given(it, "a.yaml", 1) for it in (workload(replica=2), workload(name="api"))], chosen(())
    ).findings

    for name in ("shop/api", "shop/web"):
        own = [it for it in told if it.resource == f"Deployment {name}"]
        order = [(it.severity != "mandatory", it.verdict == "unknown") for it in own]
        assert order == sorted(order)
        assert len({*order}) > 1
    assert [it.resource for it in told] == sorted(it.resource for it in told)


@pytest.mark.parametrize(("policy", "count"), [(None, 1), ("Always", 0)])
def test_a_named_port_of_an_init_container_serves_where_it_keeps_running(policy, count):
    pod = workload()
    helper = {"name": "helper", "restartPolicy": policy, "ports": [{"name": "http"}]}
    pod["spec"]["template"]["spec"]["initContainers"] = [helper]
    caller = service()
    caller["spec"]["ports"] = [{"port": 80, "targetPort": "http"}]

    assert len(messages("ref-service-port", pod, caller)) == count
