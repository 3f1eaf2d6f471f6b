"""One context more, or less, in a file of somebody's: nothing else in it moves."""

from copy import deepcopy

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from manifests.kubeconfig import SERVER_ID, Access, cluster, user
from manifests.kubeconfig_file import Entry, merged, without
from tests.components.azure.cloud import TENANT
from tests.manifests.kubeconfigs import CERTIFICATE, MINE, SERVER, named, read

OURS = "aks-platform/aks-course-dev"


def entry(stack="dev", context="aks-course-dev", login="azurecli", server=SERVER):
    access = Access(server, CERTIFICATE, {"--server-id": SERVER_ID})
    return Entry(stack, context, cluster(access), user(access, login, TENANT))


def mine(change=lambda _: None):
    data = deepcopy(MINE)
    change(data)
    return yaml.safe_dump(data, sort_keys=False)


def others(data):
    return {
        section: [it for it in data[section] if it["name"] not in (OURS, "aks-course-dev")]
        for section in ("clusters", "users", "contexts")
    }


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "---\n", "null\n"])
def test_the_first_context_of_all_is_the_current_one(text):
    data = read(merged(text, entry()))
    assert data["current-context"] == "aks-course-dev"
    assert named(data, "contexts", "aks-course-dev")["cluster"] == OURS
    assert named(data, "contexts", "aks-course-dev")["user"] == OURS
    assert named(data, "clusters", OURS)["server"] == SERVER
    assert named(data, "users", OURS)["exec"]["command"] == "kubelogin"


def test_contexts_of_others_stay_and_so_does_the_current_one():
    data = read(merged(mine(), entry()))
    assert data["clusters"][:-1] == MINE["clusters"]
    assert data["users"][:-1] == MINE["users"]
    assert data["contexts"][:-1] == MINE["contexts"]
    assert data["current-context"] == "mine"


def test_it_becomes_the_current_one_where_that_is_asked():
    assert read(merged(mine(), entry(), use=True))["current-context"] == "aks-course-dev"


def test_nothing_that_is_ours_holds_credentials():
    text = merged(mine(), entry())
    assert set(named(read(text), "users", OURS)) == {"exec", "extensions"}


def test_keys_that_nobody_knows_and_the_way_things_are_spelt_survive():
    text = """apiVersion: v1
kind: Config
octal: 0123
day: 2026-01-01
time: 12:30:45
answer: yes
'quoted': "it"
flow: {b: 1, a: [2]}
clusters:
- name: x
  cluster: {server: 'https://x', insecure-skip-tls-verify: true, what: 1_000}
  more: ~
block: |
  one
    two
"""
    lines = merged(text, entry()).splitlines()
    assert [it for it in text.splitlines() if it not in lines] == []


def test_what_stands_in_two_places_by_an_alias_still_does():
    data = yaml.safe_load(merged("one: &it {a: 1}\ntwo: *it\n", entry()))
    assert data["one"] is data["two"]


def test_the_same_again_changes_nothing():
    once = merged(mine(), entry())
    assert merged(once, entry()) == once


def test_a_context_of_ours_is_written_anew_in_its_place():
    once = merged(mine(), entry())
    data = read(merged(once, entry(login="msi", server="https://new.example")))
    assert named(data, "clusters", OURS)["server"] == "https://new.example"
    assert "msi" in named(data, "users", OURS)["exec"]["args"]
    assert len(data["contexts"]) == len(MINE["contexts"]) + 1


def test_what_people_set_on_a_context_of_ours_they_keep():
    data = yaml.safe_load(merged(mine(), entry()))
    named(data, "contexts", "aks-course-dev")["namespace"] = "123"
    named(data, "clusters", OURS)["proxy-url"] = "http://proxy:8080"
    named(data, "users", OURS)["token"] = "canary-5f2d"
    again = read(merged(yaml.safe_dump(data), entry()))
    assert named(again, "contexts", "aks-course-dev")["namespace"] == "123"
    assert named(again, "clusters", OURS)["proxy-url"] == "http://proxy:8080"
    assert "token" not in named(again, "users", OURS)


@pytest.mark.parametrize(
    ("section", "name", "content"),
    [
        ("contexts", "aks-course-dev", {"context": {"cluster": "mine", "user": "me"}}),
        ("contexts", "aks-course-dev", {}),
        ("clusters", OURS, {"cluster": {"server": "https://x"}}),
        ("users", OURS, {"user": None}),
    ],
)
def test_what_another_program_wrote_under_the_name_is_replaced_by_force_alone(
    section, name, content
):
    text = mine(lambda it: it[section].append({"name": name, **content}))
    with pytest.raises(ValueError, match=f"{name}' was not written by this command.*--force"):
        merged(text, entry())
    data = read(merged(text, entry(), force=True))
    assert named(data, "contexts", "aks-course-dev")["user"] == OURS
    assert others(data) == others(MINE)


