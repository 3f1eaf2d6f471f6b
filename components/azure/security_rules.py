"""What may enter each subnet, as rules of its security group, each with its reason.

AKS supports no rule that bars nodes, pods and control plane from each other
(https://learn.microsoft.com/azure/aks/outbound-rules-control-egress); network policies part the pods. What leaves is
not held here, either: what a cluster must reach has names and no fixed addresses, so a firewall does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from manifests.ingress import HTTP_PORT, HTTPS_PORT
from manifests.names import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_azure_native.network import SecurityRuleArgsDict

    from components.azure.stack import AksStack
    from settings.workload import Workload

RULE_NAME_MAX_CHARACTERS: Final = 80
REASON_MAX_CHARACTERS: Final = 140
"""https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules , and the API's own text."""

ANYWHERE: Final = "*"
INTERNET: Final = "Internet"
NETWORK: Final = "VirtualNetwork"
PROBES: Final = "AzureLoadBalancer"
"""https://learn.microsoft.com/azure/virtual-network/service-tags-overview ; VirtualNetwork is the address space and all
that is peered or connected with it."""

_INGRESS: Final = 100
_FIRST_WORKLOAD: Final = 200
_INSIDE: Final = 3000
_LAST: Final = 4096
"""Priorities: the lowest decides. Azure takes 100 to 4096."""


def rules(stack: AksStack, subnet: str) -> list[SecurityRuleArgsDict]:
    """The rules of the subnet with that key in `network.subnets`, in the order in which they count."""
    of = {"apiServer": _api_server, "privateEndpoints": _private_endpoints}
    found = list(of[subnet](stack)) if subnet in of else list(_nodes(stack, subnet))
    return [*found, *_end(subnet)]


def _nodes(stack: AksStack, subnet: str) -> Iterator[SecurityRuleArgsDict]:
    settings = stack.settings
    nodes, pods = _ranges(stack), [stack.network.pod_cidr]
    if (
        subnet == "nodes"
        and settings.ingress.controller == "nginx"
        and not settings.ingress.internal
    ):
        yield _allow(
            "ingress",
            _INGRESS,
            "requests from everywhere to the ingress controller's public load balancer",
            [INTERNET],
            [HTTP_PORT, HTTPS_PORT],
        )
    for index, workload in enumerate(_published(stack, subnet)):
        yield from _to_workload(workload, _FIRST_WORKLOAD + 2 * index)
    inside = {
        "nodes": (nodes, "nodes reach each other and the pods behind them; AKS supports no less"),
        "pods": (
            pods,
            "pods reach pods, DNS among them: overlay traffic meets this group unwrapped",
        ),
    }
    if api_server := stack.network.subnets.ranges.get("apiServer"):
        reason = "the API server calls kubelets and webhooks straight from its subnet"
        inside["api-server"] = ([str(api_server)], reason)
    inside["network"] = ([NETWORK], "private callers reach internal load balancers and node ports")
    inside["probes"] = ([PROBES], "load balancers ask nodes whether they serve")
    for index, (name, (sources, reason)) in enumerate(inside.items()):
        yield _allow(name, _INSIDE + 10 * index, reason, sources)


def _to_workload(workload: Workload, priority: int) -> Iterator[SecurityRuleArgsDict]:
    assert workload.service  # held by _published
    sources = workload.service.allowed_sources or [INTERNET]
    by_protocol: dict[str, list[int]] = {}
    for served in workload.served:
        by_protocol.setdefault(served.protocol, []).append(served.port)
    for index, (protocol, ports) in enumerate(sorted(by_protocol.items())):
        yield _allow(
            shortened(f"{workload.name}-{protocol.lower()}", RULE_NAME_MAX_CHARACTERS),
            priority + index,
            shortened(
                f"the public load balancer of workload {workload.name}", REASON_MAX_CHARACTERS
            ),
            sources,
            ports,
            protocol,
        )


