"""No management port is open to the Internet."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy.objects import Object, dig, listed
from policy.rule import Parameter, Parameters, Rule, Subjects, Violation
from policy.unknown import item_name, parts

_EVERYBODY: Final = ("*", "0.0.0.0/0", "::/0", "Any", "Internet", "any", "internet")


_RULE: Final = "azure-native:network:SecurityRule"


def _rules(it: Object) -> Subjects:
    if it.kind == _RULE:
        yield "", it.manifest
    for at, item in parts(listed(it.manifest, "securityRules")):
        yield f"securityRules[{item_name('securityRules', at, item)}]", item


def _check(it: Mapping[str, Any], parameters: Parameters) -> Iterator[Violation]:
    if dig(it, "direction") != "Inbound" or dig(it, "access") != "Allow":
        return
    sources = [dig(it, "sourceAddressPrefix"), *listed(it, "sourceAddressPrefixes")]
    if not any(source in _EVERYBODY for source in sources):
        return
    ranges = [dig(it, "destinationPortRange"), *listed(it, "destinationPortRanges")]
    for port in parameters["ports"]:
        if any(_holds(str(given), int(port)) for given in ranges if given is not None):
            yield "", f"lets the whole Internet to port {port}"
            return


def _holds(given: str, port: int) -> bool:
    first, _, last = given.partition("-")
    if given == "*":
        return True
    return first.isdigit() and int(first) <= port <= int(last if last.isdigit() else first)


RULE = Rule(
    id="azure-nsg-open",
    title="No management port is open to the Internet",
    area="azure",
    severity="mandatory",
    kinds=("azure-native:network:NetworkSecurityGroup", _RULE),
    each=_rules,
    parameters={
        "ports": Parameter(
            default=["22", "2379", "3389", "5985", "5986", "6443", "10250"],
            docs="ports by which machines are managed",
        )
    },
    check=_check,
    why="SSH, RDP and the kubelet's port are searched for within minutes.",
    remedy="name source addresses, or remove the rule",
    source="https://learn.microsoft.com/azure/security/fundamentals/network-best-practices",
)
