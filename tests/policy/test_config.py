"""A stack's choice of rules: what counts how, and every fault of the file at once."""

import json

import pytest

from policy.config import Config, key_lines, parse_config, read_config
from policy.faults import PolicyConfigError
from policy.rule import Parameter, Rule

FILE = "policy/stacks/prod.json"


def rule(id_: str, severity="mandatory", **parameters) -> Rule:
    return Rule(
        id=id_,
        title="It holds",
        area="images",
        severity=severity,
        kinds=("Pod",),
        check=lambda _it, _parameters: (),
        why="It breaks.",
        remedy="mend it",
        source="https://example.com",
        parameters={
            key: Parameter(default=it, docs="what it does") for key, it in parameters.items()
        },
    )


REGISTRY = rule("image-registry", registries=["a"], depth=2, strict=False, name="x")
DIGEST = rule("image-digest", "advisory")
RULES = [REGISTRY, DIGEST]


def faults(data) -> list[str]:
    text = data if isinstance(data, str) else json.dumps(data, indent=2)
    with pytest.raises(PolicyConfigError) as caught:
        parse_config(text, FILE, RULES)
    return [str(it) for it in caught.value.faults]


def parsed(data) -> Config:
    return parse_config(json.dumps(data), FILE, RULES)


def test_without_a_file_every_rule_counts_as_it_says_itself(tmp_path):
    config = read_config(tmp_path / "none.json", FILE, RULES)

    assert [config.level(it) for it in RULES] == ["mandatory", "advisory"]


def test_all_is_for_the_rules_that_are_not_named():
    config = parsed({"all": "disabled", "image-digest": "mandatory"})

    assert config.enabled(RULES) == (DIGEST,)
    assert config.severity(DIGEST, "fail") == "mandatory"


def test_parameters_without_a_level_leave_the_level_alone():
    config = parsed({"image-registry": {"registries": ["b"]}})

    assert config.level(REGISTRY) == "mandatory"
    assert config.own["image-registry"] == {"registries": ["b"]}


@pytest.mark.parametrize(
    ("level", "unknown", "counts"),
    [
        ("mandatory", None, "advisory"),
        ("mandatory", "mandatory", "mandatory"),
        ("mandatory", "advisory", "advisory"),
        ("advisory", "mandatory", "advisory"),
    ],
)
def test_an_unknown_counts_as_the_stack_says_and_never_more_than_the_rule(level, unknown, counts):
    entry = {"enforcementLevel": level} | ({"unknown": unknown} if unknown else {})

    assert parsed({"image-digest": entry}).severity(DIGEST, "unknown") == counts


def test_parameters_of_every_type_may_be_set():
    own = {"registries": ["b"], "depth": 3, "strict": True, "name": "y"}

    assert parsed({"image-registry": own}).own["image-registry"] == own


def test_unknown_is_no_parameter_that_a_check_is_given():
    assert parsed({"image-digest": {"unknown": "mandatory"}}).own == {"image-digest": {}}


def test_every_fault_is_told_at_once_with_its_line():
    found = faults(
        '{\n "all": "always",\n "image-digst": "advisory",\n "image-registry": {\n'
        '  "enforcementLevel": "remediate",\n  "registry": [],\n  "depth": true\n }\n}'
    )

    assert found == [
        f"{FILE}:2: all: must be one of advisory, mandatory, disabled; got 'always'",
        f"{FILE}:3: image-digst: there is no such rule; did you mean 'image-digest'?",
        f"{FILE}:5: image-registry.enforcementLevel: must be one of advisory, mandatory, disabled; "
        "got 'remediate'; no rule here mends anything: take mandatory",
        f"{FILE}:6: image-registry.registry: the rule has no such parameter; did you mean 'registries'?",
        f"{FILE}:7: image-registry.depth: must be a whole number, for example 2; got true",
    ]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"registries": "a"}, "must be a list of texts; got 'a'"),
        ({"registries": ["a", 1]}, "must be a list of texts; got a list"),
        ({"strict": "true"}, "must be true or false; got 'true'"),
        ({"name": 3}, "must be a text; got 3"),
        ({"unknown": "disabled"}, "must be one of advisory, mandatory; got 'disabled'"),
        ({"unknown": ["advisory"]}, "must be one of advisory, mandatory; got a list"),
        ({"depth": "2"}, "must be a whole number, for example 2; got '2'"),
        ({"enforcementLevel": 5}, "must be one of advisory, mandatory, disabled; got 5"),
        ("advsory", "must be one of advisory, mandatory, disabled; got 'advsory'; did you mean"),
        ({"zzz": 3}, "it has registries, depth, strict, name, unknown"),
        (3, "or a map with enforcementLevel; got 3"),
        (None, "got null"),
    ],
)
def test_a_parameter_is_of_the_type_of_its_default(entry, words):
    (found,) = faults({"image-registry": entry})

    assert words in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", f"{FILE}:1: must be a map from rules to levels; got a list"),
        ('{\n"all": }', f"{FILE}:2: is no JSON: Expecting value"),
        (
            '{"image-digest": "advisory",\n"image-digest": "mandatory"}',
            ":2: image-digest: is there",
        ),
        ('{"all": {"registries": []}}', "only a single rule has parameters"),
        ("[" * 100_000, "is nested too deeply"),
    ],
)
def test_what_is_no_configuration_is_told_with_its_line(text, words):
    (found,) = faults(text)

    assert words in found


def test_a_file_that_is_no_text_is_a_fault(tmp_path):
    path = tmp_path / "prod.json"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(PolicyConfigError, match="is not UTF-8 text"):
        read_config(path, FILE, RULES)


def test_lines_of_keys_are_found_whatever_values_hold():
    text = '{"a":\n {"b": "x\\":{",\n "c" : ["}", {"d": 1}]},\n"e": 1}'

    assert list(key_lines(text)) == [(("a",), 1), (("a", "b"), 2), (("a", "c"), 3), (("e",), 4)]


def test_a_file_is_read_as_its_text_is(tmp_path):
    path = tmp_path / "prod.json"
    path.write_text('{"image-digest": "mandatory"}')

    assert read_config(path, FILE, RULES) == Config({"image-digest": "mandatory"})
