"""Small clusters for tests, and what the analysis says of them."""

import yaml

from review.analyses.reachability.connections import EVERY_END, connections
from review.analyses.reachability.network import Network, objects
from review.given import Given

EVERYTHING = dict.fromkeys(("SCTP", "TCP", "UDP"), "1-65535")
ANYWHERE = "0.0.0.0-255.255.255.255"


def pod(name, namespace="a", labels=None, ports=(), **spec):
    """A pod; its labels are `app: <name>` unless given."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": labels or {"app": name}},
        "spec": {"containers": [{"name": "c", "ports": list(ports)}], **spec},
    }


def policy(spec, name="p", namespace="a"):
    """A NetworkPolicy from the YAML of its spec."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace},
        "spec": yaml.safe_load(spec),
    }


def namespace(name, **labels):
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def taken(*manifests):
    """What is taken of manifests, each on the line of its number."""
    return objects(Given(it, "f.yaml", number) for number, it in enumerate(manifests, 1))


def network(*manifests):
    found = taken(*manifests)
    assert found.faults == []
    return Network(found)


def allowed(*manifests, sources=EVERY_END, targets=EVERY_END):
    """Ports by protocol, by source and target; names without namespace `a` and kind Pod."""
    found = {}
    for it in connections(network(*manifests), sources, targets):
        ends = tuple(end.removeprefix("a/").removesuffix("[Pod]") for end in it[:2])
        found.setdefault(ends, {})[it.protocol] = it.ports
    return found
