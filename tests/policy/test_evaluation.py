"""How rules are asked: subjects, three verdicts, parameters, and what is no object of its kind."""

import importlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from policy.evaluation import Result, Rules, has_marks, joined, marked
from policy.objects import (
    containers,
    dig,
    items,
    main_containers,
    mapping,
    object_of,
    quantity,
    resource_of,
)
from policy.rule import Parameter, Rule, StackRule
from policy.rules import all_rules
from policy.stack import Stack, matches
from policy.unknown import SECRET, UNKNOWN, Undecided

ROOT = Path(__file__).parents[2]
TEXTS = {
    "title": "It holds",
    "area": "images",
    "severity": "mandatory",
    "why": "It breaks.",
    "remedy": "mend it",
    "source": "https://example.com",
}
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "a"},
    "spec": {"containers": [{"name": "x", "a": 1}, {"name": "y", "a": 2}]},
}


def rule(check, kinds=("Pod",), id_="r-one", **more) -> Rule:
    return Rule(id=id_, kinds=kinds, check=check, **{**TEXTS, **more})


def asked(*rules, manifest=POD, **settings) -> list[Result]:
    return Rules(rules, settings).of_object(marked(object_of(manifest)))


def test_each_subject_is_asked_and_named_from_the_object():
    def check(it, _parameters):
        if dig(it.spec, "a") == 2:
            yield "a", "is 2"

    (found,) = asked(rule(check, each=containers))

    assert found == Result("r-one", "fail", "spec.containers[y].a", "is 2")


def test_a_rule_is_asked_of_its_kinds_alone():
    def check(_it, _parameters):
        yield "", "always"

    assert asked(rule(check, kinds=("Service",))) == []


def test_what_is_yielded_before_an_unknown_stands():
    def check(it, _parameters):
        yield "spec", "fails for certain"
        it.manifest["spec"]["a"]
        yield "spec", "never gets here"

    found = asked(rule(check), manifest={**POD, "spec": {"a": dict(UNKNOWN)}})

    assert [(it.verdict, it.path) for it in found] == [("fail", "spec"), ("unknown", "spec.a")]
    assert found[1].message == "cannot be decided: spec.a is known after a deployment only"


def test_one_undecided_subject_leaves_the_others():
    def check(it, _parameters):
        if it.spec["a"]:
            yield "", "is set"

    spec = {"containers": [{"name": "x", "a": dict(UNKNOWN)}, {"name": "y", "a": 2}]}

    found = asked(rule(check, each=containers), manifest={**POD, "spec": spec})

    assert [(it.verdict, it.path) for it in found] == [
        ("unknown", "spec.containers[x].a"),
        ("fail", "spec.containers[y]"),
    ]


def test_what_another_resource_hides_is_named_with_it():
    def check(_it, stack, _parameters):
        yield from (it.manifest["data"]["a"] for it in stack.of("ConfigMap"))

    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}
    stack = Stack(marked(object_of(it)) for it in (POD, {**config, "data": {"a": dict(UNKNOWN)}}))
    across = StackRule(id="r-one", kinds=("Pod",), check=check, **TEXTS)

    ((it, found),) = Rules([across]).of_stack(stack)

    assert it.title == "Pod default/a"
    assert found.message == (
        "cannot be decided: data.a of ConfigMap default/c is known after a deployment only"
    )


def test_what_another_resource_hides_is_told_at_the_subject():
    def each(it):
        yield "spec.a", it

    def check(_it, stack, _parameters):
        yield from (it.manifest["data"]["a"] for it in stack.of("ConfigMap"))

    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}
    stack = Stack(marked(object_of(it)) for it in (POD, {**config, "data": {"a": dict(UNKNOWN)}}))
    across = StackRule(id="r-one", kinds=("Pod",), each=each, check=check, **TEXTS)

    ((_, found),) = Rules([across]).of_stack(stack)

    assert (found.verdict, found.path) == ("unknown", "spec.a")


def test_a_reason_without_a_property_is_told_at_the_subject():
    def check(_it, _parameters) -> Iterator:
        raise Undecided("the chart may make it")
        yield

    (found,) = asked(rule(check, each=lambda it: [("spec.a", it)]))

    assert found.path == "spec.a"


def test_a_subject_that_is_not_known_is_named_by_rules_across_the_stack_too():
    across = StackRule(
        id="r-one", kinds=("Pod",), each=containers, check=lambda *_: [("", "is there")], **TEXTS
    )
    spec = {"containers": [dict(UNKNOWN), {"name": "y"}]}

    found = [
        it for _, it in Rules([across]).of_stack(Stack([marked(object_of({**POD, "spec": spec}))]))
    ]

    assert [(it.verdict, it.message) for it in found] == [
        ("unknown", "cannot be decided: spec.containers[0] is known after a deployment only"),
        ("fail", "is there"),
    ]


