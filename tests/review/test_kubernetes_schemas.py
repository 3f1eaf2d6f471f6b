import time

import pytest

from review.kubernetes_schemas import KubernetesSchemas
from review.plan import SECRET, UNKNOWN, PlanError, Resource
from review.refusals import Refusals

DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "labels": {"app": "web"}},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "web"}},
        "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": "25%"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {
                "containers": [
                    {
                        "name": "web",
                        "image": "x",
                        "resources": {"limits": {"cpu": 1, "memory": "1Gi"}},
                    }
                ]
            },
        },
    },
}
CONTAINER = ("spec", "template", "spec", "containers", 0)


def changed(value, path, new):
    if not path:
        return new
    step, *rest = path
    if isinstance(value, list):
        return [changed(it, rest, new) if at == step else it for at, it in enumerate(value)]
    inner = changed(value.get(step), rest, new)
    return {key: it for key, it in {**value, step: inner}.items() if it is not LEFT_OUT}


LEFT_OUT = object()


def faults(manifest, version="1.35", token="kubernetes:apps/v1:Deployment"):
    row = Resource(urn="", type=token, name="web", inputs=manifest)
    return list(KubernetesSchemas(version).faults(row))


def test_an_object_that_the_api_server_would_take_has_no_fault():
    assert faults(DEPLOYMENT) == []


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("spec", "replica"), 2, "spec.replica: no such field; did you mean 'replicas'?"),
        ((*CONTAINER, "imagee"), "x",
         "spec.template.spec.containers[0].imagee: no such field; did you mean 'image'?"),
        ((*CONTAINER, "zzz"), "x", "spec.template.spec.containers[0].zzz: no such field"),
        (("spec", "replicas"), "two", 'spec.replicas: must be a whole number; got "two"'),
        (("spec", "replicas"), 2.5, "spec.replicas: must be a whole number; got 2.5"),
        (("spec", "paused"), "no", 'spec.paused: must be true or false; got "no"'),
        (("metadata", "labels", "a.b/c"), 1, 'metadata.labels["a.b/c"]: must be text; got 1'),
        (("spec", "strategy", "rollingUpdate", "maxSurge"), True,
         "spec.strategy.rollingUpdate.maxSurge: must be text or a whole number; got true"),
        ((*CONTAINER, "resources", "limits", "cpu"), [],
         "spec.template.spec.containers[0].resources.limits.cpu: must be text or a number; got []"),
        ((*CONTAINER, "ports"), {"http": 80},
         'spec.template.spec.containers[0].ports: must be a list; got {"http": 80}'),
        (("spec", "selector"), LEFT_OUT, "spec.selector: required, and missing"),
        ((*CONTAINER, "name"), LEFT_OUT, "spec.template.spec.containers[0].name: required, and missing"),
        (("spec", "template", "spec"), "x" * 99,
         f'spec.template.spec: must be a map; got "{"x" * 56}...'),
    ],
)  # fmt: skip
def test_one_fault_is_told_by_path_rule_and_value(path, value, fault):
    assert faults(changed(DEPLOYMENT, path, value)) == [fault]


def test_all_faults_of_an_object_are_told():
    twice = changed(changed(DEPLOYMENT, ("spec", "replica"), 1), ("metadata", "nam"), 1)
    assert len(faults(twice)) == 2


@pytest.mark.parametrize("mark", [UNKNOWN, SECRET])
@pytest.mark.parametrize(
    "path",
    [
        ("metadata", "name"),
        ("metadata", "labels"),
        ("spec", "replicas"),
        ("spec", "strategy", "rollingUpdate", "maxSurge"),
        ("spec", "template", "spec"),
        ("spec", "template", "spec", "containers"),
        CONTAINER,
        (*CONTAINER, "resources", "limits"),
    ],
)
def test_a_value_that_is_unknown_or_secret_fits_anywhere_and_hides_no_other_fault(path, mark):
    assert faults(changed(DEPLOYMENT, path, dict(mark))) == []
    elsewhere = changed(DEPLOYMENT, ("spec", "replica"), 1)
    assert len(faults(changed(elsewhere, path, dict(mark)))) == 1