def test_a_context_of_another_stack_is_replaced_by_force_alone():
    text = merged(mine(), entry("prod"))
    with pytest.raises(ValueError, match="is of stack 'prod'"):
        merged(text, entry())
    assert "stack: prod" not in merged(text, entry(), force=True)


def test_two_stacks_stand_side_by_side():
    data = read(merged(merged(mine(), entry()), entry("prod", "aks-course-prod")))
    assert [it["name"] for it in data["contexts"]] == ["mine", "aks-course-dev", "aks-course-prod"]


def test_removing_takes_away_what_was_added_and_nothing_else():
    removal = without(merged(mine(), entry()), "dev")
    assert yaml.safe_load(removal.text) == MINE
    assert (removal.contexts, removal.kept, removal.was_current) == (["aks-course-dev"], [], False)


def test_removing_leaves_other_stacks_and_foreign_contexts_of_the_name():
    text = merged(mine(), entry("prod", "aks-course-prod"))
    assert without(text, "dev").text == text
    theirs = mine(lambda it: it["contexts"].append({"name": "aks-course-dev", "context": {}}))
    assert without(theirs, "dev").text == theirs


def test_removing_the_current_context_leaves_none():
    removal = without(merged("", entry()), "dev")
    assert removal.was_current
    assert read(removal.text)["current-context"] == ""


def test_one_of_several_contexts_of_a_stack_is_removed_by_name():
    text = merged(merged(mine(), entry()), entry(context="second"))
    assert without(text, "dev", "second").contexts == ["second"]
    assert without(text, "dev", "third").contexts == []
    assert without(text, "dev").contexts == ["aks-course-dev", "second"]


def test_a_cluster_of_ours_that_another_context_uses_stays():
    data = yaml.safe_load(merged(mine(), entry()))
    data["contexts"].append({"name": "debug", "context": {"cluster": OURS, "user": "me"}})
    removal = without(yaml.safe_dump(data), "dev")
    assert removal.kept == [f"cluster {OURS}"]
    left = read(removal.text)
    assert named(left, "clusters", OURS)
    assert OURS not in [it["name"] for it in left["users"]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "is no single YAML document: line 1, column 5"),
        ("apiVersion: v1\n\tcanary-5f2d: x\n", "is no single YAML document: line 2"),
        ("a: *canary-5f2d\n", "is no single YAML document"),
        ("a: 1\n---\nb: 2\n", "is no single YAML document: line 2"),
        ("a: \x00", "is no YAML that can be read"),
        ("[" * 9_000, "is no YAML that can be read"),
        ("- canary-5f2d", "it holds no map"),
        ("canary-5f2d", "it holds no map"),
        ("kind: Secret", "its kind is not Config"),
        ("apiVersion: v2", "its apiVersion is not v1"),
        ("clusters: {a: canary-5f2d}", "its clusters are no list"),
        ("users: canary-5f2d", "its users are no list"),
        ("users: []\nusers: []", "it has users twice"),
        ("contexts: [canary-5f2d]", r"contexts\[0\] is no map with a name"),
        ("contexts: [{name: a}, {context: {}}]", r"contexts\[1\] is no map with a name"),
        ("contexts: [{name: 1}]", r"contexts\[0\] is no map with a name"),
        ("contexts: [{name: a}, {name: a}]", "it has two contexts with the name 'a'"),
        ("users: [{name: a, user: canary-5f2d}]", r"user of users\[0\] is no map"),
    ],
)
@pytest.mark.parametrize(
    "change", [lambda text: merged(text, entry()), lambda t: without(t, "dev")]
)
def test_what_is_no_kubeconfig_is_refused_unquoted(text, message, change):
    with pytest.raises(ValueError, match=message) as caught:
        change(text)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    "mark",
    [
        "x",
        [{"name": "minikube", "extension": {"stack": "dev"}}],
        [{"name": "aks-platform"}],
        [{"name": "aks-platform", "extension": "dev"}],
        ["aks-platform"],
    ],
)
def test_a_mark_that_is_not_ours_makes_nothing_ours(mark):
    context = {"name": "aks-course-dev", "context": {"extensions": mark}}
    text = mine(lambda it: it["contexts"].append(context))
    with pytest.raises(ValueError, match="was not written by this command"):
        merged(text, entry())
    assert without(text, "dev").contexts == []


WORDS = st.text("abc0_-:' #é\n", min_size=1, max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda it: st.lists(it, max_size=3) | st.dictionaries(WORDS, it, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(WORDS, VALUES, max_size=3),
    st.lists(
        st.tuples(WORDS, st.dictionaries(WORDS, VALUES)), max_size=3, unique_by=lambda it: it[0]
    ),
)
def test_adding_and_removing_gives_back_whatever_was_there(more, users):
    data = {**MINE, **more, "users": [{"name": name, "user": it} for name, it in users]}
    text = yaml.safe_dump(data, allow_unicode=True)
    both = merged(text, entry())
    assert yaml.safe_load(without(both, "dev").text) == data
    assert {
        **yaml.safe_load(both),
        **{it: data[it] for it in ("clusters", "users", "contexts")},
    } == data
