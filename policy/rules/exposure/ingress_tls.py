"""Every host has TLS.

A controller serves TLS for a host whichever Ingress of its class names the certificate: a master of mergeable
 Ingresses does so for its minions.
"""

from collections.abc import Iterator
from typing import Any

from policy.objects import Object, dig, items, texts
from policy.rule import Parameter, Parameters, StackRule, Violation
from policy.rules._index import once
from policy.rules._turns import over
from policy.stack import Stack
from policy.unknown import Undecided


def _check(it: Object, stack: Stack, parameters: Parameters) -> Iterator[Violation]:
    hosts, hidden = _hosts_with_tls(stack)

    def look(rule: Any) -> Iterator[Violation]:
        host = dig(rule, "host")
        if not isinstance(host, str) or host in hosts or host.endswith(tuple(parameters["plain"])):
            return
        if f"*.{host.partition('.')[2]}" not in hosts:
            if hidden:
                raise hidden
            yield "host", f"is served in clear: no TLS for {host}"

    yield from over(items(it.manifest, "spec", "rules"), look)


@once
def _hosts_with_tls(stack: Stack) -> tuple[frozenset[str], Undecided | None]:
    found: set[str] = set()
    hidden = None
    for it in stack.of("Ingress"):
        try:
            for _, tls in items(it.manifest, "spec", "tls"):
                own = texts(tls, "hosts")
                rules = items(it.manifest, "spec", "rules")
                found.update(own or (str(dig(rule, "host")) for _, rule in rules))
        except Undecided as undecided:
            hidden = hidden or undecided
    return frozenset(found), hidden


RULE = StackRule(
    id="ingress-tls",
    title="Every host has TLS",
    area="exposure",
    severity="mandatory",
    kinds=("Ingress",),
    parameters={
        "plain": Parameter(
            default=[".localhost", ".test", ".invalid"],
            docs="ends of hosts that need none, for they exist on one machine alone",
        )
    },
    check=_check,
    why="Passwords and sessions cross the Internet in clear.",
    remedy="add the host to spec.tls with a secretName",
    source="https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
)
