"""What a quota counts besides what pods ask for: claims, storage, services, objects by kind."""

from decimal import Decimal
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manifests.third_party import NGINX_INGRESS
from review.analyses.capacity import QuotaUse, capacity, capacity_findings
from review.analyses.objects import BY_CONTROLLERS, count_name
from review.plan import UNKNOWN, Plan, Resource
from settings.quantity import amount

SYSTEM = {"name": "system", "mode": "System", "min": 1, "max": 2, "cpu": "4", "memory": "8Gi"}
WORKERS = {**SYSTEM, "name": "wg1", "mode": "User", "min": 2, "max": 3}
GOLD = "gold.storageclass.storage.k8s.io"
TINY = {"requests": {"cpu": "250m", "memory": "1Mi"}}


def obj(kind, name="it", version="v1", **rest):
    metadata = {"name": name, "namespace": "shop"}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **rest}


def quota(hard, **rest):
    return obj("ResourceQuota", spec={"hard": hard, **rest})


def plan(*objects, releases=()):
    rows = [
        Resource(urn=f"{index}", type="kubernetes:any:Any", name="any", inputs=it)
        for index, it in enumerate(objects)
    ]
    rows += [
        Resource(
            urn=name,
            type="kubernetes:helm.sh/v3:Release",
            name=name,
            inputs={"namespace": "shop", "chart": NGINX_INGRESS.url},
        )
        for name in releases
    ]
    return Plan(
        project="p", stack="s", resources=tuple(rows), outputs={"nodePools": [WORKERS, SYSTEM]}
    )


def counts(name, *objects):
    """What the namespace counts for one name, at rest and at the peak."""
    [use] = capacity(plan(*objects, quota({name: "99"}))).quotas
    return use.rest, use.peak


def reasons(hard, *objects, releases=()):
    given = plan(*objects, quota(hard), releases=releases)
    fit = capacity(given)
    found = [it for it in capacity_findings(given, fit) if it.rule == "quota-unknown"]
    assert all(it.severity == "advisory" for it in found)
    assert len(found) == len(fit.uncounted)
    return {it.resource: it.reason for it in fit.uncounted}


def claim(size="1Gi", **spec):
    return {"spec": {"resources": {"requests": {"storage": size}}, **spec}}


def service(kind, ports=1, **spec):
    return obj(
        "Service", spec={"type": kind, "ports": [{"port": it + 1} for it in range(ports)], **spec}
    )


def controller(kind="Deployment", volumes=(), **spec):
    pod = {"containers": [{"name": "it", "resources": TINY}], "volumes": [*volumes]}
    return obj(kind, version="apps/v1", spec={"template": {"spec": pod}, **spec})


def scaler(kind, least, most):
    target = {"kind": kind, "name": "it"}
    spec = {"minReplicas": least, "maxReplicas": most, "scaleTargetRef": target}
    return obj("HorizontalPodAutoscaler", version="autoscaling/v2", spec=spec)


DATA = {"metadata": {"name": "data"}, **claim("2Gi", storageClassName="gold")}
SCRATCH = {"name": "scratch", "ephemeral": {"volumeClaimTemplate": claim("3Gi")}}


@given(st.sampled_from(["ClusterIP", "NodePort", "LoadBalancer"]), st.integers(0, 9))
def test_each_port_of_a_service_that_nodes_open_is_a_node_port(kind, ports):
    made = service(kind, ports)
    opened = 0 if kind == "ClusterIP" else ports
    assert counts("services.nodeports", made) == (opened, opened)
    balancers = int(kind == "LoadBalancer")
    assert counts("services.loadbalancers", made) == (balancers, balancers)
    assert counts("services", made) == counts("count/services", made) == (1, 1)


def test_a_load_balancer_without_node_ports_counts_those_alone_that_it_names():
    made = service("LoadBalancer", 2, allocateLoadBalancerNodePorts=False)
    assert counts("services.nodeports", made) == (0, 0)
    made["spec"]["ports"][0]["nodePort"] = 30080
    assert counts("services.nodeports", made) == (1, 1)


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from(["gold", "", "slow"])), max_size=6)
)
def test_claims_count_in_whole_bytes_together_and_for_their_class(claims):
    made = [
        obj("PersistentVolumeClaim", f"c{index}", **claim(f"{milli}m", storageClassName=name))
        for index, (milli, name) in enumerate(claims)
    ]
    sizes = [ceil(Decimal(milli) / 1000) for milli, _ in claims]
    gold = [size for size, (_, name) in zip(sizes, claims, strict=True) if name == "gold"]
    assert counts("requests.storage", *made) == (sum(sizes),) * 2
    assert counts("persistentvolumeclaims", *made) == (len(claims),) * 2
    assert counts(f"{GOLD}/requests.storage", *made) == (sum(gold),) * 2
    assert counts(f"{GOLD}/persistentvolumeclaims", *made) == (len(gold),) * 2


