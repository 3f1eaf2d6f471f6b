"""What rendering cannot know: how it is named, filled, checked, and kept out of sight."""

import json
from functools import cache
from pathlib import Path

import pytest

from review.rendering.placeholders import PlaceholderError, parse, placeholders, values
from settings.azure_identity import AzureIdentity, SharedIdentity
from settings.load import load

ROOT = Path(__file__).parents[3]
GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
PLANTED = "planted-Ohd9eoth"


@cache
def known(stack):
    return placeholders(load(ROOT, stack))


@pytest.fixture
def here(tmp_path):
    (tmp_path / "docker.json").write_text('{"auths": {"registry.example": {"auth": "eA=="}}}\n')
    (tmp_path / "password").write_text(f"{PLANTED}\n")
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    (tmp_path / "large").write_bytes(b"x" * (1024 * 1024 + 1))
    return tmp_path


@pytest.mark.parametrize(
    ("stack", "names"),
    [
        ("dev", ["course-blob-service.clientId", "business-data-registry-credentials"]),
        ("prod", ["course-blob-service.clientId", "business-data-registry-credentials"]),
        ("local", ["business-data-registry-credentials", "shop-kv-AZURE-PASSWORD"]),
    ],
)
def test_a_stack_waits_for_its_client_ids_and_its_secrets(stack, names):
    assert [*known(stack)] == names


@pytest.mark.parametrize("stack", ["dev", "local"])
def test_no_placeholder_can_be_mistaken_for_a_value(stack):
    for it in known(stack).values():
        assert it.shown == f"${{{it.name}}}"
        assert it.shown in it.leaf


def test_a_pull_secret_that_is_not_filled_is_json_that_signs_in_nowhere():
    leaf = known("dev")["business-data-registry-credentials"].leaf

    assert json.loads(leaf) == {"auths": {"${business-data-registry-credentials}": {}}}


def test_what_is_not_given_is_its_placeholder():
    found = values(known("local"), {"shop-kv-AZURE-PASSWORD": PLANTED})

    assert found.secrets["shop-kv-AZURE-PASSWORD"] == PLANTED
    assert (
        "${business-data-registry-credentials}"
        in found.secrets["business-data-registry-credentials"]
    )
    assert values(known("dev"), {}).client_ids == {
        "blob-service": "${course-blob-service.clientId}"
    }


def test_workloads_that_share_an_identity_wait_for_one_client_id():
    """And for none where the stack gives it."""
    dev = load(ROOT, "dev")
    sharing = {
        name: it.model_copy(update={"azure_identity": AzureIdentity(shared="uploads")})
        for name, it in dev.workloads.items()
        if name in ("blob-service", "authentication")
    }
    ours, given = (
        dev.model_copy(
            update={"workloads": sharing, "azure_identities": {"uploads": SharedIdentity(**it)}}
        )
        for it in ({}, {"clientId": GUID})
    )
    found = placeholders(ours)
    name = "azureIdentities.uploads.clientId"

    assert [it for it in found if it.endswith("clientId")] == [name]
    assert values(found, {name: GUID}).client_ids == dict.fromkeys(sharing, GUID)
    assert not [it for it in placeholders(given) if it.endswith("clientId")]


def test_a_client_id_stands_on_the_command_line_and_a_secret_in_a_file(here):
    dev = parse([f"course-blob-service.clientId={GUID}"], known("dev"), here)
    local = parse(["shop-kv-AZURE-PASSWORD=@password"], known("local"), here)

    assert dev == {"course-blob-service.clientId": GUID}
    assert local == {"shop-kv-AZURE-PASSWORD": PLANTED}


def test_of_the_line_feeds_that_end_a_file_one_is_dropped(here):
    (here / "lines").write_bytes(b"a\n\n")
    (here / "windows").write_bytes(b"a\r\n")

    for file, expected in (("lines", "a\n"), ("windows", "a")):
        assert parse([f"shop-kv-AZURE-PASSWORD=@{file}"], known("local"), here) == {
            "shop-kv-AZURE-PASSWORD": expected
        }


def test_an_absolute_path_is_taken_as_it_is(here, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    found = parse([f"shop-kv-AZURE-PASSWORD=@{here / 'password'}"], known("local"), elsewhere)

    assert found == {"shop-kv-AZURE-PASSWORD": PLANTED}


@pytest.mark.parametrize(
    ("stack", "assignments", "message"),
    [
        ("dev", ["course-blob-servise.clientId=x"], "did you mean 'course-blob-service.clientId'?"),
        ("dev", ["zzz=x"], "known here: course-blob-service.clientId, business-data-registry-"),
        ("dev", ["course-blob-service.clientId"], "has no value; write '--set course-blob-"),
        ("dev", ["course-blob-service.clientId="], "has no value"),
        ("dev", ["course-blob-service.clientId=me"], "must be a client id, for example '0f8fad5b-"),
        ("dev", [f"course-blob-service.clientId={GUID}"] * 2, "stands twice"),
        ("dev", ["business-data-registry-credentials=@password"], "must be a docker config.json"),
        (
            "local",
            [f"shop-kv-AZURE-PASSWORD={PLANTED}"],
            "write '--set shop-kv-AZURE-PASSWORD=@FILE'",
        ),
        (
            "local",
            ["shop-kv-AZURE-PASSWORD=@nowhere"],
            "nowhere: No such file or directory; correct",
        ),
        ("local", ["shop-kv-AZURE-PASSWORD=@empty"], "its file is empty"),
        ("local", ["shop-kv-AZURE-PASSWORD=@latin"], "latin is not UTF-8 text"),
        ("local", ["shop-kv-AZURE-PASSWORD=@large"], "large has more than 1048576 bytes"),
        ("local", ["shop-kv-AZURE-PASSWORD=@."], "Is a directory"),
    ],
)
def test_a_value_that_cannot_be_one_is_refused_with_the_remedy(here, stack, assignments, message):
    with pytest.raises(PlaceholderError) as refused:
        parse(assignments, known(stack), here)

    assert message in str(refused.value)
    assert PLANTED not in str(refused.value)


@pytest.mark.parametrize("text", ['{"auths": []}', "[]", "{", '"auths"', "{}"])
def test_only_a_docker_config_fills_a_pull_secret(here, text):
    (here / "bad.json").write_text(text)

    with pytest.raises(PlaceholderError, match=r"must be a docker config\.json"):
        parse(["business-data-registry-credentials=@bad.json"], known("dev"), here)


def test_a_docker_config_fills_a_pull_secret(here):
    found = parse(["business-data-registry-credentials=@docker.json"], known("dev"), here)

    assert "registry.example" in found["business-data-registry-credentials"]
