"""Plans of a few objects, and changes of the shipped stack's own."""

from review.plan import Plan, Resource


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