def test_a_check_may_say_itself_that_only_the_cluster_tells():
    def check(_it, _parameters) -> Iterator:
        raise Undecided("the chart may make it")
        yield

    (found,) = asked(rule(check))

    assert (found.verdict, found.path, found.message) == (
        "unknown",
        "",
        "cannot be decided: the chart may make it",
    )


@pytest.mark.parametrize(
    "error", [TypeError, KeyError, ValueError, AttributeError, IndexError, OverflowError]
)
def test_an_object_of_another_shape_is_told_and_ends_nothing(error):
    def check(it, _parameters):
        if it.name == "x":
            raise error("x-canary")
        yield "", "is there"

    found = asked(rule(check, each=containers))

    assert [it.verdict for it in found] == ["unknown", "fail"]
    assert "not shaped" in found[0].message
    assert "x-canary" not in found[0].message


def test_subjects_that_end_in_an_unknown_are_asked_before_it():
    def each(it):
        yield "one", 1
        it.manifest["spec"]["a"]

    def check(it, _parameters):
        yield "", f"is {it}"

    found = asked(rule(check, each=each), manifest={**POD, "spec": {"a": dict(UNKNOWN)}})

    assert [(it.verdict, it.path) for it in found] == [("fail", "one"), ("unknown", "spec.a")]


def test_subjects_are_made_once_for_all_rules_that_share_them():
    made = []

    def each(it):
        made.append(it)
        yield "", it

    asked(*(rule(lambda _it, _parameters: (), id_=f"r-{name}", each=each) for name in "abc"))

    assert len(made) == 1


def test_a_check_is_given_the_defaults_where_nobody_says_otherwise():
    def check(_it, parameters):
        yield "", f"{parameters['most']} {parameters['least']}"

    parameters = {it: Parameter(default=at, docs="x") for at, it in enumerate(("most", "least"))}
    it = rule(check, parameters=parameters)

    assert asked(it)[0].message == "0 1"
    assert asked(it, **{"r-one": {"least": 7}})[0].message == "0 7"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"id_": "one"}, "an id is two words or more"),
        ({"id_": "R-one"}, "an id is two words or more"),
        ({"kinds": ("Pods",)}, r"\['Pods'\] are in no table"),
        ({"area": "x"}, "there is no area 'x'"),
    ],
)
def test_a_rule_that_names_what_is_not_there_is_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        rule(lambda _it, _parameters: (), **wrong)


def test_rules_come_in_the_order_of_their_ids():
    rules = all_rules()

    assert [it.id for it in rules] == sorted(it.id for it in rules)
    assert len(rules) >= 60


def test_every_rule_lies_in_the_folder_of_its_area():
    for path in (ROOT / "policy/rules").glob("*/*.py"):
        if path.stem != "__init__" and not path.stem.startswith("_"):
            module = importlib.import_module(f"policy.rules.{path.parent.name}.{path.stem}")
            assert path.parent.name == module.RULE.area.replace("-", "_"), path


@pytest.mark.parametrize(
    ("path", "place", "whole"),
    [("a", "b", "a.b"), ("", "b", "b"), ("a", "", "a"), ("a", "[x].c", "a[x].c")],
)
def test_places_are_joined_to_paths(path, place, whole):
    assert joined(path, place) == whole


def test_an_object_without_marks_is_read_as_it_is():
    it = object_of(POD)

    assert marked(it) is it
    assert not has_marks(POD)
    assert has_marks({"a": [dict(SECRET)]})


