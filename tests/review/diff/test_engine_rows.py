"""Resources as the engine writes them: options that are kept, values that mean others, lists that a secret hides."""

import pytest

from review.diff.engine_rows import (
    OUTPUT_SIGNATURE,
    SECRET_SIGNATURE,
    SIGNATURE,
    RowError,
    clean,
    plain,
    row,
    uncovered,
)
from review.plan import SECRET, UNKNOWN
from tests.review.diff.changing import WEB
from tests.review.guard.plans import edited, find, made, obj, plan

URN = "urn:pulumi:dev::other::aws:s3/bucket:Bucket::b"


def test_what_an_entry_does_not_say_is_empty_or_follows_from_its_urn():
    found = row({"urn": URN})

    assert (found.type, found.name) == ("aws:s3/bucket:Bucket", "b")
    assert (found.parent, found.provider, found.inputs, found.options) == ("", "", {}, {})
    assert found.dependencies == ()


def test_what_an_entry_says_is_kept_and_dependencies_come_by_name():
    found = row(
        {"urn": URN, "type": "x:y:Z", "parent": "p", "provider": "q", "dependencies": ["b", "a"]}
    )

    assert (found.type, found.parent, found.provider) == ("x:y:Z", "p", "q")
    assert found.dependencies == ("a", "b")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("additionalSecretOutputs", ["a"]),
        ("aliases", ["u"]),
        ("customTimeouts", {"create": 60}),
        ("deleteBeforeReplace", True),
        ("deletedWith", "u"),
        ("hideDiffs", ["a"]),
        ("ignoreChanges", ["a"]),
        ("protect", True),
        ("replaceOnChanges", ["a"]),
        ("replaceWith", ["u"]),
        ("replacementTrigger", {"a": 1}),
        ("retainOnDelete", True),
    ],
)
def test_every_option_of_a_plan_is_kept_and_an_empty_one_is_none(key, value):
    assert row({"urn": URN, key: value}).options == {key: value}
    assert row({"urn": URN, key: type(value)()}).options == {}
    assert row({"urn": URN, "id": "x", "custom": True}).options == {}


@pytest.mark.parametrize(
    "key",
    ["additionalSecretOutputs", "aliases", "ignoreChanges", "replaceOnChanges", "replaceWith"],
)
@pytest.mark.parametrize("value", [True, 7, "a", {"a": 1}, [7, {}, None]])
def test_a_list_of_names_that_is_none_is_no_option(key, value):
    assert row({"urn": URN, key: value}).options == {}
    assert row({"urn": URN, key: ["a", value, "b"]}).options[key][0] == "a"


@pytest.mark.parametrize("key", ["hideDiff", "hideDiffs"])
def test_a_path_of_the_engine_is_text_in_a_plan(key):
    paths = [["spec", "ports", 0, "a.b"], ["data"], "plain"]

    assert row({"urn": URN, key: paths}).options == {
        "hideDiffs": ['spec.ports[0]["a.b"]', "data", "plain"]
    }


def test_hooks_have_the_names_that_a_program_gives_them():
    hooks = {"BeforeCreate": ["a"], "OnError": ["b"]}

    assert row({"urn": URN, "resourceHooks": hooks}).options == {
        "hooks": {"before_create": ["a"], "on_error": ["b"]}
    }


