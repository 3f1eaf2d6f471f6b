"""What is not known: no check decides by it, and none is kept from what it can decide without."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.evaluation import Rules
from policy.objects import containers, dig, items, listed, mapping, object_of, quantity, texts
from policy.rules import all_rules
from policy.stack import Stack
from policy.unknown import COVERED, SECRET, UNKNOWN, Undecided, either, every, is_secret, view
from tests.policy.case import Case, Unclear, objects
from tests.policy.test_cases import CASES

HIDDEN = {"a": dict(UNKNOWN), "b": 1, "c": [1, dict(UNKNOWN), 3], "d": {"e": 2}, "s": dict(SECRET)}


def seen() -> Any:
    return view(HIDDEN, "Pod a/b")


@pytest.mark.parametrize(
    "read",
    [
        lambda it: it["a"],
        lambda it: it.get("a"),
        lambda it: list(it.values()),
        lambda it: dict(it),
        lambda it: {**it},
        lambda it: it == {**it.copy(), "c": [1, 2, 3]},
        lambda it: it["c"][1],
        lambda it: it["c"] == [1, 2, 3],
        lambda it: [1, 2, 3] == it["c"],  # noqa: SIM300 - whose method is asked first
        lambda it: [*it["c"]],
        lambda it: sorted(it["c"]),
        lambda it: set(it["c"]),
        lambda it: tuple(it["c"]),
        lambda it: [0] + it["c"],
        lambda it: it["c"] + [0],
        lambda it: it["c"][::-1][0] + it["c"][1:][0],
        lambda it: [*it["c"][1:]],
        lambda it: it["c"][1:][0],
        lambda it: 2 in it["c"],
        lambda it: all(each < 9 for each in it["c"]),
        lambda it: any(each > 9 for each in it["c"]),
        lambda it: it["c"].index(3),
        lambda it: it["c"].count(3),
        lambda it: list(reversed(it["c"])),
        lambda it: json.dumps(it),
        lambda it: dig(it, "a", "x"),
        lambda it: mapping(it, "a"),
        lambda it: listed(it, "a"),
        lambda it: texts(it, "c"),
        lambda it: list(items(it, "c")),
    ],
)
def test_reading_what_is_unknown_says_so(read):
    hidden = {key: it for key, it in HIDDEN.items() if key != "s"}

    with pytest.raises(Undecided) as caught:
        read(view(hidden, "Pod a/b"))
    assert caught.value.resource == "Pod a/b"
    assert caught.value.path in ("a", "c[1]")


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda it: it["b"], 1),
        (lambda it: "a" in it, True),
        (lambda it: "z" in it, False),
        (lambda it: sorted(it), ["a", "b", "c", "d", "s"]),
        (lambda it: len(it), 5),
        (lambda it: it == {"other": 1}, False),
        (lambda it: it == 5, False),
        (lambda it: it["c"] == 5, False),
        (lambda it: ({"b": 2, "z": 1} | it)["b"], 1),
        (lambda it: ({"b": 2, "z": 1} | it)["z"], 1),
        (lambda it: (it | {"b": 2})["b"], 2),
        (lambda it: it["c"] == [1, 2], False),
        (lambda it: it["c"] == [9, 2, 3], False),
        (lambda it: it["c"] != [9, 2, 3], True),
        (lambda it: len(it["c"]), 3),
        (lambda it: it["c"][2], 3),
        (lambda it: 3 in it["c"], True),
        (lambda it: any(each == 3 for each in it["c"]), True),
        (lambda it: all(each == 1 for each in it["c"]), False),
        (lambda it: it["d"] == {"e": 2}, True),
        (lambda it: bool(it["d"]), True),
        (lambda it: dig(it, "d", "e"), 2),
        (lambda it: it.get("z", 7), 7),
    ],
)
def test_what_the_known_part_decides_is_decided(read, value):
    assert read(seen()) == value


def test_what_is_hidden_for_a_secret_beside_it_is_unknown_and_says_why():
    with pytest.raises(Undecided, match="as a secret is in the same list"):
        view({"a": dict(COVERED)}, "Pod a/b")["a"]


def test_a_secret_is_there_and_cannot_be_read():
    secret = seen()["s"]

    assert is_secret(secret)
    assert bool(secret)
    for read in (
        lambda: secret == "x",
        lambda: str(secret),
        lambda: f"{secret}",
        lambda: repr(secret),
        lambda: isinstance(secret, str),
        lambda: secret.startswith("x"),
        lambda: secret + "x",
        lambda: "x" in secret,
        lambda: hash(secret),
        lambda: len(secret),
        lambda: list(secret),
        lambda: int(secret),
        lambda: secret["x"],
        lambda: json.dumps(secret),
        lambda: dig(secret, "x"),
        lambda: mapping(secret),
        lambda: quantity(secret),
    ):
        with pytest.raises(Undecided, match="is a secret"):
            read()


def test_items_are_named_where_they_stand_though_one_is_unknown():
    found = []
    with pytest.raises(Undecided):
        found += list(items(view({"a": [dict(UNKNOWN), {"name": "x"}, 5]}, "r"), "a"))
    for path, item in items(view({"a": [{"name": "x"}, 5]}, "r"), "a"):
        found.append((path, item))

    assert found == [("a[x]", {"name": "x"}), ("a[1]", 5)]


def test_all_known_items_are_handed_out_though_two_are_unknown():
    hidden = view({"a": [dict(UNKNOWN), 1, dict(UNKNOWN), 2]}, "r")["a"]

    assert taken(hidden) == [1, 2, "a[0] is known after a deployment only"]
    assert taken(hidden[1:2]) == [1]


def taken(items: list) -> list:
    """What a list hands out, then why it ends."""
    found = []
    try:
        for it in items:
            found.append(it)
    except Undecided as undecided:
        found.append(str(undecided))
    return found


def test_one_answer_may_decide_though_another_is_not_known():
    it = seen()

    assert either(lambda: it["a"], lambda: it["b"])
    assert not every(lambda: it["a"], lambda: it["b"] == 2)
    for decide in (either, every):
        with pytest.raises(Undecided):
            decide(lambda: it["a"], lambda: it["c"][1])


def test_a_container_that_is_unknown_leaves_the_others_to_be_judged():
    manifest = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "a"},
        "spec": {
            "initContainers": dict(UNKNOWN),
            "containers": [dict(UNKNOWN), {"name": "web"}],
        },
    }
    found = list(containers(object_of(view(manifest, "Pod default/a"))))

    assert [(path, type(it).__name__) for path, it in found] == [
        ("spec.initContainers", "Undecided"),
        ("spec.containers[0]", "Undecided"),
        ("spec.containers[web]", "Container"),
    ]


ABSENT = object()
RULES = Rules(all_rules())
ESTATES: list[Case | None] = [
    None,
    *(it for it in CASES if not isinstance(it, Unclear) and "'$" not in repr((it.edit, it.more))),
]
FIXED = {"kind", "apiVersion", "name", "namespace"}
"""What identifies an object or names an item: with another value it is another thing."""

VALUES = [None, True, False, 0, 1, 70000, "", "x", "*", "1", "10Gi", "0.0.0.0/0", "root", [], {}, ["ALL"]]  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every place of a manifest that may be unknown, with what stands there."""
    if at and at[-1] not in FIXED:
        yield at, value
    for key, it in (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    ):
        yield from places(it, (*at, key))


