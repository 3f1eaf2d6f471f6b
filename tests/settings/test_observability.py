"""What a stack that says little of its monitoring gets."""

import pytest

from settings.alerts import Alert, Alerts
from settings.explain import explain
from settings.load import check, read_sources
from settings.observability import CATEGORIES, Observability
from settings.recommended import ROWS
from settings.recommended.observability import SCRAPER
from tests.components.azure.cloud import stack
from tests.settings.estate import ROOT


def scraper(**changes):
    found = stack(**changes).monitoring
    return found and found.model_dump(by_alias=True)


def test_with_metrics_the_agent_is_let_in_without_being_named():
    assert scraper() == SCRAPER


@pytest.mark.parametrize(
    "changes",
    [
        {"cluster.profile": "dev"},
        {"observability": {"metrics": {"enabled": False}, "alerts": {"enabled": False}}},
    ],
    ids=["dev", "switched off"],
)
def test_without_metrics_nobody_is(changes):
    assert scraper(**changes) is None


def test_metrics_that_a_dev_stack_asks_for_bring_their_agent():
    asked = {"cluster.profile": "dev", "observability": {"metrics": {"enabled": True}}}
    assert scraper(**asked) == SCRAPER


def test_a_stack_that_names_its_own_keeps_it():
    own = {"namespace": "monitoring", "podLabels": {"app": "agent"}}
    assert scraper(monitoring=own) == own


def test_every_alert_has_a_row_of_advice_for_every_key():
    advised = {it.key for it in ROWS}
    for key, section in Alerts().each():
        for name in section.model_dump(by_alias=True):
            assert f"observability.alerts.{key}.{name}" in advised


def test_advice_on_alerts_is_their_models_own_default():
    for row in ROWS:
        if row.key.startswith("observability.alerts.") and row.key.count(".") == 3:
            _, _, alert, key = row.key.split(".")
            assert row.prod == Alerts().model_dump(by_alias=True)[alert][key]


def test_each_yields_every_alert_and_nothing_else():
    found = dict(Alerts().each())
    assert all(isinstance(it, Alert) for it in found.values())
    assert {*Alerts().model_dump(by_alias=True)} - {*found} == {
        "enabled", "notify", "evaluationMinutes", "resolveMinutes",
    }  # fmt: skip


def test_logs_are_wanted_by_containers_or_by_the_control_plane():
    for part in ("containerInsights", "diagnostics"):
        assert Observability.model_validate({part: {"enabled": True}}).wants_logs
    assert not Observability().wants_logs


def test_every_group_is_told_unless_some_are_named():
    groups = {"ops": {}, "night": {}}
    assert Observability.model_validate({"actionGroups": groups}).notified == ["ops", "night"]
    some = {"actionGroups": groups, "alerts": {"notify": ["night"]}}
    assert Observability.model_validate(some).notified == ["night"]


def test_what_is_worked_out_is_explained_by_what_it_goes_by():
    sources = read_sources(ROOT, "prod")
    (found,) = explain(check(sources), sources, "observability.containerInsights.streams")
    assert found.advice.by == "the preset"
    assert found.source.startswith("profile prod")


@pytest.mark.parametrize("profile", ["dev", "prod", "automaticLike"])
def test_no_profile_pays_for_audit_twice_and_every_profile_keeps_it(profile):
    wanted = stack(**{"cluster.profile": profile}).observability.diagnostics
    assert wanted.enabled
    assert "kube-audit-admin" in wanted.categories
    assert "kube-audit" not in wanted.categories
    assert {*wanted.categories} <= {*CATEGORIES}