def test_a_class_by_annotation_goes_before_the_field():
    made = obj("PersistentVolumeClaim", **claim(storageClassName="slow"))
    made["metadata"]["annotations"] = {"volume.beta.kubernetes.io/storage-class": "gold"}
    assert counts(f"{GOLD}/persistentvolumeclaims", made) == (1, 1)


@given(st.integers(0, 5), st.integers(0, 5))
def test_a_statefulset_has_a_claim_a_replica_up_to_its_autoscalers_maximum(least, more):
    made = controller("StatefulSet", replicas=least, volumeClaimTemplates=[DATA, DATA])
    assert counts("persistentvolumeclaims", made) == (2 * least, 2 * least)
    scaled = controller("StatefulSet", volumeClaimTemplates=[DATA])
    grown = scaled, scaler("StatefulSet", least, least + more)
    assert counts("count/persistentvolumeclaims", *grown) == (least, least + more)
    size = amount("2Gi")
    assert counts(f"{GOLD}/requests.storage", *grown) == (least * size, (least + more) * size)


def test_an_ephemeral_volume_is_a_claim_a_pod_those_of_a_rollout_and_of_every_node_included():
    surge = {"strategy": {"rollingUpdate": {"maxSurge": 2}}}
    assert counts("persistentvolumeclaims", controller(volumes=[SCRATCH], replicas=3, **surge)) == (
        3,
        5,
    )
    assert counts("persistentvolumeclaims", controller("DaemonSet", volumes=[SCRATCH])) == (2, 3)
    job = {"spec": {"template": controller(volumes=[SCRATCH])["spec"]["template"]}}
    runs = obj("CronJob", version="batch/v1", spec={"jobTemplate": job})
    assert counts("persistentvolumeclaims", runs) == (0, 2)


def test_what_is_in_every_namespace_counts_too():
    made = obj("ConfigMap"), obj("Secret"), obj("ServiceAccount")
    assert counts("configmaps", *made) == counts("count/configmaps", *made) == (2, 2)
    assert counts("secrets", *made) == counts("count/secrets", *made) == (1, 1)
    assert counts("count/serviceaccounts", *made) == (2, 2)
    assert counts("configmaps") == (1, 1)
    assert counts("resourcequotas") == (1, 1), "the quota itself"


def test_secrets_that_the_vault_driver_makes_are_counted():
    spec = {"secretObjects": [{"secretName": "one"}, {"secretName": "two"}]}
    made = obj("SecretProviderClass", version="secrets-store.csi.x-k8s.io/v1", spec=spec)
    assert counts("secrets", made) == (2, 2)


@pytest.mark.parametrize(
    ("kind", "version", "name"),
    [
        ("Deployment", "apps/v1", "count/deployments.apps"),
        ("Ingress", "networking.k8s.io/v1", "count/ingresses.networking.k8s.io"),
        ("NetworkPolicy", "networking.k8s.io/v1", "count/networkpolicies.networking.k8s.io"),
        ("Gateway", "gateway.networking.k8s.io/v1", "count/gateways.gateway.networking.k8s.io"),
        ("ConfigMap", "v1", "count/configmaps"),
    ],
)
def test_objects_of_any_kind_are_counted_by_plural_and_group(kind, version, name):
    made = obj(kind, version=version, spec={"template": {"spec": {"containers": []}}})
    assert count_name(made) == name
    assert counts(name, made)[0] >= 1
    elsewhere = {**made, "metadata": {"name": "it", "namespace": "other"}}
    assert counts(name, made) == counts(name, made, elsewhere)


def test_a_quota_by_the_short_names_counts_requests():
    made = controller(replicas=4, strategy={"type": "Recreate"})
    assert counts("cpu", made) == counts("requests.cpu", made) == (1, 1)
    assert counts("memory", made) == counts("requests.memory", made) == (amount("4Mi"),) * 2


def test_what_a_plan_cannot_tell_is_said_and_not_counted():
    assert {*reasons(dict.fromkeys(BY_CONTROLLERS, "9"))} == BY_CONTROLLERS
    nothing = reasons({"count/teapots.example.com": "9", "requests.nvidia.com/gpu": "1"})
    assert {*nothing.values()} == {"nothing here counts it"}
    assert reasons({"count/namespaces": "9"}, {"kind": "Namespace", "metadata": {"name": "shop"}})
    assert reasons({"configmaps": "9", "services.nodeports": "9", "pods": "9"}) == {}


