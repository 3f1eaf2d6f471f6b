"""Health checks of a container, written and by default."""

import pytest

from tests.manifests.samples import controller_of, of_kind, pod_of, web
from tests.manifests.schema import faults

PORTS = {"http": 8080, "admin": 9901}


def checks(**changes):
    subject = web(**{"ports": PORTS, **changes})
    assert faults(controller_of(subject)) == []
    [container] = pod_of(subject)["containers"]
    return {key: it for key, it in container.items() if key.endswith("Probe")}


@pytest.mark.parametrize("kind", ["startup", "readiness", "liveness"])
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("/readyz?deep=1", {"httpGet": {"path": "/readyz?deep=1", "port": "http"}}),
        ("tcp", {"tcpSocket": {"port": "http"}}),
        ("grpc", {"grpc": {"port": 8080}}),
        ({"tcpSocket": {"port": "admin"}}, {"tcpSocket": {"port": "admin"}}),
        ({"grpc": {"port": "admin", "service": "shop"}}, {"grpc": {"port": 9901, "service": "shop"}}),
        ({"exec": {"command": ["test", "-f", "/ok"]}}, {"exec": {"command": ["test", "-f", "/ok"]}}),
        (
            {"httpGet": {"scheme": "HTTPS", "headers": {"X-Probe": "1"}}, "timeoutSeconds": 3},
            {
                "httpGet": {
                    "path": "/",
                    "port": "http",
                    "scheme": "HTTPS",
                    "httpHeaders": [{"name": "X-Probe", "value": "1"}],
                },
                "timeoutSeconds": 3,
            },
        ),
    ],
)  # fmt: skip
def test_each_check_can_be_asked_in_each_way(kind, given, expected):
    assert checks(probes={"readiness": "none", kind: given}) == {f"{kind}Probe": expected}


def test_every_time_is_passed_on():
    times = {
        "initialDelaySeconds": 1,
        "periodSeconds": 2,
        "timeoutSeconds": 3,
        "successThreshold": 1,
        "failureThreshold": 5,
        "terminationGracePeriodSeconds": 6,
    }
    given = {"tcpSocket": {}, **times}
    found = checks(probes={"liveness": given})["livenessProbe"]
    assert found == {"tcpSocket": {"port": "http"}, **times}


def test_a_container_that_is_sent_requests_is_ready_when_the_port_behind_its_service_opens():
    assert checks(service={"port": 80, "targetPort": "admin"}) == {
        "readinessProbe": {"tcpSocket": {"port": "admin"}}
    }


@pytest.mark.parametrize(
    "changes",
    [{"probes": {"readiness": "none"}}, {"service": None}],
    ids=["switched off", "nobody calls it"],
)
def test_no_other_check_is_made_up(changes):
    assert checks(**changes) == {}


def test_of_several_containers_the_one_behind_the_service_is_checked():
    proxy = {"before": "started", "ports": {"https": 8443}, "probes": {"startup": "tcp"}}
    subject = web(containers={"proxy": proxy}, service={"port": 443, "targetPort": "https"})
    pod = pod_of(subject)
    [sidecar] = pod["initContainers"]
    assert sidecar["readinessProbe"] == {"tcpSocket": {"port": "https"}}
    assert sidecar["startupProbe"] == {"tcpSocket": {"port": "https"}}
    assert "readinessProbe" not in pod["containers"][0]
    assert faults(controller_of(subject)) == []


def test_a_job_is_checked_only_where_it_is_told():
    assert "readinessProbe" not in pod_of(of_kind("job", service=None))["containers"][0]


UDP = {"dns": {"port": 53, "protocol": "UDP"}}


def test_a_service_over_udp_alone_makes_no_check_up_since_nothing_can_be_asked():
    subject = web(ports=UDP, service=53)
    assert "readinessProbe" not in pod_of(subject)["containers"][0]


@pytest.mark.parametrize(
    ("ports", "expected"),
    [({**UDP, "health": 8081}, "health"), ({**UDP, "health": 8081, "http": 8080}, "http")],
)
def test_a_check_without_a_port_asks_one_that_speaks_tcp(ports, expected):
    subject = web(ports=ports, service=None, probes={"liveness": "tcp"})
    [container] = pod_of(subject)["containers"]
    assert container["livenessProbe"]["tcpSocket"] == {"port": expected}


def test_of_a_mixed_service_the_tcp_port_is_checked():
    served = {"ports": {"dns": 53, "tcp": 53}}
    subject = web(ports={**UDP, "tcp": 53}, service=served)
    [container] = pod_of(subject)["containers"]
    assert container["readinessProbe"]["tcpSocket"] == {"port": "tcp"}
