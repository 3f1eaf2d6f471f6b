"""A namespace's level, quotas and LimitRange as the API server takes and holds them, against what settings say."""

import copy

import pytest

from settings.demand import container, defaults_of
from settings.faults import SettingsError
from settings.quantity import amount
from tests.cluster.control_plane.client import ApiError

SMALL = {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "40m", "memory": "32Mi"}}
QUOTA = {
    "requests": {"cpu": "2", "memory": "2Gi"},
    "limits": {"cpu": "4", "memory": "4Gi"},
    "pods": 20,
    "persistentVolumeClaims": 9,
}
CLASS = "managed-csi-premium"
BOUNDS = {
    "defaultRequest": {},
    "default": {"cpu": "40m", "memory": "32Mi"},
    "min": {"cpu": "10m", "memory": "16Mi"},
    "max": {"cpu": "200m", "memory": "128Mi"},
    "maxLimitRequestRatio": {"cpu": 4},
    "persistentVolumeClaim": {"min": "2Gi", "max": "8Gi"},
}
URGENT = {"priorityClasses": {"urgent-lab": {"value": 1000, "description": "what people wait for"}}}


def stack(lab, **tenant):
    return {"namespaces": {lab.namespace: tenant}}


def refusal(lab, manifest):
    """What the API server says against an object; empty where it takes it."""
    path = lab.api.path(manifest).rpartition("/")[0]
    try:
        lab.api.request("POST", f"{path}?dryRun=All", manifest)
    except ApiError as error:
        return error.message
    return ""


def pod(manifests, name="probe", change=None, **resources):
    [deployment] = [it for it in manifests if it["kind"] == "Deployment"]
    made = copy.deepcopy(deployment["spec"]["template"])
    made["metadata"] |= {"name": name, "namespace": deployment["metadata"]["namespace"]}
    made["spec"]["containers"][0]["resources"] = resources
    for volatile in ("nodeSelector", "topologySpreadConstraints"):
        made["spec"].pop(volatile, None)
    if change:
        change(made["spec"])
    return {"apiVersion": "v1", "kind": "Pod", **made}


def faults(lab, workload, **tenant):
    try:
        lab.settings({"web": workload}, stack(lab, **tenant))
    except SettingsError as error:
        return [str(it) for it in error.faults]
    return []


def as_root(spec):
    for it in (spec, *spec["containers"]):
        it["securityContext"] |= {"runAsNonRoot": False, "runAsUser": 0}


def of_host(spec):
    spec["hostNetwork"] = True


@pytest.mark.parametrize(
    ("level", "root", "host"),
    [(None, False, False), ("baseline", True, False), ("privileged", True, True)],
    ids=["no exception", "baseline", "privileged"],
)
def test_the_level_that_an_exception_gives_its_namespace_lets_in_what_it_says_and_no_more(
    lab, level, root, host
):
    web = {"kind": "deployment", "replicas": 1, "resources": SMALL}
    if level:
        web["security"] = {"exception": {"level": level, "reason": "a vendor's image needs it"}}
    manifests = lab.run({"web": web})

    assert refusal(lab, pod(manifests, **SMALL)) == ""
    for change, allowed in ((as_root, root), (of_host, host)):
        said = refusal(lab, pod(manifests, change=change, **SMALL))
        assert ("violates PodSecurity" in said) is not allowed, said
        assert allowed or f'"{level or "restricted"}:v1.35"' in said


BOUNDED = [
    ("what fits", SMALL, True),
    ("the defaults", {}, True),
    ("a request below the minimum", {"requests": {"cpu": "5m"}, "limits": {"cpu": "20m"}}, False),
    ("a limit above the maximum", {"requests": {"cpu": "100m"}, "limits": {"cpu": "201m"}}, False),
    ("a limit at the maximum", {"requests": {"cpu": "50m"}, "limits": {"cpu": "200m"}}, True),
    ("a limit past the ratio", {"requests": {"cpu": "49m"}, "limits": {"cpu": "200m"}}, False),
    ("a request without a limit", {"requests": {"cpu": "10m"}}, True),
    ("a request over the default limit", {"requests": {"cpu": "50m"}}, False),
    ("a limit without a request", {"limits": {"cpu": "150m"}}, True),
    ("a limit below the minimum", {"limits": {"memory": "8Mi"}}, False),
]


def test_each_container_is_taken_or_refused_by_the_server_as_by_our_checks(lab):
    manifests = lab.run(
        {"web": {"replicas": 1, "resources": SMALL}}, stack(lab, quota=QUOTA, limits=BOUNDS)
    )

    found = {}
    for title, resources, _ in BOUNDED:
        server = refusal(lab, pod(manifests, **resources)) == ""
        ours = not faults(lab, {"replicas": 1, "resources": resources}, quota=QUOTA, limits=BOUNDS)
        found[title] = (server, ours)

    assert found == {title: (allowed, allowed) for title, _, allowed in BOUNDED}


def test_what_the_limit_range_fills_in_is_what_we_count_in_the_order_that_the_server_has(lab):
    web = {"web": {"replicas": 1, "resources": SMALL}}
    manifests = lab.run(web, stack(lab, quota=QUOTA, limits=BOUNDS))
    made = pod(manifests)
    path = lab.api.path(made).rpartition("/")[0]
    got = lab.api.request("POST", f"{path}?dryRun=All", made)["spec"]["containers"][0]["resources"]
    limits = (
        lab.settings(web, stack(lab, quota=QUOTA, limits=BOUNDS)).namespaces[lab.namespace].limits
    )

    wanted = container({}, {}, defaults_of(limits))

    assert amount(got["requests"]["cpu"]) == wanted.requests_cpu == amount("40m")
    assert amount(got["limits"]["memory"]) == wanted.limits_memory


