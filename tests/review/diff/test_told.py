"""Changes to the last word: counts, components, defaults that hang on other fields, what the guard alone saw."""

from dataclasses import replace

import pytest

from review.diff.azure import AzureShape
from review.diff.changes import changes, component_of, shape_of
from review.diff.ignored import kept, steps_of
from review.diff.shapes import ANY, of_kind
from review.diff.walk import differences
from review.guard.findings import GuardFinding
from review.plan import SECRET, UNKNOWN
from tests.review.diff.changing import WEB, between, only, planted, properties, secret
from tests.review.guard.plans import adding, edited, find, made, obj, plan, put, without

URN = "urn:pulumi:prod::aks-platform::"


def test_of_a_plan_with_every_kind_of_change_the_rest_is_unchanged():
    base = plan()
    head = edited(
        without(base, "course-redis-service"), WEB, lambda it: put(it, "spec.replicas", 9)
    )
    head = adding(head, obj("v1", "ConfigMap", "new", {"data": {}}))

    found = between(base, head)
    assert sorted(it.operation for it in found.changes) == ["create", "delete", "update"]
    assert found.unchanged == len(base.resources) - 2


def test_what_is_deleted_is_told_under_the_component_that_made_it():
    [change] = between(plan(), without(plan(), WEB)).changes

    assert (change.operation, change.component) == ("delete", "course-web")
    [back] = between(without(plan(), WEB), plan()).changes
    assert (back.operation, back.component) == ("create", "course-web")


def test_equal_titles_come_in_the_order_of_their_urns():
    rows = [made("pulumi:pulumi:StackReference", "x", {}) for _ in range(3)]
    rows = [replace(it, urn=f"{it.urn}{at}") for at, it in enumerate(rows)]
    there, back = (
        between(plan(), adding(plan(), *several)).changes for several in (rows, rows[::-1])
    )

    assert there == back
    assert [it.urn[-1] for it in there] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("urn", "rows", "name"),
    [
        ("nonsense", {}, ""),
        (f"{URN}pulumi:pulumi:Stack::s", {}, ""),
        (f"{URN}my:thing:Own::own", {}, "own"),
        (f"{URN}my:thing:Own$kubernetes:core/v1:Pod::p", {}, ""),
    ],
)
def test_a_component_is_found_as_far_as_the_plan_has_parents(urn, rows, name):
    row = replace(find(plan(), WEB), urn=urn, parent="", provider="")

    assert component_of(row, {urn: row, **rows}) == name


def test_components_in_a_circle_are_none():
    row = replace(find(plan(), WEB), parent=find(plan(), WEB).urn)

    assert component_of(row, {row.urn: row}) == ""


def test_a_resource_of_another_package_is_no_component():
    row = made("aws:s3/bucket:Bucket", "b", {}, provider="p::x", parent=f"{URN}my:a:B::above")

    assert component_of(row, {row.urn: row}) == "above"


def guarded(path, happens="replaced", old='"a"', new='"b"'):
    return GuardFinding(
        rule="x",
        severity="mandatory",
        resource="Deployment course/web",
        message="",
        urn=find(plan(), WEB).urn,
        path=path,
        old=old,
        new=new,
        happens=happens,
        why="",
        safe="",
        source="",
    )


def test_what_the_guard_alone_takes_for_a_difference_is_told_in_its_words():
    head = edited(plan(), WEB, lambda it: put(it, "spec.replicas", 9))
    findings = [guarded("spec.selector"), guarded("spec.replicas", old="of the guard")]

    [change] = changes(plan(), head, findings).changes
    assert change.operation == "replace"
    assert properties(change) == {
        "spec.replicas": ("changed", "3", "9"),
        "spec.selector": ("changed", '"a"', '"b"'),
    }
    assert all(it.replaces for it in change.properties)


def test_what_the_guard_says_of_a_secret_is_not_repeated():
    base, head = secret({"data": {"a": "MQ=="}}), secret({"data": {"a": "MQ=="}, "type": "x"})
    found = replace(guarded("metadata.name"), urn=find(head, "s").urn)

    [change] = changes(base, head, [found]).changes
    assert properties(change)["metadata.name"] == ("secret", "[secret]", "[secret]")


def test_a_finding_about_another_thing_than_replacement_replaces_nothing():
    head = edited(plan(), WEB, lambda it: put(it, "spec.replicas", 9))

    [change] = changes(plan(), head, [guarded("spec.replicas", happens="inPlace")]).changes
    assert (change.operation, change.properties[0].replaces) == ("update", False)


def test_a_secret_that_is_hidden_whole_may_hold_others_under_another_name():
    base, head = (secret({"stringData": SECRET, "metadata": {"name": it}}) for it in "ab")

    [change] = changes(base, head).changes
    assert properties(change)["stringData"] == ("secret", "[secret]", "[secret]")


def test_outputs_of_a_plan_without_its_stack_are_no_change():
    bare = replace(
        plan(), resources=tuple(it for it in plan().resources if it.type != "pulumi:pulumi:Stack")
    )

    assert between(bare, replace(bare, outputs={"a": 1})).changes == ()