@pytest.mark.parametrize(
    ("manifest", "identity"),
    [
        (POD, ("Pod", "default", "a", "Pod default/a")),
        (
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n", "namespace": "x"}},
            ("Namespace", "", "n", "Namespace n"),
        ),
        (
            {"apiVersion": "x.io/v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "s"}},
            ("Pod.x.io", "s", "a", "Pod.x.io s/a"),
        ),
        (
            {"kind": "Pod", "metadata": {"name": "a", "namespace": dict(UNKNOWN)}},
            ("Pod", "", "a", "Pod a"),
        ),
        ({"kind": "Pod", "metadata": None}, ("Pod", "default", "", "Pod default/")),
        ({"kind": "Pod", "metadata": {"namespace": ""}}, ("Pod", "default", "", "Pod default/")),
    ],
)
def test_an_object_is_known_by_kind_namespace_and_name(manifest, identity):
    it = object_of(manifest)

    assert (it.kind, it.namespace, it.name, it.title) == identity


@pytest.mark.parametrize("version", ["", "/v20250101"])
def test_an_azure_resource_is_known_by_its_type_without_a_version(version):
    it = resource_of(f"azure-native:network{version}:Subnet", {}, "Subnet a b")

    assert (it.kind, it.name) == ("azure-native:network:Subnet", "a b")


@pytest.mark.parametrize("value", [{"a": 1}, "text", 5, None, []])
def test_what_is_no_list_has_no_items(value):
    assert [*items({"ports": value}, "ports")] == []


@pytest.mark.parametrize(
    ("suffix", "number"),
    [
        *zip("kMGTPE", (10**it for it in range(3, 19, 3)), strict=True),
        *zip("munE", (1e-3, 1e-6, 1e-9, 1e18), strict=True),
        *((f"{it}i", 1024**power) for power, it in enumerate("KMGTPE", 1)),
    ],
)
def test_each_suffix_of_a_quantity_is_what_kubernetes_has_it_for(suffix, number):
    assert quantity(f"2{suffix}") == 2 * Decimal(str(number))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("250m", 0.25),
        ("1Ki", 1024),
        ("2Gi", 2 * 1024**3),
        ("1k", 1000),
        ("1e3", 1000),
        ("1E3", 1000),
        ("1E", 10**18),
        ("1e99999999999", 1e30),
        ("1e-99999999999", 1e-30),
        (".5", 0.5),
        ("-1", -1),
        (3, 3),
        (0.5, 0.5),
        ("100m ", None),
        ("1 Gi", None),
        ("", None),
        ("x", None),
        (True, None),
        (None, None),
        ([], None),
    ],
)
def test_a_quantity_is_a_number(text, number):
    found = quantity(text)

    assert found == number if number is None else float(found) == number


@pytest.mark.parametrize(
    ("selector", "matched"),
    [
        ({}, True),
        ({"matchLabels": {"a": "1"}}, True),
        ({"matchLabels": {"a": "2"}}, False),
        ({"matchLabels": {"a": "1", "c": "1"}}, False),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["1", "2"]}]}, True),
        ({"matchExpressions": [{"key": "c", "operator": "In", "values": ["1"]}]}, False),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["1"]}]}, False),
        ({"matchExpressions": [{"key": "c", "operator": "NotIn", "values": ["1"]}]}, True),
        ({"matchExpressions": [{"key": "a", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}, False),
        ({"matchExpressions": [{"key": "c", "operator": "DoesNotExist"}]}, True),
        ({"matchLabels": {"a": "1"}, "matchExpressions": [{"key": "c", "operator": "Exists"}]}, False),
    ],
)  # fmt: skip
def test_a_selector_matches_as_kubernetes_says(selector, matched):
    assert matches({"a": "1", "b": "x"}, selector) is matched
    pods = stack_of({"a": "1", "b": "x"}).selected("shop", selector)
    assert bool(pods) is matched


def stack_of(*labels, namespace="shop") -> Stack:
    return Stack(
        marked(
            object_of(
                {
                    "apiVersion": "v1",
                    "kind": "Pod",
                    "metadata": {"name": f"p{at}", "namespace": namespace, "labels": it},
                    "spec": {},
                }
            )
        )
        for at, it in enumerate(labels)
    )


def test_a_pod_whose_label_is_unknown_may_be_the_one():
    stack = stack_of({"a": dict(UNKNOWN)}, {"a": "2"})

    assert len(stack.selected("shop", {"matchLabels": {"a": "2"}})) == 1
    with pytest.raises(Undecided, match=r"metadata\.labels\.a is known after"):
        stack.selected("shop", {"matchLabels": {"a": "1"}})
    assert stack.selected("shop", {"matchLabels": {"b": "1"}}) == []


def test_pods_of_another_namespace_are_not_selected():
    assert stack_of({"a": "1"}).selected("other", {"matchLabels": {"a": "1"}}) == []
    assert stack_of({"a": "1"}).selected("other", {}) == []


def test_a_sidecar_runs_as_long_as_the_pod_and_another_init_container_does_not():
    spec = {
        "initContainers": [{"name": "a"}, {"name": "b", "restartPolicy": "Always"}],
        "containers": [{"name": "c"}],
        "ephemeralContainers": [{"name": "d"}],
    }
    it = object_of({**POD, "spec": spec})

    assert [path for path, _ in main_containers(it)] == [
        "spec.initContainers[b]",
        "spec.containers[c]",
    ]


def test_a_map_that_is_null_is_empty():
    assert mapping({"a": None}, "a") == {}
    assert mapping({"a": "text"}, "a", "b") == {}
    assert dig({"a": []}, "a", "b") is None
