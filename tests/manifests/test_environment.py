"""Variables of a container, by where they come from."""

import pytest

from tests.manifests.samples import controller_of, parts_of, pod_of, web
from tests.manifests.schema import faults


def variables(env, **changes):
    subject = web(env=env, **changes)
    assert faults(controller_of(subject)) == []
    return {it.pop("name"): it for it in pod_of(subject)["containers"][0]["env"]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("plain", {"value": "plain"}),
        ("", {"value": ""}),
        ({"field": "status.podIP"}, {"valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}),
        (
            {"field": "metadata.labels['app']"},
            {"valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}},
        ),
        (
            {"resource": "limits.memory"},
            {"valueFrom": {"resourceFieldRef": {"resource": "limits.memory"}}},
        ),
    ],
)
def test_a_variable_is_a_text_a_field_of_the_pod_or_an_amount(given, expected):
    assert variables({"IT": given}) == {"IT": expected}


def test_one_key_of_the_configuration_goes_by_any_name_and_follows_its_content():
    subject = web(
        config={"env": {"LEVEL": "info"}},
        env={"OTHER": {"config": "LEVEL"}},
        containers={"log": {"env": {"LEVEL": {"config": "LEVEL"}}}},
    )
    name = parts_of(subject)["config-env"].manifest["metadata"]["name"]
    own, log = pod_of(subject)["containers"]
    reference = {"configMapKeyRef": {"name": name, "key": "LEVEL"}}
    assert own["env"] == [{"name": "OTHER", "valueFrom": reference}]
    assert log["env"] == [{"name": "LEVEL", "valueFrom": reference}]
    assert own["envFrom"] == [{"configMapRef": {"name": name}}]
    assert "envFrom" not in log


def test_a_secret_is_named_and_never_told():
    secrets = {
        "KEY": {"existing": {"name": "made-elsewhere", "key": "password"}},
        "OWN": {},
        "AZURE": {"vault": "shop-kv"},
    }
    env = {"A": {"secret": "KEY"}, "B": {"secret": "OWN"}, "C": {"secret": "AZURE"}}
    found = {
        name: it["valueFrom"]["secretKeyRef"]
        for name, it in variables(env, secrets=secrets).items()
    }
    assert found["A"] == {"name": "made-elsewhere", "key": "password"}
    assert found["B"]["key"] == "OWN"
    assert found["C"] == {"name": "web.vault-shop-kv", "key": "AZURE"}


def test_variables_keep_the_order_they_are_typed_in_as_one_may_use_another():
    assert [*variables({"B": "1", "A": "$(B)"})] == ["B", "A"]
