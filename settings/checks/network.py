"""What the network plugin can hold: policies about hosts and addresses, names on the nodes, who scrapes."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import NamedTuple

from settings.faults import Fault
from settings.machines import machine
from settings.sources import Sources
from settings.stack import Settings

LOCAL_DNS_MIN_VCPU = 4
"""https://learn.microsoft.com/azure/aks/localdns-custom#prerequisites"""


class Refusal(NamedTuple):
    """Why a policy cannot do something, and what can."""

    rule: str
    remedy: str


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """A network plugin that can hold what the stack asks for, and nodes that can."""
    yield from _plugin(settings, sources)
    yield from _advanced(settings, sources)
    yield from _monitoring(settings, sources)
    yield from _local_dns(settings, sources)
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


def _advanced(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """https://learn.microsoft.com/azure/aks/advanced-container-networking-services-overview"""
    network = settings.network
    asked = network.advanced_networking.security if network else "None"
    if asked != "None" and settings.enforcer != "cilium":
        yield sources.fault(
            ("network", "advancedNetworking", "security"),
            "needs 'cni: cilium': no other plugin holds policies about hosts or paths",
            repr(asked),
            "write 'None', or set 'cni: cilium'",
        )


def _local_dns(settings: Settings, sources: Sources) -> Iterator[Fault]:
    if not settings.local_dns or settings.target != "aks":
        return
    for name, pool in settings.node_pools.items():
        size = machine(pool.vm_size) if pool.vm_size else None
        # A system pool has as many by another rule.
        if size and size.vcpu < LOCAL_DNS_MIN_VCPU and pool.mode == "User":
            yield sources.fault(
                ("nodePools", name, "vmSize"),
                f"must have at least {LOCAL_DNS_MIN_VCPU} vCPU with 'localDns': Azure refuses it on smaller machines",
                repr(pool.vm_size),
                "choose a larger size, or write 'localDns: false'",
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
    for key, nodes in network.subnets.of_nodes.items() if settings.enforcer == "cilium" else ():
        if cidr.overlaps(nodes):
            rule = f"must lie outside subnets.{key} {nodes}: Cilium matches no node by address"
            return Refusal(rule, "name the workload in 'uses', or 'kubernetes' for the API server")
    return None


def _externals(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for name, external in settings.externals.items():
        for index, cidr in enumerate(external.cidrs):
            if found := cannot_hold(settings, IPv4Network(cidr)):
                at = ("externals", name, "cidrs", index)
                yield sources.fault(at, found.rule, repr(cidr), found.remedy)