def test_a_trigger_that_is_a_secret_is_one():
    secret = {SIGNATURE: SECRET_SIGNATURE, "ciphertext": "v1:x"}

    found = row({"urn": URN, "replacementTrigger": secret})
    assert found.options == {"replacementTrigger": SECRET}


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({}, "urn is missing or no text"),
        ({"urn": ""}, "urn is missing or no text"),
        ({"urn": "urn:pulumi:dev::other::::b"}, "urn is no URN"),
        ({"urn": "a::b::c"}, "urn is no URN"),
        ({"urn": URN, "inputs": []}, "inputs is no object"),
        ({"urn": URN, "provider": 7}, "provider is no text"),
        ({"urn": URN, "dependencies": "u"}, "dependencies is no list of text"),
        ({"urn": URN, "type": ""}, "type is missing or no text"),
    ],
)
def test_what_is_no_resource_says_why(entry, problem):
    with pytest.raises(RowError, match=problem):
        row(entry)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({SIGNATURE: "another", "a": "[secret]"}, {SIGNATURE: "another", "a": SECRET}),
        ({SIGNATURE: "another", "secret": True, "a": 1}, SECRET),
        ({SIGNATURE: "another", "secret": 1, "a": 1}, {SIGNATURE: "another", "secret": 1, "a": 1}),
        ({SIGNATURE: SECRET_SIGNATURE, "a": 1}, SECRET),
        ({SIGNATURE: OUTPUT_SIGNATURE, "value": ["[secret]"]}, [SECRET]),
        ({SIGNATURE: OUTPUT_SIGNATURE}, UNKNOWN),
        ({"a\ud800": "b\udc00"}, {"a\N{REPLACEMENT CHARACTER}": "b\N{REPLACEMENT CHARACTER}"}),
        ([True, None, 1.5, "x"], [True, None, 1.5, "x"]),
    ],
)
def test_a_value_of_the_engine_is_read_at_any_depth(value, expected):
    assert plain(value) == expected
    assert plain({"a": [value]}) == {"a": [expected]}


def test_halves_of_characters_are_replaced_and_whole_ones_stay():
    assert clean("plain") == "plain"
    assert clean("caf\u00e9 \U0001f600") == "caf\u00e9 \U0001f600"
    assert clean("\ud83d\ude00") == "\U0001f600"
    assert clean("a\ud83db") == "a\N{REPLACEMENT CHARACTER}b"


def nested(levels):
    found = 1
    for _ in range(levels):
        found = [found]
    return found


def test_a_hundred_levels_are_read_and_no_more():
    assert plain(nested(100)) == nested(100)
    with pytest.raises(RowError, match="more than 100 levels"):
        plain(nested(101))


def test_a_list_that_a_secret_hides_is_a_list_of_one_unknown_and_a_map_one_unknown():
    def hide(inputs):
        spec = inputs["spec"]["template"]["spec"]
        spec["containers"] = SECRET
        spec["securityContext"] = SECRET
        inputs["metadata"]["name"] = SECRET

    found, paths = uncovered(find(edited(plan(), WEB, hide), WEB))
    spec = found.inputs["spec"]["template"]["spec"]
    assert spec["containers"] == [UNKNOWN]
    assert spec["securityContext"] == UNKNOWN
    assert found.inputs["metadata"]["name"] == SECRET
    assert sorted(paths) == [
        "spec.template.spec.containers",
        "spec.template.spec.securityContext",
    ]


def test_a_secret_in_an_item_of_a_list_is_found_by_its_position():
    def hide(inputs):
        inputs["spec"]["template"]["spec"]["containers"][0]["env"] = SECRET

    _, paths = uncovered(find(edited(plan(), WEB, hide), WEB))
    assert paths == ("spec.template.spec.containers[0].env",)


@pytest.mark.parametrize(
    "resource",
    [
        made("aws:s3/bucket:Bucket", "b", {"kind": "Pod", "apiVersion": "v1", "spec": SECRET}),
        made("kubernetes:core/v1:Pod", "p", {"apiVersion": "v1", "spec": SECRET}),
        made("kubernetes:core/v1:Pod", "p", {"kind": 7, "apiVersion": "v1", "spec": SECRET}),
        obj("example.com/v1", "Own", "o", {"spec": SECRET}),
        obj("v1", "Pod", "p", {"spec": {"hostname": SECRET}}),
        find(plan(), WEB),
    ],
)
def test_what_no_schema_knows_stays_as_it_is(resource):
    found, paths = uncovered(resource)

    assert found is resource
    assert paths == ()


def test_what_is_in_a_secret_is_one_and_its_path_is_told():
    secret = obj("v1", "Secret", "s", {"data": SECRET})

    found, paths = uncovered(secret)
    assert found is secret
    assert paths == ("data",)
