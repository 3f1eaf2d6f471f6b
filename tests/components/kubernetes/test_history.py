"""Earlier configuration stays as long as it is said to, and reading it never ends a run."""

import json

import pulumi
import pytest

from components.kubernetes.estate import Estate
from components.kubernetes.history import READ, History
from components.kubernetes.workload import Workload, WorkloadArgs
from review.wire import SECRET_SIGNATURE, SIGNATURE
from tests import samples
from tests.engine import registered
from tests.manifests import samples as manifests

CONFIG = "kubernetes:core/v1:ConfigMap"
SECRET = "kubernetes:core/v1:Secret"


def update(said, level, most=2, **changes):
    """One run of the program: the rows of its workload by logical name, and what it says to the next run.

    `said` is what the last run said; None is the first.
    """
    heard = []
    outputs = {"configHistory": said} if said is not None else {}

    async def build():
        config = {"env": {"LOG_LEVEL": level}} if level else None
        secrets = {"PIN": {"mountPath": "/mnt/pin"}}
        web = samples.web(config=config, secrets=secrets, **changes)
        settings = manifests.stack(web, samples.redis(), configHistory=most)
        of = await Estate.of_stack(settings, pulumi.Config(), {})
        Workload("it", WorkloadArgs(estate=of, workload=web, tenant=samples.tenant(of)))
        heard.append(await of.history.output().future())

    config = {"aks-platform:web-PIN": f"pin of {level}"}
    rows = registered(
        build, config=config, secrets=[*config], answers={READ: {"outputs": outputs}}, preview=False
    )
    return {row.name: row for row in rows if row.parent == "it"}, heard[0]


def after(*levels, **more):
    said = None
    for level in levels:
        rows, said = update(said, level, **more)
    return rows, said


def levels(rows):
    return sorted(it.inputs["data"]["LOG_LEVEL"] for it in rows.values() if it.type == CONFIG)


@pytest.mark.parametrize(
    ("most", "kept"), [(0, ["d"]), (1, ["c", "d"]), (2, ["b", "c", "d"]), (9, ["a", "b", "c", "d"])]
)
def test_the_current_configuration_stays_and_so_many_before_it(most, kept):
    rows, _ = after("a", "b", "c", "d", most=most)
    assert levels(rows) == kept
    assert len([it for it in rows.values() if it.type == SECRET]) == len(kept)


def test_a_run_without_a_change_registers_the_same_and_says_the_same():
    rows, said = after("a", "b")
    again, said_again = update(said, "b")
    assert {name: it.inputs for name, it in again.items()} == {
        name: it.inputs for name, it in rows.items()
    }
    assert said_again == said


def test_what_was_current_is_the_same_resource_when_it_is_an_earlier_one():
    first, said = update(None, "a")
    second, _ = update(said, "b")
    kept = [name for name, it in first.items() if it.type in (CONFIG, SECRET)]
    assert len(kept) == 2
    for name in kept:
        assert second[name].urn == first[name].urn
        assert second[name].inputs == first[name].inputs
        assert second[name].dependencies == first[name].dependencies


def test_the_engine_hands_the_output_out_as_a_secret():
    _, said = update(None, "a")
    wire = {SIGNATURE: SECRET_SIGNATURE, "value": said}
    assert levels(update(wire, "b")[0]) == ["a", "b"]


def test_going_back_makes_nothing_anew():
    rows, said = after("a", "b")
    back, _ = update(said, "a")
    assert {*back} == {*rows}
    assert levels(back) == ["a", "b"]


def test_configuration_that_goes_stays_for_a_rollback():
    _, said = after("a", "b")
    rows, said = update(said, None)
    assert levels(rows) == ["a", "b"]
    again, _ = update(said, None)
    assert {*again} == {*rows}


def test_only_the_current_one_takes_over_the_resource_of_before_there_were_versions():
    rows, _ = after("a", "b")
    aliases = {name: it.options.get("aliases", []) for name, it in rows.items()}
    of_config = [it for name, it in aliases.items() if name.startswith("it-config-env") and it]
    assert [[alias.rpartition("::")[2] for alias in it] for it in of_config] == [["it-config-env"]]


def test_labels_are_of_today_so_that_a_new_version_of_the_workload_changes_no_name():
    _, said = after("a", "b")
    rows, _ = update(said, "b", labels={"tier": "front"})
    labels = [it.inputs["metadata"]["labels"] for it in rows.values() if it.type == CONFIG]
    assert [it["tier"] for it in labels] == ["front"] * 2


def test_what_is_said_is_secret_as_the_secrets_of_before_are_in_it():
    found = []

    async def build():
        found.append(await History(2, {}).output().is_secret())

    registered(build)
    assert found == [True]
    _, said = after("a", "b")
    [one, other] = json.loads(said)["it"]["secret-PIN"]
    assert one["stringData"] == {"PIN": "pin of b"}
    assert other["stringData"] == {"PIN": "pin of a"}


@pytest.mark.parametrize(
    "said",
    ["no JSON planted", "[]", '{"it": []}', '{"it": {"config-env": [{}]}}', "3",
     '{"it": {"config-env": [{"kind": "Pod", "name": "a"}]}}',
     '{"it": {"config-env": [{"kind": "ConfigMap", "name": 3}]}}'],
)  # fmt: skip
def test_what_cannot_be_read_is_a_warning_and_no_end(said, capsys):
    rows, _ = update(said, "a")
    assert levels(rows) == ["a"]
    told = capsys.readouterr().err
    assert told.count("configHistory: the versions before this one cannot be read") == 1
    assert "planted" not in told


def test_a_backend_that_does_not_answer_is_a_warning_and_no_end(capsys, monkeypatch):
    async def fails(*_):
        raise Exception("unknown stack planted")

    monkeypatch.setattr("components.kubernetes.history.invoke_async", fails)
    assert levels(update(None, "a")[0]) == ["a"]
    told = capsys.readouterr().err
    assert told.count("cannot be read (Exception)") == 1
    assert "planted" not in told


def test_the_stack_asks_for_its_own_outputs_by_its_full_name(monkeypatch):
    asked = []

    async def asks(token, arguments):
        asked.append((token, arguments))

    monkeypatch.setattr("components.kubernetes.history.invoke_async", asks)
    update(None, "a")
    name = "organization/aks-platform/dev"
    assert asked == [("pulumi:pulumi:readStackOutputs", {"name": name})]
