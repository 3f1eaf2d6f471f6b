"""What leads to workloads from outside: Services, Ingresses, VirtualServers and their routes."""

import pytest
import yaml

from review.analyses.reachability.exposure import exposure
from review.analyses.reachability.network import Network, objects
from review.given import Given
from tests.manifests.samples import STACKS, groups, shipped
from tests.review.analyses.reachability.cluster import ANYWHERE, pod, policy

WEB = pod("web", ports=[{"name": "http", "containerPort": 8080}])


def thing(kind, spec, name="s", namespace="a", annotations=None):
    version = {"Service": "v1", "Ingress": "networking.k8s.io/v1"}.get(kind, "k8s.nginx.org/v1")
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace, "annotations": annotations},
        "spec": yaml.safe_load(spec),
    }


def found(*manifests):
    given = [Given(it, "f.yaml", number) for number, it in enumerate(manifests, 1)]
    return exposure(given, Network(objects(given)))


def service(spec, *others, **changes):
    (made,) = found(WEB, pod("db"), *others, thing("Service", spec, **changes)).services
    return made


HTTP = "ports: [{port: 80, targetPort: http}]"


def test_a_service_leads_to_the_pods_that_its_selector_finds_in_its_namespace():
    made = service(f"selector: {{app: web}}\n{HTTP}", pod("web", "b"))

    assert (made.title, made.type) == ("a/s", "ClusterIP")
    (port,) = made.ports
    assert (port.port, port.protocol, port.target) == (80, "TCP", "http")
    assert port.workloads == ("a/web[Pod]",)
    assert port.allowed_from == (), "it is open inwards alone"


@pytest.mark.parametrize(
    ("spec", "workloads"),
    [
        ("selector: {app: web}\nports: [{port: 80}]", ("a/web[Pod]",)),
        ("selector: {app: web}\nports: [{port: 80, targetPort: other}]", ()),
        ("selector: {app: web}\nports: [{port: 80, targetPort: http, protocol: UDP}]", ()),
        ("selector: {app: nobody}\nports: [{port: 80}]", ()),
        ("selector: {app: web, tier: x}\nports: [{port: 80}]", ()),
        ("ports: [{port: 80}]", ()),
        ("type: ExternalName\nselector: {app: web}\nports: [{port: 80}]", ()),
        ("clusterIP: None\nselector: {app: db}\nports: [{port: 80}]", ("a/db[Pod]",)),
    ],
)
def test_a_port_leads_to_those_pods_that_have_it(spec, workloads):
    (port,) = service(spec).ports

    assert port.workloads == workloads


def test_a_service_without_ports_leads_nowhere():
    assert service("clusterIP: None\nselector: {app: web}").ports == ()


@pytest.mark.parametrize("kind", ["NodePort", "LoadBalancer"])
@pytest.mark.parametrize(
    ("ingress", "ranges"),
    [
        ("[{}]", (ANYWHERE,)),
        ("[]", ()),
        ("[{ports: [{port: 80}]}]", ()),
        ("[{ports: [{port: 8080}]}]", (ANYWHERE,)),
        (
            "[{ports: [{port: http}], from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]",
            ("10.0.0.0-10.255.255.255",),
        ),
    ],
)
def test_a_service_that_is_open_outwards_tells_whom_policies_let_in_at_the_pods(
    kind, ingress, ranges
):
    made = service(
        f"type: {kind}\nselector: {{app: web}}\n{HTTP}",
        policy(f"podSelector: {{}}\ningress: {ingress}"),
    )

    assert made.ports[0].allowed_from == ranges


def test_a_load_balancer_may_be_internal_and_narrowed():
    made = service(
        f"type: LoadBalancer\nloadBalancerSourceRanges: [192.0.2.0/24]\n{HTTP}",
        annotations={"service.beta.kubernetes.io/azure-load-balancer-internal": "true"},
    )

    assert (made.internal, made.source_ranges) == (True, ("192.0.2.0/24",))


SERVICE = thing("Service", f"selector: {{app: web}}\n{HTTP}")


def routes(*manifests):
    return [
        (it.host, it.path, it.kind, it.service, it.port, it.workloads)
        for it in found(WEB, SERVICE, *manifests).routes
    ]


