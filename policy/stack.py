"""All objects of a stack, or of a folder, found by what other objects say of them.

Namespaces are always part of a question: an object that names none is in `default` (kube-linter forgot it: its issues
179 and 1256).
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar, cast

from policy.kinds import RELEASE, TEMPLATES
from policy.objects import Object, Pod, dig, items, mapping, pods, texts
from policy.unknown import Undecided

T = TypeVar("T")

_OF_JOB = ("batch.kubernetes.io/job-name", "job-name")
_POD_NAME = "statefulset.kubernetes.io/pod-name"
_POD_INDEX = "apps.kubernetes.io/pod-index"
_GIVEN: Mapping[str, tuple[str, ...]] = {
    "StatefulSet": (_POD_INDEX, _POD_NAME),
    "Job": _OF_JOB,
    "CronJob": _OF_JOB,
}
"""Labels that controllers give their pods beside those of the template
(https://kubernetes.io/docs/reference/labels-annotations-taints/)."""

GIVEN = frozenset(key for keys in _GIVEN.values() for key in keys)
"""All of them."""


class Stack:
    """What a rule across the stack asks."""

    def __init__(self, objects: Iterable[Object], *, complete: bool = True) -> None:
        self.objects = tuple(sorted(objects, key=lambda it: (it.title, it.urn)))
        """All of them, by title: what a rule says of one among several hangs on no order."""

        self.complete = complete
        """Whether this is all that the cluster will hold but for what charts make: true of a stack, not of a folder
        or a file. Where it is not, a thing that is not here may be elsewhere."""

        self._asked: dict[Hashable, tuple[object, ...] | Undecided] = {}

    def once(self, question: Hashable, answer: Callable[[], Iterable[T]]) -> tuple[T, ...]:
        """What `answer` gives, worked out once for a question that many objects of the stack ask; raises `Undecided`
        each time where it does. What comes before it raises is lost: ask what yields one thing or raises."""
        if question not in self._asked:
            try:
                self._asked[question] = tuple(answer())
            except Undecided as undecided:
                self._asked[question] = undecided
        found = self._asked[question]
        if isinstance(found, Undecided):
            raise found
        return cast("tuple[T, ...]", found)

    @cached_property
    def _by_kind(self) -> Mapping[str, list[Object]]:
        found: dict[str, list[Object]] = defaultdict(list)
        for it in self.objects:
            found[it.kind].append(it)
        return found

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str, str], Object]:
        return {(it.kind, it.namespace, it.name): it for it in self.objects}

    def of(self, *kinds: str) -> list[Object]:
        """Every object of these kinds."""
        return [it for kind in kinds for it in self._by_kind.get(kind, ())]

    def get(self, kind: str, namespace: str, name: str) -> Object | None:
        """One object; namespace is empty for what is in none. None where it is not here."""
        return self._by_name.get((kind, namespace, name))

    def nameless(self, kind: str, namespace: str) -> list[Object]:
        """Objects of the kind whose name is only known after a deployment: one may be what is looked for."""
        return [
            it
            for it in self._by_kind.get(kind, ())
            if not it.name and it.namespace in ("", namespace)
        ]

    @cached_property
    def _charts(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for it in self._by_kind.get(RELEASE, ()):
            found[str(it.manifest.get("namespace") or "default")].append(it.title)
        return found

    def charts(self, namespace: str) -> list[str]:
        """Titles of the charts in a namespace: what they make is not in a plan."""
        return self._charts.get(namespace, [])

    @cached_property
    def _pods(self) -> "Mapping[str, _Pods]":
        found: dict[str, _Pods] = defaultdict(_Pods)
        for kind in TEMPLATES:
            for it in self._by_kind.get(kind, ()):
                for _, pod in pods(it):
                    found[it.namespace].add(it, pod)
        return found

    @cached_property
    def namespaces(self) -> Mapping[str, Object]:
        """Every Namespace by name."""
        return {it.name: it for it in self._by_kind.get("Namespace", ())}

    def pods(self, namespace: str) -> list[Pod]:
        """Every pod or template of pods in a namespace, but those that are not known at all."""
        return self._pods[namespace].known if namespace in self._pods else []

    def selected(self, namespace: str, selector: Mapping[str, Any]) -> list[Pod]:
        """The pods in a namespace that a selector of labels (a LabelSelector, or the map of a Service's under
        `matchLabels`) matches for certain; an empty selector matches all.

        Raises `Undecided` where none does and one might.
        """
        if namespace not in self._pods:
            return []
        return self._pods[namespace].selected(selector)


class _Pods:
    """The pods of one namespace, found by a label."""

    def __init__(self) -> None:
        self.known: list[Pod] = []
        self.doubtful: list[tuple[Pod | None, Undecided]] = []
        self._by_label: dict[tuple[str, str], list[Pod]] = defaultdict(list)

    def add(self, _it: Object, pod: Any) -> None:
        if isinstance(pod, Undecided):
            self.doubtful.append((None, pod))
            return
        self.known.append(pod)
        try:
            for key, value in pod.labels.items():
                self._by_label[key, str(value)].append(pod)
        except Undecided as undecided:
            self.doubtful.append((pod, undecided))

    def selected(self, selector: Mapping[str, Any]) -> list[Pod]:
        labels = mapping(selector, "matchLabels")
        expressions = list(items(selector, "matchExpressions"))
        pairs = [(key, str(value)) for key, value in labels.items()]
        written = [it for it in pairs if it[0] not in GIVEN]
        candidates = (
            min((self._by_label.get(it, []) for it in written), key=len) if written else self.known
        )
        hidden: Undecided | None = None
        found = []
        for pod in candidates:
            try:
                if chooses(selector, pod):
                    found.append(pod)
            except Undecided as undecided:
                hidden = hidden or undecided
        if found or (not pairs and not expressions):
            return found
        for doubtful, reason in self.doubtful:
            try:
                if doubtful is None or chooses(selector, doubtful):
                    hidden = hidden or reason
            except Undecided:
                hidden = hidden or reason
        if hidden:
            raise hidden
        return found


def chooses(selector: Mapping[str, Any], pod: Pod) -> bool:
    """Whether a LabelSelector matches a pod as it is made, its controller's labels counted."""
    return matches(_as_made(pod, selector), selector)


def _as_made(pod: Pod, selector: Mapping[str, Any]) -> Mapping[str, Any]:
    """A pod's labels with those of its controller's that the selector asks for."""
    given = _GIVEN.get(pod.object.kind)
    if given is None:
        return pod.labels
    wanted = [(key, [value]) for key, value in mapping(selector, "matchLabels").items()]
    wanted += [
        (dig(it, "key"), texts(it, "values")) for _, it in items(selector, "matchExpressions")
    ]
    more = {
        key: value
        for key, values in wanted
        if key in given
        for value in values or [""]
        if not values or _is_given(pod.object, key, value)
    }
    return {**more, **pod.labels} if more else pod.labels


def _is_given(it: Object, key: str, value: Any) -> bool:
    """Whether a pod of a controller has this label: `redis-0`, `0`, `migrate`."""
    if not isinstance(value, str):
        return False
    stem, dash, number = value.rpartition("-")
    if key == _POD_INDEX:
        return value.isdigit()
    if key == _POD_NAME:
        return stem == it.name and number.isdigit()
    return value == it.name if it.kind == "Job" else bool(dash) and stem == it.name


def matches(labels: Mapping[str, Any], selector: Mapping[str, Any]) -> bool:
    """Whether a LabelSelector matches; an empty one does
    (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/)."""
    wanted = mapping(selector, "matchLabels")
    if any(key not in labels for key in wanted):
        return False
    for key, value in wanted.items():
        if labels[key] != value:
            return False
    return all(_expression(labels, it) for _, it in items(selector, "matchExpressions"))


def _expression(labels: Mapping[str, Any], expression: Any) -> bool:
    key, operator = dig(expression, "key"), dig(expression, "operator")
    if operator == "Exists":
        return key in labels
    if operator == "DoesNotExist":
        return key not in labels
    values = texts(expression, "values")
    if operator == "NotIn":
        return key not in labels or labels[key] not in values
    return key in labels and labels[key] in values
