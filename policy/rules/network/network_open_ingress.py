"""Only what is exposed takes connections from everywhere."""

from collections.abc import Iterator
from typing import Any, Final

from policy.objects import Object, Pod, dig, listed, mapping
from policy.rule import Parameters, StackRule, Subjects, Violation
from policy.rules._index import chart_of, selects_elsewhere, services
from policy.rules._peers import is_everywhere, rules_of, selects_all
from policy.stack import Stack
from policy.unknown import Undecided

_EXPOSED: Final = ("LoadBalancer", "NodePort")


def _openings(it: Object) -> Subjects:
    for path, rule in rules_of(it, "ingress"):
        yield path, rule if isinstance(rule, Undecided) else (it, rule)


def _check(it: tuple[Object, Any], stack: Stack, _parameters: Parameters) -> Iterator[Violation]:
    policy, rule = it
    peers = listed(rule, "from")
    if peers and not any(is_everywhere(peer) for peer in peers):
        return
    selector = mapping(policy.manifest, "spec", "podSelector")
    chosen = stack.selected(policy.namespace, selector)
    if chosen and all(_is_exposed(stack, pod) for pod in chosen):
        return
    if not chosen and not selects_all(selector):
        chart = chart_of(stack, policy.namespace, selector)
        if chart and _exposes(dig(chart.manifest, "values")):
            return
        selects_elsewhere(stack, policy.namespace, selector)
    yield "", "lets everybody in, though nothing exposes the pods"


def _is_exposed(stack: Stack, pod: Pod) -> bool:
    return dig(pod.spec, "hostNetwork") is True or any(
        dig(service.manifest, "spec", "type") in _EXPOSED
        for service in services(stack).choosing(pod)
    )


def _exposes(values: Any) -> bool:
    """Whether values of a chart ask for a Service that is open to the outside."""
    held = mapping(values)
    return dig(held, "service", "type") in _EXPOSED or any(
        _exposes(held[key]) for key in held if key != "service"
    )


RULE = StackRule(
    id="network-open-ingress",
    title="Only what is exposed takes connections from everywhere",
    area="network",
    severity="mandatory",
    kinds=("NetworkPolicy",),
    each=_openings,
    reach="namespace",
    check=_check,
    why="Pods that no Service exposes are open to the whole cluster and network.",
    remedy="name peers in from",
    source="https://kubernetes.io/docs/concepts/services-networking/network-policies/",
)
