import contextlib
import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from review import stack_config
from review.plan import PlanError
from review.stack_config import load, stack_names


def project(folder, stack_file="config: {}", pulumi=None, program="__main__.py"):
    document = {"name": "app", "runtime": {"name": "python"}, **(pulumi or {})}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(document))
    (folder / "Pulumi.dev.yaml").write_text(stack_file)
    (folder / program).parent.mkdir(exist_ok=True)
    (folder / program).write_text("")
    return folder


def values(folder, stack_file, **rest):
    return dict(load(project(folder, stack_file, **rest), "dev").values)


@pytest.mark.parametrize(
    ("written", "passed"),
    [
        ("text", "text"),
        ("1.10", "1.10"),
        ("0x1F", "0x1F"),
        ("true", "true"),
        ("on", "on"),
        ('"5"', "5"),
        ("", ""),
        ("[a, 1, 1.5, true, null]", '["a",1,1.5,true,null]'),
        ("{on: off, at: 1:30, day: 2026-11-21, octal: 0o17}",
         '{"at":"1:30","day":"2026-11-21","octal":15,"on":"off"}'),
        ("{yes: ~, big: 1e3, dot: .5, minus: -3}", '{"big":1000.0,"dot":0.5,"minus":-3,"yes":null}'),
    ],
)  # fmt: skip
def test_a_value_reaches_the_program_as_the_engine_would_pass_it(tmp_path, written, passed):
    assert values(tmp_path, f"config:\n  app:key: {written}\n") == {"app:key": passed}


PIECES = st.sampled_from([*"ab019.:-+~<&*|>#,'\"\n []{}", "key: ", "\n- ", "<<: ", "0x", "1:30"])


@given(st.lists(PIECES, max_size=25).map("".join))
def test_both_parsers_read_a_file_alike_where_both_can(text):
    found = []
    for loader in (stack_config._FastLoader, stack_config._Loader):
        with contextlib.suppress(yaml.YAMLError, ValueError):
            found.append(stack_config._loaded(loader(f"config:\n  app:key: {text}")))
    assert all(repr(it) == repr(found[0]) for it in found)


@pytest.mark.parametrize("depth", [3_000, 50_000])
def test_a_file_nested_beyond_reason_is_refused_and_overflows_nothing(tmp_path, depth):
    with pytest.raises(PlanError, match=r"Pulumi\.dev\.yaml: is nested more than 100 deep"):
        values(tmp_path, "config:\n  app:a: " + "[" * depth + "]" * depth)


def test_anchors_and_merge_keys_are_written_out(tmp_path):
    text = "config:\n  app:a: &a {x: 1, y: 2}\n  app:b: {<<: *a, y: 3}\n"
    assert json.loads(values(tmp_path, text)["app:b"]) == {"x": 1, "y": 3}


def test_keys_have_their_namespace_and_the_old_spelling_still_counts(tmp_path):
    text = "config: {plain: 1, app:config:old: 2, other:key: 3}\nencryptionsalt: v1:x\n"
    assert values(tmp_path, text) == {"app:plain": "1", "app:old": "2", "other:key": "3"}


def test_the_project_s_defaults_and_values_hold_where_the_stack_is_silent(tmp_path):
    pulumi = {
        "config": {
            "size": {"type": "integer", "default": 3},
            "colour": {"type": "string", "default": "red"},
            "short": "s",
            "other:region": {"value": ["a"]},
        }
    }
    assert values(tmp_path, "config: {app:colour: blue}", pulumi=pulumi) == {
        "app:size": "3",
        "app:colour": "blue",
        "app:short": "s",
        "other:region": '["a"]',
    }


@pytest.mark.parametrize("spelling", [["kubernetes"], {"value": ["kubernetes"]}])
def test_disabled_default_providers_are_read_in_both_spellings(tmp_path, spelling):
    pulumi = {"config": {"pulumi:disable-default-providers": spelling}}
    assert load(project(tmp_path, pulumi=pulumi), "dev").disabled_providers == {"kubernetes"}


def test_a_stack_may_disable_default_providers_itself(tmp_path):
    text = "config: {pulumi:disable-default-providers: ['*']}"
    assert load(project(tmp_path, text), "dev").disabled_providers == {"*"}
    assert load(project(tmp_path), "dev").disabled_providers == frozenset()


def test_a_secret_is_stood_in_for_by_something_random_at_any_depth(tmp_path):
    text = """
    config:
      app:plain: x
      app:password: {secure: v1:abc}
      app:deep: {list: [{key: {secure: v1:def}}], other: {secure: 1, and: more}}
    """
    one, two = (load(project(tmp_path, text), "dev") for _ in range(2))
    assert one.secret_keys == ("app:deep", "app:password")
    deep = json.loads(one.values["app:deep"])
    assert {one.values["app:password"], deep["list"][0]["key"]} == one.secret_values
    assert deep["other"] == {"secure": 1, "and": "more"}, "no secret: it holds more than `secure`"
    assert not one.secret_values & two.secret_values
    assert "v1:" not in str(one.values)


def test_an_override_wins_and_its_secret_is_plain_or_stood_in_for(tmp_path):
    folder = project(tmp_path, "config: {app:a: 1, app:b: 2}")
    given = {"a": {"secure": "planted"}, "app:b": {"x": {"secure": None}}, "app:c": [1]}
    config = load(folder, "dev", given)
    [other] = config.secret_values - {"planted"}
    assert config.values["app:a"] == "planted"
    assert json.loads(config.values["app:b"]) == {"x": other}
    assert config.values["app:c"] == "[1]"
    assert config.secret_keys == ("app:a", "app:b")


