"""Services as the API server takes them, and what its controllers make of them."""

import copy

import pytest

from tests.cluster.control_plane.client import ApiError
from tests.cluster.estate import one

PROXY = {"image": "registry.example/proxy", "before": "started", "ports": {"tls": 8443}}
SIDECAR = {
    "ports": {"http": 8080},
    "containers": {"proxy": PROXY},
    "service": {"ports": {"http": 80, "tls": {"port": 443}}},
}
BALANCED = {
    "ports": {"http": 8080, "stats": 9100},
    "service": {
        "type": "LoadBalancer",
        "ports": {"http": 80, "stats": 9100},
        "subnet": "balancers",
        "allowedSources": ["10.0.0.0/8", "203.0.113.0/24"],
        "externalTrafficPolicy": "Local",
        "sessionAffinity": "ClientIP",
        "sessionAffinitySeconds": 600,
    },
}
CHOSEN = ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "selector", "ports")


def service(lab, name="web"):
    return lab.api.get(f"/api/v1/namespaces/{lab.namespace}/services/{name}")


def lost(said, live):
    """Fields of `said` that are not in `live` as they were said, by their path."""
    if isinstance(said, dict):
        return [
            f"{key}.{it}" if it else key
            for key, value in said.items()
            for it in (lost(value, live[key]) if key in live else ["gone"])
        ]
    if isinstance(said, list) and len(said) == len(live):
        return [it for a, b in zip(said, live, strict=True) for it in lost(a, b)]
    return [] if said == live else [""]


@pytest.mark.parametrize(
    "workload",
    [
        SIDECAR,
        BALANCED,
        {
            "ports": {"http": 8080},
            "service": {"port": 80, "type": "NodePort", "externalTrafficPolicy": "Local"},
        },
        {
            "ports": {"http": 8080},
            "service": {"port": 8080, "headless": True, "publishNotReadyAddresses": True},
        },
        {"kind": "daemonset", "ports": {"http": 8080}, "service": {"port": 80, "internalTrafficPolicy": "Local"}},
        {"kind": "statefulset", **SIDECAR},
    ],
    ids=["sidecar", "balancer", "node-port", "headless", "daemonset", "statefulset"],
)  # fmt: skip
def test_everything_a_service_says_is_kept_as_it_was_said(lab, workload):
    manifests = lab.run({"web": workload})
    said = [it for it in manifests if it["kind"] == "Service"]
    assert said
    for it in said:
        assert lost(it["spec"], lab.api.get(lab.api.path(it))["spec"]) == []


def test_a_field_that_the_server_changes_is_noticed(lab):
    manifests = lab.run({"web": SIDECAR})
    said = one(manifests, "Service")["spec"]
    said["ports"][0]["port"], said["externalName"] = 81, "elsewhere.example"

    assert lost(said, service(lab)["spec"]) == ["ports.port", "externalName.gone"]


def test_what_is_left_out_is_what_the_settings_say_kubernetes_fills_in(lab):
    ports, base = {"http": 8080}, {"port": 80, "type": "NodePort", "sessionAffinity": "ClientIP"}
    spoken = {
        **base,
        "externalTrafficPolicy": "Cluster",
        "internalTrafficPolicy": "Cluster",
        "sessionAffinitySeconds": 10800,
        "publishNotReadyAddresses": False,
    }
    lab.run(
        {
            "silent": {"ports": ports, "service": base},
            "spoken": {"ports": ports, "service": spoken},
            "other": {"ports": ports, "service": {**spoken, "sessionAffinitySeconds": 60}},
        }
    )

    def filled(name):
        spec = service(lab, name)["spec"]
        return {key: value for key, value in spec.items() if key not in CHOSEN}

    assert filled("silent") == filled("spoken") != filled("other")


def test_each_port_leads_to_its_container_by_name_a_sidecars_included(lab):
    lab.run({"web": {**SIDECAR, "replicas": 2}})
    lab.wait()
    addresses = {it["status"]["podIP"] for it in lab.pods("web")}
    assert len(addresses) == 2

    lab.plane.wait_for(
        "endpoints",
        lambda: lab.endpoints("web") == ({"http": 8080, "tls": 8443}, addresses),
    )


