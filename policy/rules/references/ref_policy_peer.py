"""A NetworkPolicy's peer exists.

Pods of a chart are those with its release's name in the label app.kubernetes.io/instance; who is in namespaces of
 the system is not asked.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy.objects import Object, dig, mapping
from policy.rule import Parameter, Parameters, StackRule, Subjects, Violation
from policy.rules._index import chart_of, owns_cluster, selects_elsewhere
from policy.rules._peers import peers, selects_all
from policy.stack import Stack, matches
from policy.unknown import Undecided

_NAME: Final = "kubernetes.io/metadata.name"
_SYSTEM: Final = (
    "app-routing-system",
    "gatekeeper-system",
    "kube-node-lease",
    "kube-public",
    "kube-system",
)


def _peers(it: Object) -> Subjects:
    for path, peer in peers(it):
        yield path, peer if isinstance(peer, Undecided) else (it, peer)


def _check(it: tuple[Object, Any], stack: Stack, parameters: Parameters) -> Iterator[Violation]:
    policy, peer = it
    outside = [*_SYSTEM, *parameters["outside"]]
    chosen, wanted = dig(peer, "podSelector"), dig(peer, "namespaceSelector")
    if chosen is None and wanted is None:
        return
    namespaces = (
        [policy.namespace] if wanted is None else _namespaces(stack, mapping(wanted), outside)
    )
    if not namespaces:
        yield "namespaceSelector", "is no namespace of the stack"
        return
    pods = mapping(chosen)
    if not pods or selects_all(pods) or any(name in outside for name in namespaces):
        return
    hidden = None
    for name in namespaces:
        try:
            if stack.selected(name, pods) or chart_of(stack, name, pods):
                return
            selects_elsewhere(stack, name, pods)
        except Undecided as undecided:
            hidden = hidden or undecided
    if hidden:
        raise hidden
    yield "podSelector", f"is no pod of {', '.join(namespaces[:3])}"


def _namespaces(stack: Stack, selector: Mapping[str, Any], outside: list[str]) -> list[str]:
    """Namespaces that a selector means. Those of others count, where it names them."""
    labels = mapping(selector, "matchLabels")
    if _NAME in labels:
        name = str(labels[_NAME])
        here = name in stack.namespaces or name in outside or bool(stack.pods(name))
        if not here and not owns_cluster(stack):
            raise Undecided(f"namespace {name} is not here, and the cluster may have it")
        return [name] if here else []
    found = [
        name
        for name, it in stack.namespaces.items()
        if matches({**it.labels, _NAME: name}, selector)
    ]
    if not found and not owns_cluster(stack):
        raise Undecided("no namespace here has these labels, and the cluster may have one")
    return found


RULE = StackRule(
    id="ref-policy-peer",
    title="A NetworkPolicy's peer exists",
    area="references",
    severity="mandatory",
    kinds=("NetworkPolicy",),
    each=_peers,
    parameters={
        "outside": Parameter(
            default=[], docs="namespaces whose pods others make, besides those of the system"
        )
    },
    check=_check,
    why="The connection that it was written for is not allowed.",
    remedy="use labels of the pods and namespaces that are there",
    source="https://kubernetes.io/docs/concepts/services-networking/network-policies/",
)