def test_a_mark_under_a_misspelt_key_is_a_fault_all_the_same():
    assert len(faults(changed(DEPLOYMENT, ("spec", "replica"), dict(SECRET)))) == 1


def test_the_value_under_a_misspelt_key_is_not_told():
    [fault] = faults(changed(DEPLOYMENT, ("pasword",), "planted"))
    assert "planted" not in fault


def test_a_null_is_absent_to_the_api_server():
    assert faults(changed(DEPLOYMENT, ("metadata", "creationTimestamp"), None)) == []
    assert faults(changed(DEPLOYMENT, ("spec", "template", "spec", "volumes"), [None])) == []


def test_a_custom_kind_passes_and_a_misspelt_kind_does_not():
    provider_class = {"apiVersion": "secrets-store.csi.x-k8s.io/v1", "kind": "SecretProviderClass"}
    assert faults({**provider_class, "anything": 1}) == []
    assert faults({"apiVersion": "apps/v1", "kind": "Deploymnt"}) == [
        "Deploymnt: no such kind in apps/v1; did you mean 'Deployment'?"
    ]


@pytest.mark.parametrize(
    ("api_version", "kind", "home"),
    [
        ("extensions/v1beta1", "Ingress", "networking.k8s.io/v1"),
        ("networking.k8s.io/v1beta1", "Ingress", "networking.k8s.io/v1"),
        ("rbac.authorization.k8s.io/v1beta1", "Role", "rbac.authorization.k8s.io/v1"),
        ("apps/v1", "Ingress", "networking.k8s.io/v1"),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", "autoscaling/v1 or autoscaling/v2"),
    ],
)
def test_a_kind_that_is_gone_from_its_version_is_a_fault_and_where_it_is_now_is_said(
    api_version, kind, home
):
    assert faults({"apiVersion": api_version, "kind": kind}) == [
        f"apiVersion: Kubernetes 1.35 has no {kind} in {api_version}; {kind} is in {home}"
    ]


def test_a_kind_that_is_gone_altogether_is_a_fault():
    assert faults({"apiVersion": "policy/v1beta1", "kind": "PodSecurityPolicy"}) == [
        "apiVersion: Kubernetes 1.35 has no PodSecurityPolicy in policy/v1beta1"
    ]


def test_a_group_that_only_ends_as_one_of_kubernetes_does_has_kinds_of_its_own():
    assert faults({"apiVersion": "gateway.networking.k8s.io/v1beta1", "kind": "Gateway"}) == []


def test_what_is_no_kubernetes_object_passes():
    assert faults({"chart": "nginx", "values": {"apiVersion": 1}}) == []


def test_a_patch_may_leave_out_what_the_whole_object_must_have():
    patch = {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": 3}}
    assert faults(patch, token="kubernetes:apps/v1:DeploymentPatch") == []
    assert len(faults(patch)) == 2


@pytest.mark.parametrize("version", ["1.35", "v1.35", "1.35.4"])
def test_a_version_may_be_written_in_full(version):
    assert faults(DEPLOYMENT, version) == []


@pytest.mark.parametrize("version", ["1.99", "1.2", "x"])
def test_a_version_without_schemas_is_refused_with_those_there_are(version):
    with pytest.raises(PlanError, match=rf"no schemas for Kubernetes {version}; there are .*1\.35"):
        KubernetesSchemas(version)


def test_eight_thousand_objects_take_a_second_at_most():
    refusals = Refusals("1.35")
    row = Resource(urn="", type="kubernetes:apps/v1:Deployment", name="web", inputs=DEPLOYMENT)
    start = time.process_time()
    for _ in range(8_000):
        assert not list(refusals.faults(row))
    assert time.process_time() - start < 1.0


def test_without_a_version_objects_are_held_to_no_schema():
    row = Resource(urn="", type="kubernetes:apps/v1:Deployment", name="x", inputs={"apiVersion": 1})
    assert list(Refusals(None).faults(row)) == []