def test_a_port_that_no_container_has_leads_nowhere(lab):
    manifests = lab.render({"web": {**SIDECAR, "replicas": 1}})
    one(manifests, "Service")["spec"]["ports"][1]["targetPort"] = "tsl"
    lab.apply(manifests)
    lab.wait()

    lab.plane.wait_for("endpoints", lambda: lab.endpoints("web")[0].keys() == {"http"})


def test_node_ports_are_the_ones_named_and_for_the_rest_chosen_and_all_are_counted(lab):
    ports = {"http": {"port": 80, "nodePort": 31980}, "stats": 9100}
    workload = {
        "ports": {"http": 8080, "stats": 9100},
        "service": {"type": "NodePort", "ports": ports},
    }
    lab.run({"web": workload, "balanced": BALANCED})
    first, second = (it["nodePort"] for it in service(lab)["spec"]["ports"])
    assert first == 31980
    assert 30000 <= second <= 32767

    path = f"/api/v1/namespaces/{lab.namespace}/resourcequotas"

    def counted():
        [quota] = lab.api.items(path)
        used = quota["status"].get("used", {})
        return used.get("services.nodeports"), used.get("services.loadbalancers")

    lab.plane.wait_for("the quota's count", lambda: counted() == ("4", "1"))


def test_a_quota_that_is_one_node_port_short_is_told_before_the_server_refuses(lab):
    short = {"namespaces": {lab.namespace: {"quota": {"nodePorts": 1}}}}
    with pytest.raises(Exception, match=r"nodePorts: must hold what .* has: 2"):
        lab.settings({"balanced": BALANCED}, short)

    manifests = lab.render({"balanced": BALANCED})
    quota = one(manifests, "ResourceQuota")
    quota["spec"]["hard"]["services.nodeports"] = "1"
    with pytest.raises(ApiError, match="exceeded quota"):
        lab.apply(manifests)


def test_on_azure_a_load_balancer_is_internal_in_its_subnet_and_elsewhere_says_nothing(lab):
    annotations = one(lab.run({"web": BALANCED}), "Service")["metadata"]["annotations"]
    assert annotations == {
        "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
        "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": "balancers",
    }
    elsewhere = one(lab.render({"web": BALANCED}, target="kubeconfig"), "Service")
    assert "azure-load-balancer" not in str(elsewhere["metadata"])


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"clusterIP": "None", "type": "LoadBalancer"}, "may not be set to 'None'"),
        ({"externalTrafficPolicy": "Local", "type": "ClusterIP"}, "externalTrafficPolicy"),
        ({"sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 86401}}}, "timeoutSeconds"),
    ],
)
def test_what_the_settings_refuse_of_a_service_the_server_refuses_too(lab, change, refusal):
    manifests = lab.render({"web": BALANCED})
    broken = copy.deepcopy(manifests)
    one(broken, "Service")["spec"].update(change)
    if change.get("type") == "ClusterIP":
        del one(broken, "Service")["spec"]["loadBalancerSourceRanges"]
    with pytest.raises(ApiError, match=refusal):
        lab.apply(broken)


def test_policies_open_the_ports_behind_the_service_and_no_others(lab):
    wide = {**SIDECAR, "ports": {"http": 8080, "stats": 9100}}
    manifests = lab.run({"api": wide, "all": {"uses": ["api"]}, "one": {"uses": ["api:443"]}})

    def opened(policy, direction):
        live = lab.api.get(lab.api.path(one(manifests, "NetworkPolicy", policy)))
        return sorted([port["port"] for port in rule["ports"]] for rule in live["spec"][direction])

    assert opened("api-ingress", "ingress") == [[8080, 8443], [8443]]
    assert opened("all-egress", "egress") == [[8080, 8443]]
    assert opened("one-egress", "egress") == [[8443]]