def put(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    if not at:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[at[0]] = put(value[at[0]], at[1:], new)
    return copied


def verdicts(estate: dict, title: str, manifest: Any) -> dict[str, tuple[set, bool]]:
    """What fails, by rule, and whether anything is open; of the one object, and of the whole stack."""
    changed = object_of(manifest, title) if title in estate and "kind" in manifest else None
    base = estate[title]
    it = type(base)(
        changed.kind if changed else base.kind,
        base.namespace,
        base.name,
        view(manifest, title),
        title,
        base.urn,
        base.options,
    )
    others = {**estate, title: it}
    found = [(title, result) for result in RULES.of_object(it)]
    found += [(obj.title, result) for obj, result in RULES.of_stack(Stack(others.values()))]
    said: dict[str, tuple[set, bool]] = {rule.id: (set(), False) for rule in all_rules()}
    for where, result in found:
        fails, _ = said[result.rule]
        if result.verdict == "fail":
            fails.add((where, result.path, result.message))
        else:
            said[result.rule] = (fails, True)
    return said


@settings(max_examples=250)
@given(st.data())
def test_a_verdict_that_is_decided_holds_whatever_the_unknown_turns_out_to_be(data):
    case = data.draw(st.sampled_from(ESTATES), label="case")
    estate = objects(case)
    title = data.draw(
        st.sampled_from([case.title] if case and case.title in estate else sorted(estate)),
        label="object",
    )
    manifest = objects(case, in_force=False)[title].manifest
    at, value = data.draw(st.sampled_from(list(places(manifest))), label="place")
    alternatives = [it for _, it in places(manifest) if type(it) is type(value)]
    back = data.draw(st.sampled_from([value, *alternatives, *VALUES]), label="put back")

    open_ = verdicts(estate, title, put(manifest, at, dict(UNKNOWN)))
    closed = verdicts(estate, title, put(manifest, at, back))

    for rule, (fails, undecided) in open_.items():
        now, malformed = closed[rule]
        if malformed:
            continue
        assert fails <= now, f"{rule} fails at {fails - now}, which does not hold with {back!r}"
        assert undecided or fails == now, f"{rule} passes, and fails with {back!r}: {now - fails}"


def test_the_first_of_several_unknowns_is_told():
    def hidden(path):
        raise Undecided("is not known", path)

    with pytest.raises(Undecided) as caught:
        every(lambda: hidden("a"), lambda: True, lambda: hidden("b"))
    assert caught.value.path == "a"


def test_the_containers_of_an_unknown_template_are_one_unknown_with_its_path():
    pod = {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": dict(UNKNOWN)}}

    it = object_of(view(pod, "Deployment a/b"))

    ((path, subject),) = containers(it)
    assert (path, type(subject), subject.path) == (
        "spec.template.spec",
        Undecided,
        "spec.template",
    )
    assert it.group == "apps"