def test_a_chart_has_objects_that_a_plan_does_not_show():
    found = reasons({"services": "9", "pods": "9"}, releases=["ingress"])
    assert found == {"services": "the chart of Release ingress has objects of its own"}


def test_values_known_after_deployment_only_are_said():
    late = obj("PersistentVolumeClaim", **claim(UNKNOWN, storageClassName="gold"))
    hard = {"requests.storage": "9Gi", f"{GOLD}/requests.storage": "9Gi"}
    assert {*reasons({**hard, "persistentvolumeclaims": "9"}, late)} == {*hard}
    default = obj("PersistentVolumeClaim", **claim())
    assert {*reasons(hard, default)} == {f"{GOLD}/requests.storage"}
    hard = {"services.nodeports": "9", "services.loadbalancers": "9"}
    assert {*reasons({**hard, "services": "9"}, service(UNKNOWN))} == {*hard}


def test_a_quota_of_some_pods_alone_is_not_held_against_all():
    made = plan(quota({"pods": "1"}, scopes=["BestEffort"]), controller(replicas=9))
    fit = capacity(made)
    assert fit.quotas == ()
    assert [it.resource for it in fit.uncounted] == ["pods"]


@pytest.mark.parametrize(
    ("resource", "used", "text"),
    [
        ("limits.cpu", "250m", "250m"),
        ("requests.memory", "2048Mi", "2Gi"),
        ("requests.storage", "1Ti", "1Ti"),
        (f"{GOLD}/requests.storage", "512Mi", "512Mi"),
        (f"{GOLD}/persistentvolumeclaims", "1024", "1024"),
        ("services.nodeports", "1500", "1500"),
        ("pods", "1024", "1024"),
        ("count/jobs.batch", "100", "100"),
    ],
)
def test_each_resource_is_written_in_its_own_unit(resource, used, text):
    assert (
        QuotaUse("shop", resource, amount("0"), amount(used), amount("9")).text(amount(used))
        == text
    )


def test_more_objects_than_a_quota_has_room_for_are_mandatory_and_no_word_is_of_pods():
    made = plan(service("NodePort", 2), quota({"services.nodeports": "1"}))
    [found] = capacity_findings(made, capacity(made))
    assert (found.rule, found.severity, found.resource) == (
        "quota-peak",
        "mandatory",
        "ResourceQuota shop",
    )
    assert found.message == (
        "the stack needs 2 services.nodeports of 1: what is beyond it would be refused; raise the quota to 2"
    )


VERSIONED = [
    obj("ConfigMap", "web-env-1234567890", immutable=True),
    obj("Secret", "web-PIN-1234567890", immutable=True),
    obj("Secret", dict(UNKNOWN), immutable=True),
    obj("ConfigMap", "settings"),
    obj("Secret", "pull"),
]


@pytest.mark.parametrize(
    ("name", "history", "rest", "peak"),
    [
        # kube-root-ca.crt and what is not named by its content have one version each.
        ("count/configmaps", None, 3, 3),
        ("count/configmaps", 0, 3, 4),
        ("count/configmaps", 2, 3 + 2, 3 + 2 + 1),
        ("configmaps", 2, 3 + 2, 3 + 2 + 1),
        ("count/secrets", 2, 3 + 2 * 2, 3 + 2 * 3),
        ("secrets", 5, 3 + 2 * 5, 3 + 2 * 6),
    ],
)
def test_the_versions_that_a_stack_keeps_count_and_one_more_while_it_is_updated(
    name, history, rest, peak
):
    [use] = capacity(plan(*VERSIONED, quota({name: "99"})), history).quotas
    assert (use.rest, use.peak) == (rest, peak)
    assert use.earlier == (peak - (3 if history is not None else peak))


def test_nothing_but_configuration_has_earlier_versions():
    made = plan(
        *VERSIONED,
        service("ClusterIP"),
        obj("Role", immutable=True),
        quota({"count/services": "9"}),
    )
    [use] = capacity(made, 2).quotas
    assert (use.rest, use.peak, use.earlier) == (1, 1, 0)


def test_a_quota_that_holds_the_first_version_alone_is_told_with_what_the_history_takes():
    made = plan(*VERSIONED, quota({"count/configmaps": "5"}))
    assert [*capacity_findings(made, capacity(made))] == []

    [found] = capacity_findings(made, capacity(made, 2))
    assert found.severity == "mandatory"
    assert found.message == (
        "the stack needs 6 count/configmaps of 5 while an update runs (3 are earlier versions, by 'configHistory'): "
        "what is beyond it would be refused; raise the quota to 6 or lower 'configHistory'"
    )
    assert [*capacity_findings(made, capacity(made, 1))] == []