def test_the_repr_of_a_config_shows_no_value(tmp_path):
    config = load(project(tmp_path), "dev", {"a": {"secure": "planted"}})
    assert repr(config) == "StackConfig(app/dev, 1 keys)"


@pytest.mark.parametrize(
    ("main", "program", "entry"),
    [
        (None, "__main__.py", "__main__.py"),
        ("infra", "infra/__main__.py", "infra/__main__.py"),
        ("infra/other.py", "infra/other.py", "infra/other.py"),
    ],
)
def test_the_program_is_where_the_project_says(tmp_path, main, program, entry):
    folder = project(tmp_path, pulumi={"main": main} if main else {}, program=program)
    assert load(folder, "dev").entry == folder / entry


def test_the_stacks_of_a_project_are_those_with_a_file(tmp_path):
    project(tmp_path)
    (tmp_path / "Pulumi.eu.prod.yaml").write_text("")
    assert stack_names(tmp_path) == ("dev", "eu.prod")


EMPTY = "config: {}"


def declared(**rule):
    return {"config": {"a": rule}}


FAULTS = {
    "a stack that is not there": (
        EMPTY,
        {},
        "deb",
        "no stack 'deb': there is no Pulumi.deb.yaml; did you mean 'dev'?",
    ),
    "far from any": (
        EMPTY,
        {},
        "x",
        "no stack 'x': there is no Pulumi.x.yaml; there are dev",
    ),
    "empty": (
        "",
        {},
        "dev",
        "Pulumi.dev.yaml: must be a map of keys to values",
    ),
    "a list": (
        "[]",
        {},
        "dev",
        "Pulumi.dev.yaml: must be a map of keys to values",
    ),
    "config as a list": (
        "config: [a]",
        {},
        "dev",
        "Pulumi.dev.yaml: config: must be a map of keys to values",
    ),
    "a tab": (
        "config:\n\tapp:a: 1",
        {},
        "dev",
        "Pulumi.dev.yaml:2: not valid YAML: found character '\\t' that cannot start any token",
    ),
    "a key twice": (
        "config:\n  a: 1\n  b: 2\n  a: 3",
        {},
        "dev",
        "Pulumi.dev.yaml:4: not valid YAML: the key 'a' occurs twice",
    ),
    "an environment": (
        "environment: [shared]",
        {},
        "dev",
        "Pulumi.dev.yaml: environment: cannot be opened offline",
    ),
    "a tag": (
        "config: {a: [!!python/object:os.system x]}",
        {},
        "dev",
        "Pulumi.dev.yaml:1: not valid YAML: could not determine a constructor",
    ),
    "another runtime": (
        EMPTY,
        {"runtime": "go"},
        "dev",
        "Pulumi.yaml: runtime: must be python",
    ),
    "no name": (
        EMPTY,
        {"name": None},
        "dev",
        "Pulumi.yaml: name: must be the project's name",
    ),
    "a key that is required": (
        EMPTY,
        declared(type="string"),
        "dev",
        "Pulumi.dev.yaml: a: required by Pulumi.yaml, and missing",
    ),
    "no number": (
        "config: {a: x}",
        declared(type="integer"),
        "dev",
        "Pulumi.dev.yaml: a: must be of type 'integer'",
    ),
    "no boolean": (
        "config: {a: 1}",
        declared(type="boolean"),
        "dev",
        "Pulumi.dev.yaml: a: must be of type 'boolean'",
    ),
    "no object": (
        "config: {a: [1]}",
        declared(type="object"),
        "dev",
        "Pulumi.dev.yaml: a: must be of type 'object'",
    ),
    "no text": (
        "config: {a: [1]}",
        declared(type="string"),
        "dev",
        "Pulumi.dev.yaml: a: must be of type 'string'",
    ),
    "no program": (
        EMPTY,
        {"main": "infra"},
        "dev",
        "no program: infra is missing",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_the_engine_would_not_take_is_refused_with_its_place(tmp_path, fault):
    text, pulumi, stack, message = FAULTS[fault]
    with pytest.raises(PlanError) as refused:
        load(project(tmp_path, text, pulumi=pulumi), stack)
    assert str(refused.value).startswith(message)


def test_a_number_or_a_boolean_may_be_written_as_text(tmp_path):
    pulumi = {"config": {"a": {"type": "integer"}, "b": {"type": "boolean"}}}
    text = "config: {a: '5', b: 'true'}"
    assert values(tmp_path, text, pulumi=pulumi) == {"app:a": "5", "app:b": "true"}


def test_a_secret_of_a_declared_type_is_not_held_to_it(tmp_path):
    pulumi = {"config": {"a": {"type": "integer", "secret": True}}}
    config = load(project(tmp_path, "config: {a: {secure: v1:x}}", pulumi=pulumi), "dev")
    assert config.secret_keys == ("app:a",)


def test_anchors_that_explode_are_refused_before_they_do(tmp_path):
    lines = ["  app:a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"  app:a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(PlanError, match=r"write out to more than 1,000,000 values"):
        load(project(tmp_path, "config:\n" + "\n".join(lines)), "dev")


def test_a_folder_without_a_project_is_named(tmp_path):
    with pytest.raises(PlanError, match=r"no Pulumi project in .*: Pulumi.yaml is missing"):
        load(tmp_path, "dev")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (project(tmp_path) / "Pulumi.dev.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(PlanError, match=r"Pulumi.dev.yaml: cannot be read"):
        load(tmp_path, "dev")