TO_WEB = ("a/s", "80", ("a/web[Pod]",))


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (
            "rules: [{host: h, http: {paths: [{path: /p, backend: {service: {name: s, port: {number: 80}}}}]}}]",
            [("h", "/p", "Ingress", *TO_WEB)],
        ),
        (
            "rules: [{http: {paths: [{backend: {service: {name: s, port: {name: http}}}}]}}]",
            [("*", "/", "Ingress", "a/s", "http", ("a/web[Pod]",))],
        ),
        (
            "defaultBackend: {service: {name: s, port: {number: 80}}}",
            [("*", "/", "Ingress", *TO_WEB)],
        ),
        ("backend: {serviceName: s, servicePort: 80}", [("*", "/", "Ingress", *TO_WEB)]),
        (
            "rules: [{host: h, http: {paths: [{path: /, backend: {service: {name: s, port: {number: 81}}}}]}}]",
            [("h", "/", "Ingress", "a/s", "81", ())],
        ),
        (
            "rules: [{host: h, http: {paths: [{path: /, backend: {service: {name: none, port: {number: 80}}}}]}}]",
            [("h", "/", "Ingress", "a/none", "80", ())],
        ),
        ("rules: [{host: h}]", []),
    ],
)
def test_an_ingress_leads_by_host_and_path_to_a_service(spec, expected):
    assert routes(thing("Ingress", spec)) == expected


UPSTREAMS = "upstreams: [{name: up, service: s, port: 80}]\n"


@pytest.mark.parametrize(
    "action",
    [
        "action: {pass: up}",
        "action: {proxy: {upstream: up}}",
        "splits: [{weight: 90, action: {pass: up}}, {weight: 10, action: {return: {}}}]",
        "matches: [{conditions: [], action: {pass: up}}], action: {redirect: {}}",
        "matches: [{conditions: [], splits: [{weight: 100, action: {pass: up}}]}]",
    ],
)
def test_a_virtual_server_leads_by_its_upstreams(action):
    spec = f"host: h\n{UPSTREAMS}routes: [{{path: /p, {action}}}]"

    assert routes(thing("VirtualServer", spec)) == [("h", "/p", "VirtualServer", *TO_WEB)]


@pytest.mark.parametrize("named", ["a/r", "r"])
def test_a_route_of_another_object_counts_where_a_virtual_server_names_it(named):
    server = thing("VirtualServer", f"host: h\nroutes: [{{path: /p, route: {named}}}]")
    other = thing(
        "VirtualServerRoute",
        f"host: h\n{UPSTREAMS}subroutes: [{{path: /p/q, action: {{pass: up}}}}]",
        "r",
    )

    assert routes(server, other) == [("h", "/p/q", "VirtualServerRoute", *TO_WEB)]
    assert routes(other) == [], "nobody leads to it"


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        (thing("Service", "ports: [{port: http}]"), "a port needs a number"),
        (thing("Service", "selector: [a]"), "spec.selector: must be a map; got a list"),
        (thing("Service", "selector: {app: 1}"), "must be text; got 1"),
        (thing("Ingress", "rules: x"), "spec.rules: must be a list; got 'x'"),
    ],
)
def test_what_the_api_server_would_refuse_is_named_and_left_out(manifest, says):
    made = found(manifest)

    assert (made.services, made.routes) == ([], [])
    assert says in str(made.faults[0])
    assert str(made.faults[0]).startswith(f"f.yaml:1: {manifest['kind']} s: ")


@pytest.mark.parametrize(
    "spec", ["host: [1]\nroutes: x", "routes: [1, {path: /, action: 3}]\nupstreams: {}", "x: 1"]
)
def test_a_custom_resource_of_any_shape_is_no_error(spec):
    assert found(thing("VirtualServer", spec)).routes == []


@pytest.mark.parametrize("name", STACKS)
def test_every_declared_route_of_the_estate_leads_to_its_workload(name):
    settings = shipped(name)
    made = found(*(part.manifest for group in groups(name) for part in group.parts))

    leads = {
        (it.host, it.path, workload.partition("[")[0].partition("/")[2])
        for it in made.routes
        for workload in it.workloads
    }
    assert leads == {
        (settings.ingress.hosts[route.host].host, route.path, it.name)
        for it in settings.workloads.values()
        for route in it.routes
    }
    outward = {it.title for it in made.services if it.type != "ClusterIP"}
    assert outward == {
        f"{it.namespace}/{it.name}"
        for it in settings.workloads.values()
        if it.service and it.service.type != "ClusterIP"
    }
