"""Plans of a few objects, and changes of the shipped stack's own."""

from review.plan import Plan, Resource
from tests.review.guard.plans import obj


def plan_of(*manifests, outputs=None):
    """A plan of plain manifests, each under a URN of its own."""
    return Plan(
        project="aks-platform",
        stack="made",
        resources=tuple(map(row_of, manifests)),
        outputs=outputs or {},
    )


def row_of(manifest):
    group, kind = manifest["apiVersion"], manifest["kind"]
    type_ = f"kubernetes:{group if '/' in group else f'core/{group}'}:{kind}"
    metadata = manifest["metadata"]
    name = f"{kind}-{metadata.get('namespace', '')}-{metadata['name']}"
    urn = f"urn:pulumi:made::aks-platform::{type_}::{name}"
    return Resource(urn=urn, type=type_, name=name, inputs=manifest)


def rule(peer=None, *ports, key="from"):
    """One rule of a policy: a peer of these pods, or everybody, on these TCP ports."""
    found = {} if peer is None else {key: [peer]}
    return {**found, **({"ports": [{"port": it} for it in ports]} if ports else {})}


def block(cidr, *without):
    return {"ipBlock": {"cidr": cidr, **({"except": [*without]} if without else {})}}


EVERY_POD = {"podSelector": {}}
UNKNOWN = {"$unknown": True}
SECRET = {"$secret": True}


def policy(name, spec, namespace="course"):
    return obj("networking.k8s.io/v1", "NetworkPolicy", name, {"spec": spec}, namespace)


def both_ways(source, target, port):
    """A policy at each end of one connection."""
    peers = [
        {"podSelector": {"matchLabels": {"app.kubernetes.io/name": it}}} for it in (source, target)
    ]
    return [
        policy(f"{target}-more", {
            "podSelector": peers[1]["podSelector"], "ingress": [rule(peers[0], port)]
        }),
        policy(f"{source}-more", {
            "podSelector": peers[0]["podSelector"], "policyTypes": ["Egress"],
            "egress": [rule(peers[1], port, key="to")],
        }),
    ]  # fmt: skip


def deployment(name, namespace="a"):
    """A workload that listens on TCP 80, `http`."""
    labels = {"app": name}
    containers = [{"name": "c", "image": "i:1", "ports": [{"name": "http", "containerPort": 80}]}]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
        },
    }


def to(app, name, **spec):
    """A policy of namespace `a` for one app."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": "a"},
        "spec": {"podSelector": {"matchLabels": {"app": app}}, **spec},
    }
