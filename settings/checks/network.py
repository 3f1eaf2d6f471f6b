"""The address plan: ranges that overlap are found here, not after an hour of provisioning."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network
from itertools import combinations
from typing import NamedTuple

from settings.demand import extra_pods
from settings.faults import Fault
from settings.network import NetworkSettings
from settings.sources import Sources
from settings.stack import Settings

RESERVED = ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24")
"""https://learn.microsoft.com/azure/aks/azure-cni-overlay : ranges AKS keeps for itself."""

SERVICE_CIDR_MIN_PREFIX = 13
SERVICE_CIDR_MAX_PREFIX = 28
"""Kubernetes takes any; a /28 holds 14, half of which the cluster's own and the ingress need."""

BOOTSTRAP_SURGE = "33%"
AZURE_ADDRESSES_A_SUBNET = 5
POD_PREFIX_A_NODE = 24


class Refusal(NamedTuple):
    """Why a policy cannot do something, and what can."""

    rule: str
    remedy: str


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """No overlap, nothing reserved, room for every node at its maximum with an upgrade's surge, and a network plugin
    that can hold what the stack asks for."""
    yield from _plugin(settings, sources)
    yield from _monitoring(settings, sources)
    network = settings.network
    if network is None:
        return
    ranges = {
        ("network", "addressSpace"): network.address_space,
        ("network", "podCidr"): network.pod_cidr,
        ("network", "serviceCidr"): network.service_cidr,
    }
    parsed = {path: IPv4Network(text) for path, text in ranges.items()}
    for (one, first), (other, second) in combinations(parsed.items(), 2):
        if first.overlaps(second):
            yield sources.fault(
                other,
                f"must not overlap {one[-1]} {first}",
                repr(str(second)),
                "choose another range",
            )
    for path, own in parsed.items():
        for reserved in RESERVED:
            if own.overlaps(IPv4Network(reserved)):
                yield sources.fault(
                    path,
                    f"must not overlap {reserved}, which AKS keeps for itself",
                    repr(str(own)),
                    "choose another range",
                )
    yield from _services(network, sources)
    yield from _room(settings, network, sources)
    yield from _externals(settings, sources)


def _plugin(settings: Settings, sources: Sources) -> Iterator[Fault]:
    if settings.fqdn_policies and settings.enforcer != "cilium":
        yield sources.fault(
            ("fqdnPolicies",),
            "needs 'cni: cilium': no other plugin holds a policy to a host name",
            remedy="remove it, or set 'cni: cilium'",
        )
    elif settings.fqdn_policies and settings.local_dns:
        # https://learn.microsoft.com/azure/aks/how-to-apply-fqdn-filtering-policies#limitations
        yield sources.fault(
            ("fqdnPolicies",),
            "excludes 'localDns': Cilium reads the answers of the cluster's DNS, not of the node's",
            remedy="remove one of the two",
        )


def _monitoring(settings: Settings, sources: Sources) -> Iterator[Fault]:
    ingress, given = settings.ingress, settings.monitoring
    if given and ingress.controller == "nginx" and given.namespace == ingress.namespace:
        yield sources.fault(
            ("monitoring", "namespace"),
            "must not be the ingress controller's, which lets nothing else in or out",
            repr(given.namespace),
            "give monitoring a namespace of its own",
        )


def cannot_hold(settings: Settings, cidr: IPv4Network) -> Refusal | None:
    """Why no policy of this stack can hold a workload to `cidr`; None where one can, or nothing is known."""
    network = settings.network
    if network is None:
        return None
    for key, own in (("podCidr", network.pod_cidr), ("serviceCidr", network.service_cidr)):
        if cidr.overlaps(IPv4Network(own)):
            rule = f"must lie outside {key} {own}: policies select pods by label, never by address"
            return Refusal(rule, "name the workload in 'uses'")
    # https://docs.cilium.io/en/stable/security/policy/caveats/ : an ipBlock matches no node.
    if settings.enforcer == "cilium" and cidr.overlaps(IPv4Network(network.subnets.nodes)):
        rule = f"must lie outside subnets.nodes {network.subnets.nodes}: Cilium matches no node by address"
        return Refusal(rule, "name the workload in 'uses', or 'kubernetes' for the API server")
    return None


def _externals(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for name, external in settings.externals.items():
        for index, cidr in enumerate(external.cidrs):
            if found := cannot_hold(settings, IPv4Network(cidr)):
                at = ("externals", name, "cidrs", index)
                yield sources.fault(at, found.rule, repr(cidr), found.remedy)


def _services(network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    services = IPv4Network(network.service_cidr)
    if services.prefixlen < SERVICE_CIDR_MIN_PREFIX:
        yield sources.fault(
            ("network", "serviceCidr"),
            "must be smaller than a /12",
            repr(network.service_cidr),
            f"use a /{SERVICE_CIDR_MIN_PREFIX} or longer prefix",
        )
    if services.prefixlen > SERVICE_CIDR_MAX_PREFIX:
        yield sources.fault(
            ("network", "serviceCidr"),
            f"must hold more than a handful of Services: a /{SERVICE_CIDR_MAX_PREFIX} or larger",
            repr(network.service_cidr),
            "widen it",
        )
        return
    dns = IPv4Address(network.dns_service_ip)
    if dns not in services or dns <= services[1] or dns == services.broadcast_address:
        yield sources.fault(
            ("network", "dnsServiceIp"),
            "must lie in serviceCidr and be neither its first address nor its last",
            repr(network.dns_service_ip),
            f"for example '{services[10]}'",
        )


def _room(settings: Settings, network: NetworkSettings, sources: Sources) -> Iterator[Fault]:
    nodes_cidr = IPv4Network(network.subnets.nodes)
    path = ("network", "subnets", "nodes")
    if not nodes_cidr.subnet_of(IPv4Network(network.address_space)):
        yield sources.fault(
            path,
            f"must lie in addressSpace {network.address_space}",
            repr(str(nodes_cidr)),
            "choose a part of it",
        )
    boot = settings.cluster.bootstrap_pool.count
    wanted = boot + extra_pods(BOOTSTRAP_SURGE, boot)
    for pool in settings.node_pools.values():
        wanted += pool.max + extra_pods(pool.max_surge, pool.max)
    room = nodes_cidr.num_addresses - AZURE_ADDRESSES_A_SUBNET
    if wanted > room:
        yield sources.fault(
            path,
            f"must hold {wanted} nodes, every pool at its maximum with an upgrade's surge; it holds {max(room, 0)}",
            repr(str(nodes_cidr)),
            "widen it",
        )
    pods = IPv4Network(network.pod_cidr)
    room = 2 ** (POD_PREFIX_A_NODE - pods.prefixlen) if pods.prefixlen <= POD_PREFIX_A_NODE else 0
    if wanted > room:
        yield sources.fault(
            ("network", "podCidr"),
            f"must hold a /24 for each of {wanted} nodes; it holds {room}",
            repr(str(pods)),
            "widen it",
        )
