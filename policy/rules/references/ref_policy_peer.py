"""A NetworkPolicy's peer exists.

Pods of a chart are those with its release's name in the label app.kubernetes.io/instance; who is in namespaces of
the system is not asked.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy.objects import Object, dig, items, mapping, texts
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
    if type(peer) is not dict:  # a part of it is unknown, and says so by its own place
        yield from _missing(policy.namespace, peer, stack, parameters)
        return
    # 6,108 peers of 1,000 workloads are 1,008 different ones: DNS, the ingress controller, each called workload.
    own = peer.get("namespaceSelector") is None or policy.namespace not in stack.namespaces
    home = policy.namespace if own else ""
    question = (RULE.id, home, repr(peer), repr(parameters))
    yield from stack.once(question, lambda: _missing(home, peer, stack, parameters))


def _missing(home: str, peer: Any, stack: Stack, parameters: Parameters) -> Iterator[Violation]:
    """`home` is the policy's namespace, where it matters: where the peer names none, or others make that one."""
    outside = [*_SYSTEM, *parameters["outside"]]
    chosen, wanted = dig(peer, "podSelector"), dig(peer, "namespaceSelector")
    if chosen is None and wanted is None:
        return
    namespaces, hidden = (
        ([home], None) if wanted is None else _namespaces(stack, mapping(wanted), outside)
    )
    if not namespaces:
        if hidden:
            raise hidden
        yield "namespaceSelector", "is no namespace of the stack"
        return
    pods = mapping(chosen)
    if not pods or selects_all(pods) or any(name in outside for name in namespaces):
        return
    for name in namespaces:
        try:
            if stack.selected(name, pods) or chart_of(stack, name, pods):
                return
            selects_elsewhere(stack, name, pods)
            if name != home and _is_elsewhere(stack, name):
                raise Undecided(f"namespace {name} is made elsewhere, and may hold others' pods")
        except Undecided as undecided:
            hidden = hidden or undecided
    if hidden:
        raise hidden
    yield "podSelector", f"is no pod of namespace {', '.join(namespaces[:3])}"


def _is_elsewhere(stack: Stack, name: str) -> bool:
    return stack.complete and name not in stack.namespaces and not owns_cluster(stack)


def _namespaces(
    stack: Stack, selector: Mapping[str, Any], outside: list[str]
) -> tuple[list[str], Undecided | None]:
    """Namespaces that a selector means, and why there may be more. Of those that others make, a chart among them, the
    name is all that is known: they count where it names them."""
    named = {*_named(selector)}
    candidates = stack.namespaces
    if named:
        candidates = {name: stack.namespaces[name] for name in named if name in stack.namespaces}
    found, hidden = [], None
    for name, it in candidates.items():
        try:
            if matches({**it.labels, _NAME: name}, selector):
                found.append(name)
        except Undecided as undecided:
            hidden = hidden or undecided
    others = sorted(named - {*stack.namespaces})
    found += [it for it in others if it in outside or stack.pods(it) or stack.charts(it)]
    if not found and not owns_cluster(stack):
        if others:
            raise Undecided(f"namespace {others[0]} is not here, and the cluster may have it")
        if not named:
            raise Undecided("no namespace here has these labels, and the cluster may have one")
    return sorted(found), hidden


def _named(selector: Mapping[str, Any]) -> Iterator[str]:
    labels = mapping(selector, "matchLabels")
    if _NAME in labels:
        yield str(labels[_NAME])
    for _, it in items(selector, "matchExpressions"):
        if dig(it, "key") == _NAME and dig(it, "operator") == "In":
            yield from texts(it, "values")


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
    remedy="use labels of the pods and namespaces that are there; name those that others make in its parameter outside",
    source="https://kubernetes.io/docs/concepts/services-networking/network-policies/",
)