def _published(stack: AksStack, subnet: str) -> list[Workload]:
    """Workloads with a public load balancer of their own that sends to nodes of `subnet`, by name."""
    return [
        workload
        for _, workload in sorted(stack.settings.workloads.items())
        if (it := workload.service)
        and it.type == "LoadBalancer"
        and not it.internal
        and (subnet == "nodes" or it.external_traffic_policy != "Local")
    ]


def _api_server(stack: AksStack) -> Iterator[SecurityRuleArgsDict]:
    asked = stack.settings.cluster.api_server
    reason = "nodes, and pods under their addresses, reach the API server and its tunnel"
    yield _allow("nodes", _INSIDE, reason, _ranges(stack), [HTTPS_PORT, 4443], "TCP")
    reason = "people and pipelines on connected networks reach the API server"
    yield _allow("network", _INSIDE + 10, reason, [NETWORK], [HTTPS_PORT], "TCP")
    yield _allow(
        "probes", _INSIDE + 20, "the API server's load balancer asks whether it serves", [PROBES]
    )
    if asked.authorized_ip_ranges and not asked.private:
        reason = "the ranges that cluster.apiServer.authorizedIpRanges lets in"
        ranges = asked.authorized_ip_ranges
        yield _allow("authorized", _INSIDE + 30, reason, ranges, [HTTPS_PORT], "TCP")


def _private_endpoints(stack: AksStack) -> Iterator[SecurityRuleArgsDict]:
    reason = "nodes, and pods under their addresses, reach the services behind the endpoints"
    yield _allow("nodes", _INSIDE, reason, _ranges(stack), None, "TCP")
    reason = "people and pipelines on connected networks reach them by HTTPS"
    yield _allow("network", _INSIDE + 10, reason, [NETWORK], [HTTPS_PORT], "TCP")


def _end(subnet: str) -> Iterator[SecurityRuleArgsDict]:
    yield _rule(
        "nothing-else-in", _LAST, "Inbound", "Deny", "whatever no rule above lets in", [ANYWHERE]
    )
    if subnet == "privateEndpoints":
        reason = "an endpoint answers and never begins a connection"
        yield _rule("nothing-out", _LAST, "Outbound", "Deny", reason, [ANYWHERE])


def _ranges(stack: AksStack) -> list[str]:
    return [str(it) for it in stack.network.subnets.of_nodes.values()]


def _allow(
    name: str,
    priority: int,
    reason: str,
    sources: Sequence[str],
    ports: Sequence[int] | None = None,
    protocol: str = "*",
) -> SecurityRuleArgsDict:
    if ports is not None and protocol == "*":
        protocol = "TCP"
    return _rule(f"allow-{name}", priority, "Inbound", "Allow", reason, sources, ports, protocol)


def _rule(
    name: str,
    priority: int,
    direction: str,
    access: str,
    reason: str,
    sources: Sequence[str],
    ports: Sequence[int] | None = None,
    protocol: str = "*",
) -> SecurityRuleArgsDict:
    rule: SecurityRuleArgsDict = {
        "name": name,
        "priority": priority,
        "direction": direction,
        "access": access,
        "description": reason,
        "protocol": {"TCP": "Tcp", "UDP": "Udp"}.get(protocol, ANYWHERE),
        "source_port_range": ANYWHERE,
        # A load balancer's public address, which nobody knows before it is there, is the destination that a node's
        # packets keep: https://learn.microsoft.com/azure/load-balancer/load-balancer-floating-ip
        "destination_address_prefix": ANYWHERE,
    }
    # Azure takes one as text and several as a list, never a list of one tag.
    if len(sources) == 1:
        rule["source_address_prefix"] = sources[0]
    else:
        rule["source_address_prefixes"] = sources
    if ports is None:
        rule["destination_port_range"] = ANYWHERE
    else:
        rule["destination_port_ranges"] = [str(port) for port in ports]
    return rule