def test_the_outputs_of_a_new_stack_are_told_with_it():
    bare = replace(
        plan(), resources=tuple(it for it in plan().resources if it.type != "pulumi:pulumi:Stack")
    )

    found = between(replace(bare, outputs={}), plan()).changes
    [stack] = [it for it in found if it.type == "pulumi:pulumi:Stack"]
    assert stack.operation == "create"
    assert {it.path.partition(".")[0] for it in stack.properties} == {"outputs"}


def test_a_tag_is_text_whatever_it_is_called():
    shape = AzureShape()
    tags = [
        {"tags": {"location": it, "id": f"/subscriptions/{it}"}}
        for it in ("West Europe", "westeurope")
    ]

    assert [it.path for it in differences(*tags, shape)] == ["tags.id", "tags.location"]
    regions = [
        {"location": it, "id": f"/subscriptions/{it}"} for it in ("Westeurope", "westeurope")
    ]
    assert list(differences(*regions, shape)) == []


def test_items_of_azure_are_known_by_name_in_lists_that_keep_their_order_too():
    one, other = {"name": "a", "x": 1}, {"name": "b", "x": 1}
    shape = AzureShape()

    both = {"rules": [one, other]}, {"rules": [one, {**other, "x": 2}]}
    assert [it.path for it in differences(*both, shape)] == ["rules[b].x"]
    [turned] = differences({"rules": [one, other]}, {"rules": [other, one]}, shape)
    assert (turned.path, turned.order) == ("rules", True)


def spec(api_version, kind, before, after):
    shape = of_kind(api_version, kind)
    return [it.path for it in differences({"spec": before}, {"spec": after}, shape)]


POD = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": []}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"parallelism": 1, "completions": 1, "backoffLimit": 6}),
        ({"parallelism": 2}, {"parallelism": 2, "backoffLimit": 6}),
        ({"backoffLimitPerIndex": 1}, {"backoffLimitPerIndex": 1, "backoffLimit": 2147483647}),
        ({}, {"podReplacementPolicy": "TerminatingOrFailed"}),
        (
            {"podFailurePolicy": {"rules": []}},
            {"podFailurePolicy": {"rules": []}, "podReplacementPolicy": "Failed"},
        ),
    ],
)
def test_a_job_is_the_same_with_its_defaults(before, after):
    template = {"template": POD}

    assert spec("batch/v1", "Job", {**before, **template}, {**after, **template}) == []


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ({"parallelism": 2}, {"parallelism": 2, "completions": 1}, "spec.completions"),
        ({}, {"parallelism": 2}, "spec.completions"),
        ({}, {"backoffLimit": 2147483647}, "spec.backoffLimit"),
        ({}, {"podReplacementPolicy": "Failed"}, "spec.podReplacementPolicy"),
    ],
)
def test_another_value_than_the_default_of_a_job_is_a_change(before, after, path):
    template = {"template": POD}

    assert path in spec("batch/v1", "Job", {**before, **template}, {**after, **template})


def test_a_job_without_labels_has_those_of_its_pods():
    shape = of_kind("batch/v1", "Job")

    def job(metadata, template=POD):
        return {"metadata": metadata, "spec": {"template": template}}

    assert (
        list(differences(job({"name": "a"}), job({"name": "a", "labels": {"a": "b"}}), shape)) == []
    )
    other = job({"name": "a", "labels": {"a": "c"}})
    assert [it.path for it in differences(job({"name": "a"}), other, shape)] == [
        "metadata.labels.a"
    ]
    bare = job({"name": "a"}, {"spec": {"containers": []}})
    assert next(it.path for it in differences(bare, other, shape)) == "metadata.labels"
    unknown = {"metadata": {"name": "a"}, "spec": UNKNOWN}
    assert list(differences(unknown, unknown, shape)) == []
    assert [it[:3] for it in differences(job({"name": "a"}), unknown, shape)] == [
        ("metadata.labels", {"a": "b"}, UNKNOWN),
        ("spec", {"template": POD}, UNKNOWN),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"max": {"cpu": "1"}}, {"max": {"cpu": "1"}, "default": {"cpu": "1"}, "defaultRequest": {"cpu": "1"}}),
        ({"min": {"cpu": "1"}}, {"min": {"cpu": "1"}, "defaultRequest": {"cpu": "1"}}),
        (
            {"default": {"cpu": "2"}, "max": {"cpu": "4"}},
            {"default": {"cpu": "2"}, "max": {"cpu": "4"}, "defaultRequest": {"cpu": "2"}},
        ),
    ],
)  # fmt: skip
def test_a_limit_range_is_the_same_with_what_follows_from_its_bounds(before, after):
    both = [{"limits": [{"type": "Container", **it}]} for it in (before, after)]
    assert spec("v1", "LimitRange", *both) == []

    for kind in ("Pod", "PersistentVolumeClaim"):
        both = [{"limits": [{"type": kind, **it}]} for it in (before, after)]
        assert spec("v1", "LimitRange", *both) != []


