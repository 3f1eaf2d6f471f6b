"""What the controller weighs requests between: two Services, each of one version's pods, and what says so."""

ROUTED = {"ingress": {"routing": "VirtualServer"}}
LABEL = "app.kubernetes.io/instance"


def workload(step):
    return {
        "replicas": 4,
        "ports": {"http": 8080},
        "service": 80,
        "routes": [{"host": "public", "path": "/lab"}],
        "release": {"strategy": "canary", "by": "requests", "step": step},
    }


def stack(version="1.1.0"):
    return {**ROUTED, "images": {"web": {"tag": "1.0.0", "tracks": {"candidate": version}}}}


def pods_at(lab, version):
    return {
        it["status"]["podIP"]
        for it in lab.pods("web")
        if it["spec"]["containers"][0]["image"].endswith(f":{version}")
    }


def led(lab, service, version):
    """Whether a Service leads to all pods of a version and to no other."""
    _, addresses = lab.endpoints(service)
    return bool(addresses) and addresses == pods_at(lab, version)


def test_each_upstream_leads_to_the_pods_of_one_version(lab):
    lab.run({"web": workload(2)}, stack())
    lab.wait()
    lab.plane.wait_for("the stable endpoints", lambda: led(lab, "web", "1.0.0"), 20)
    lab.plane.wait_for("the candidate's", lambda: led(lab, "web-candidate", "1.1.0"), 20)

    base = f"/apis/k8s.nginx.org/v1/namespaces/{lab.namespace}/virtualserverroutes"
    route = lab.api.get(f"{base}/web.public")
    assert [it["weight"] for it in route["spec"]["subroutes"][0]["splits"]] == [75, 25]


def test_an_upstream_that_leads_to_every_pod_is_noticed(lab):
    lab.run({"web": workload(2)}, stack())
    lab.wait()
    lab.plane.wait_for("the stable endpoints", lambda: led(lab, "web", "1.0.0"), 20)
    every = {"spec": {"selector": {LABEL: None}}}
    path = f"/api/v1/namespaces/{lab.namespace}/services/web"
    lab.api.request("PATCH", path, every, "application/merge-patch+json")

    lab.plane.wait_for("the candidate's pod, too", lambda: len(lab.endpoints("web")[1]) == 4, 20)
    assert not led(lab, "web", "1.0.0")


def test_after_the_last_step_the_one_service_leads_to_the_candidate(lab):
    lab.run({"web": workload(3)}, stack())
    lab.wait()
    lab.run({"web": workload(4)}, stack())
    lab.wait()

    lab.plane.wait_for("the candidate's endpoints", lambda: led(lab, "web", "1.1.0"), 20)
    assert len(lab.endpoints("web")[1]) == 4