def claim(lab, size, name="probe", storage_class=CLASS):
    spec = {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": storage_class,
        "resources": {"requests": {"storage": size}},
    }
    metadata = {"name": name, "namespace": lab.namespace}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": spec}


def test_sizes_of_claims_are_held_by_the_server_as_by_our_checks(lab):
    lab.run({"web": {"replicas": 1, "resources": SMALL}}, stack(lab, quota=QUOTA, limits=BOUNDS))

    found = {}
    for size in ("1Gi", "2Gi", "8Gi", "9Gi"):
        disk = {"data": {"mountPath": "/data", "disk": {"size": size, "storageClass": CLASS}}}
        stateful = {"kind": "statefulset", "replicas": 1, "volumes": disk, "resources": SMALL}
        ours = [it for it in faults(lab, stateful, quota=QUOTA, limits=BOUNDS) if "disk.size" in it]
        found[size] = (refusal(lab, claim(lab, size)) == "", not ours)

    assert found == {size: (ok, ok) for size, ok in
                     (("1Gi", False), ("2Gi", True), ("8Gi", True), ("9Gi", False))}  # fmt: skip


def test_disk_space_is_held_by_class_and_in_all(lab):
    storage = {"total": "10Gi", "classes": {CLASS: "4Gi"}}
    lab.run(
        {"web": {"replicas": 1, "resources": SMALL}},
        stack(lab, quota={**QUOTA, "storage": storage}),
    )
    settled(lab, "requests.storage")

    assert refusal(lab, claim(lab, "4Gi")) == ""
    refused(lab, claim(lab, "5Gi"), f"{CLASS}.storageclass.storage.k8s.io/requests.storage")
    assert refusal(lab, claim(lab, "10Gi", storage_class="managed-csi")) == ""
    refused(lab, claim(lab, "11Gi", storage_class="managed-csi"), "requests.storage")


def refused(lab, manifest, words):
    """Admission hears of a quota, and of what counts for it, a moment after the API server has it."""
    title = f"{manifest['kind']} {manifest['metadata']['name']} to be refused: {words}"
    lab.plane.wait_for(title, lambda: words in refusal(lab, manifest), 20)


def settled(lab, resource, name="quota"):
    path = f"/api/v1/namespaces/{lab.namespace}/resourcequotas/{name}"
    lab.plane.wait_for(
        f"the quota {name}", lambda: resource in lab.api.get(path)["status"].get("used", {}), 20
    )


def test_objects_are_counted_by_the_name_that_a_quota_gives_them(lab):
    # Secrets, not ConfigMaps: a controller writes kube-root-ca.crt into a new namespace, and whether the
    # quota's first count sees it is a race that only the resync after five minutes ends.
    lab.run(
        {"web": {"replicas": 1, "resources": SMALL}},
        stack(lab, quota={**QUOTA, "counts": {"secrets": 1, "deployments.apps": 1}}),
    )
    settled(lab, "count/secrets")
    metadata = {"name": "one", "namespace": lab.namespace}
    one = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata}

    assert refusal(lab, one) == ""
    lab.api.apply(one)
    two = {**one, "metadata": {**metadata, "name": "two"}}
    refused(lab, two, "exceeded quota: quota, requested: count/secrets=1")


def test_a_quota_of_a_priority_holds_its_pods_and_no_others(lab):
    bounds = {"urgent-lab": {"pods": 2, "requests": {"cpu": "20m"}}}
    given = {**URGENT, **stack(lab, quota={**QUOTA, "priorities": bounds})}
    urgent = {"replicas": 1, "priorityClass": "urgent-lab", "resources": SMALL}
    manifests = lab.run({"web": urgent}, given)
    settled(lab, "requests.cpu", "quota-urgent-lab")

    more = {
        "requests": {"cpu": "40m", "memory": "16Mi"},
        "limits": {"cpu": "40m", "memory": "32Mi"},
    }
    refused(lab, pod(manifests, **more), "exceeded quota: quota-urgent-lab")

    def unranked(spec):
        del spec["priorityClassName"]

    assert refusal(lab, pod(manifests, change=unranked, **more)) == ""
    assert [it for it in faults_of(lab, {**urgent, "replicas": 2}, given) if "priorities" in it]
    assert not faults_of(lab, urgent, given)


def faults_of(lab, workload, given):
    try:
        lab.settings({"web": workload}, given)
    except SettingsError as error:
        return [str(it) for it in error.faults]
    return []


def no_ratio(monkeypatch):
    monkeypatch.setattr("manifests.tenant.ratios", lambda _: {})
    return {"limits": BOUNDS}, {"requests": {"cpu": "49m"}, "limits": {"cpu": "200m"}}, None


def no_minimum(_monkeypatch):
    limits = {key: it for key, it in BOUNDS.items() if key != "min"}
    return {"limits": limits}, {"requests": {"cpu": "5m"}, "limits": {"cpu": "20m"}}, None


def any_level(monkeypatch):
    monkeypatch.setattr("settings.pod_levels.needed", lambda *_: "privileged")
    return {}, SMALL, as_root


@pytest.mark.parametrize("broken", [no_ratio, no_minimum, any_level], ids=lambda it: it.__name__)
def test_a_namespace_that_lacks_a_bound_lets_in_what_the_tests_above_see_refused(
    lab, monkeypatch, broken
):
    tenant, resources, change = broken(monkeypatch)

    manifests = lab.run(
        {"web": {"replicas": 1, "resources": SMALL}}, stack(lab, quota=QUOTA, **tenant)
    )

    assert refusal(lab, pod(manifests, change=change, **resources)) == ""