def test_what_follows_from_a_bound_that_is_not_known_is_not_known():
    def limits(**fields):
        return {"limits": [{"type": "Container", **fields}]}

    assert spec("v1", "LimitRange", limits(max={"cpu": "1"}), limits(max=UNKNOWN)) == [
        f"spec.limits[Container].{key}" for key in ("default", "defaultRequest", "max")
    ]
    own = {"default": {"cpu": "1"}, "defaultRequest": {"cpu": "1"}}
    assert spec(
        "v1", "LimitRange", limits(max={"cpu": "1"}, **own), limits(max=UNKNOWN, **own)
    ) == ["spec.limits[Container].max"]
    assert spec("v1", "LimitRange", limits(max="x"), limits(max="y")) == [
        "spec.limits[Container].max"
    ]


def test_an_autoscaler_is_the_same_with_the_policies_that_kubernetes_fills_in():
    up = {
        "policies": [
            {"type": "Percent", "value": 100, "periodSeconds": 15},
            {"type": "Pods", "value": 4, "periodSeconds": 15},
        ],
        "stabilizationWindowSeconds": 0,
        "selectPolicy": "Max",
    }
    down = {
        "policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}],
        "selectPolicy": "Max",
    }

    def scaler(behavior):
        return {"minReplicas": 1, "maxReplicas": 3, "behavior": behavior}

    kind = "autoscaling/v2", "HorizontalPodAutoscaler"
    full = scaler({"scaleUp": up, "scaleDown": down})
    assert spec(*kind, scaler({}), full) == []
    assert spec(*kind, scaler({"scaleUp": {"selectPolicy": "Max"}}), full) == []
    slower = {"scaleDown": {**down, "stabilizationWindowSeconds": 60}}
    assert spec(*kind, scaler({}), scaler(slower)) == [
        "spec.behavior.scaleDown.stabilizationWindowSeconds"
    ]
    assert spec(*kind, scaler({"scaleUp": UNKNOWN}), full) == ["spec.behavior.scaleUp"]
    assert spec(*kind, scaler({"scaleDown": UNKNOWN}), full) == ["spec.behavior.scaleDown"]


def test_a_chart_is_compared_without_a_schema_and_an_object_with_its_own():
    release = find(plan(), "ingress-controller")

    assert shape_of(release) is ANY
    assert shape_of(find(plan(), WEB)) is not ANY
    assert shape_of(made("aws:s3/bucket:Bucket", "b", {"kind": "Pod", "apiVersion": "v1"})) is ANY


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("spec.replicas", ["spec", "replicas"]),
        ('data["a.b"]', ["data", "a.b"]),
        (r'data["a\"b"].c', ["data", 'a"b', "c"]),
        ("a[0].b", ["a", 0, "b"]),
        ("a[*]", ["a", "*"]),
        ("[0]", [0]),
        ("", []),
    ],
)
def test_a_path_of_pulumi_has_keys_and_positions(path, steps):
    assert steps_of(path) == steps


@pytest.mark.parametrize(
    ("old", "new", "path", "result"),
    [
        ({"a": 1}, {"a": 2}, "a", {"a": 1}),
        ({"a": 1}, {}, "a", {"a": 1}),
        ({}, {"a": 2}, "a", {}),
        ({"a": [1, 2]}, {"a": [3, 4]}, "a[1]", {"a": [3, 2]}),
        ({"a": [1]}, {"a": [3, 4]}, "a[1]", {"a": [3, 4]}),
        ({"a": [1, 2]}, {"a": [3]}, "a[1]", {"a": [3]}),
        ({"a": [1, 2]}, {"a": [3, 4]}, "a[*]", {"a": [1, 2]}),
        ({"a": {"x": 1}}, {"a": {"y": 2}}, "a[*]", {"a": {"x": 1}}),
        ({"a": {"b": 1}}, {"a": {"c": 2}}, "a.b", {"a": {"b": 1, "c": 2}}),
        ({}, {"a": {"b": 1}}, "a.b", {"a": {"b": 1}}),
        ({"a": {"b": 1}}, {}, "a.b", {}),
        ({"a": 1}, {"a": {"b": 2}}, "a.b", {"a": {}}),
        ({"a": 1}, {"a": 2}, "", {"a": 2}),
    ],
)
def test_what_is_ignored_is_put_back_and_nothing_else(old, new, path, result):
    before = repr(new)

    assert kept(old, new, [path]) == result
    assert repr(new) == before


def test_options_that_only_say_which_resource_it_is_are_no_change():
    head = edited(plan(), WEB, aliases=["urn:pulumi:prod::aks-platform::x:y:Z::z"])

    assert between(plan(), head).changes == ()
    change = planted(WEB, deleteBeforeReplace=True)
    assert properties(change) == {"options.deleteBeforeReplace": ("added", "", "true")}


def test_a_list_of_options_says_nothing_by_its_order():
    base, head = (edited(plan(), WEB, ignoreChanges=it) for it in (["a.b", "c.d"], ["c.d", "a.b"]))
    assert between(base, head).changes == ()
    more = edited(plan(), WEB, ignoreChanges=["c.d", "a.b", "e"])
    assert properties(only(base, more)) == {"options.ignoreChanges[e]": ("added", "", '"e"')}
