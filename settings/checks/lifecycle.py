"""Versions past their end, and times at which Azure may work on the cluster."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from settings.calendar import MINORS, RELEASES, end_of, newest
from settings.cluster_rules import ClusterRule, cluster_rule, impossible
from settings.faults import Fault, did_you_mean
from settings.maintenance import Maintenance, Window
from settings.sources import Sources
from settings.stack import Settings

Path = tuple[str | int, ...]

WINDOWS = ("default", "autoUpgrade", "nodeOsUpgrade")
AT: Path = ("cluster", "maintenance")
WEEKLY_MOST = 4
"""Weeks between two windows: https://learn.microsoft.com/azure/aks/planned-maintenance ."""


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Every rule below: a version that is supported today, windows that Azure takes, running hours that end."""
    if settings.target != "aks":
        return
    for rule in RULES:
        yield from rule(settings, sources)


def _windows(maintenance: Maintenance) -> Iterator[tuple[str, Window]]:
    given = (maintenance.default, maintenance.auto_upgrade, maintenance.node_os_upgrade)
    yield from ((key, it) for key, it in zip(WINDOWS, given, strict=True) if it)


@cluster_rule(
    "kubernetes-version",
    "A cluster runs a version of Kubernetes that AKS supports today, standard or, with tier Premium, long-term.",
    "supported-kubernetes-versions",
)
def _version(settings: Settings, sources: Sources) -> Iterator[Fault]:
    cluster = settings.cluster
    minor = cluster.kubernetes_version
    if cluster.upgrade_channel in ("stable", "rapid"):
        return
    at, now = ("cluster", "kubernetesVersion"), newest(sources.today)
    long_term = cluster.tier == "Premium"
    end = end_of(minor, long_term=long_term)
    if end and end < sources.today:
        kind = "long-term support" if long_term else "support"
        later = MINORS[minor].long_term_ends
        longer = (
            "" if long_term or later < sources.today else ", or set tier Premium for " + str(later)
        )
        rule = f"must be supported: AKS ended {kind} of {minor} on {end} ({RELEASES})"
        yield sources.fault(at, rule, repr(minor), f"write '{now}'{longer}")
    elif end is None and tuple(map(int, minor.split("."))) < tuple(
        map(int, min(MINORS).split("."))
    ):
        rule = f"must be supported: AKS ended support of {minor} before {min(MINORS)} came"
        yield sources.fault(at, rule, repr(minor), f"write '{now}'")


@cluster_rule(
    "maintenance-windows",
    "A window recurs in one way that Azure takes for it: AKS' own releases weekly, only node images daily.",
    "planned-maintenance",
)
def _each_window(settings: Settings, sources: Sources) -> Iterator[Fault]:
    for key, window in _windows(settings.cluster.maintenance):
        yield from _window(key, window, sources)


def _window(key: str, window: Window, sources: Sources) -> Iterator[Fault]:
    at = (*AT, key)
    said = [it for it in Window.ONE_OF if getattr(window, it) is not None]
    if len(said) != 1:
        words = ", ".join(Window.ONE_OF)
        rule = f"must say exactly one of {words}"
        seen = ", ".join(said) or "none of them"
        yield sources.fault(at, rule, seen, "write for example 'weekly: Sunday'")
        return
    if key == "default" and (said != ["weekly"] or window.every != 1):
        rule = "must be weekly, every week: AKS' own releases come each week"
        yield sources.fault(at, rule, said[0], "write 'weekly: Sunday' without 'every'")
    elif said == ["daily"] and key != "nodeOsUpgrade":
        rule = "must not be daily: Azure takes that of nodeOsUpgrade alone"
        yield sources.fault((*at, "daily"), rule, str(window.daily), "write 'weekly: Sunday'")
    elif window.every != 1 and said == ["daily"]:
        rule = "goes with weekly and monthly; daily says its own number"
        yield sources.fault((*at, "every"), rule, str(window.every), "remove it")
    elif said == ["weekly"] and window.every > WEEKLY_MOST:
        rule = f"must be at most {WEEKLY_MOST} weeks"
        yield sources.fault((*at, "every"), rule, str(window.every), "lower it")
    if window.monthly:
        numbered = window.monthly.day_of_month is not None
        by_week = window.monthly.week is not None, window.monthly.day is not None
        if (numbered and any(by_week)) or (not numbered and not all(by_week)):
            rule = "must say dayOfMonth, or week and day"
            remedy = "write 'monthly: {dayOfMonth: 1}' or 'monthly: {week: First, day: Sunday}'"
            yield sources.fault((*at, "monthly"), rule, remedy=remedy)
    if key == "default" and not window.start.endswith(":00"):
        rule = "must be a full hour: Azure counts AKS' own releases in hours of UTC"
        yield sources.fault((*at, "start"), rule, repr(window.start), "write for example '01:00'")
    if key == "default" and not window.utc_offset.endswith(":00"):
        rule = "must be whole hours: Azure counts AKS' own releases in hours of UTC"
        yield sources.fault((*at, "utcOffset"), rule, repr(window.utc_offset), "round it")


@cluster_rule(
    "maintenance-closed-days",
    "Days without changes are days of the calendar, from the first to the last, and close a window that there is.",
    "planned-maintenance",
)
def _not_allowed(settings: Settings, sources: Sources) -> Iterator[Fault]:
    maintenance = settings.cluster.maintenance
    for index, span in enumerate(maintenance.not_allowed):
        at = (*AT, "notAllowed", index)
        days: dict[str, date] = {}
        for key, text in (("start", span.start), ("end", span.end)):
            try:
                days[key] = date.fromisoformat(text)
            except ValueError:
                rule = "must be a day of the calendar"
                yield sources.fault((*at, key), rule, repr(text), "name another")
        if len(days) == len(("start", "end")) and days["end"] < days["start"]:
            rule = f"must not lie before start ({span.start})"
            yield sources.fault((*at, "end"), rule, repr(span.end), "swap the two")
    if maintenance.not_allowed and not any(True for _ in _windows(maintenance)):
        rule = "closes a window, and there is none"
        yield sources.fault((*AT, "notAllowed"), rule, remedy=f"add one of {', '.join(WINDOWS)}")


@cluster_rule(
    "running-hours",
    "A cluster that is stopped is not protected, and is started before it is stopped on days named once.",
    "start-stop-cluster",
)
def _runs(settings: Settings, sources: Sources) -> Iterator[Fault]:
    runs, at = settings.cluster.runs, ("cluster", "runs")
    if runs is None:
        return
    if settings.protect:
        rule = (
            "must not be there with 'protect: true': what is protected is not stopped every evening"
        )
        yield sources.fault(at, rule, remedy="remove it, or 'protect'")
    if runs.stop <= runs.start:
        rule = f"must lie after start ({runs.start}), the same day"
        yield sources.fault((*at, "stop"), rule, repr(runs.stop), "choose a later time")
    from tzlocal.windows_tz import tz_win  # only here: most stacks never stop

    if runs.time_zone not in tz_win:
        rule = "must be a zone that Windows has, too: Azure's workflows take its names"
        near = did_you_mean(runs.time_zone, list(tz_win)) or "name the largest city of the zone"
        yield sources.fault((*at, "timeZone"), rule, repr(runs.time_zone), near)
    if len(set(runs.days)) != len(runs.days):
        rule = "must not name a day twice"
        yield sources.fault((*at, "days"), rule, ", ".join(runs.days), "remove one")


RULES: Final[tuple[ClusterRule, ...]] = (
    _version,
    _each_window,
    _not_allowed,
    _runs,
    impossible(
        "channel-version",
        "With channel patch a cluster names a minor alone, with stable or rapid no version at all.",
        "auto-upgrade-cluster",
        "kubernetesVersion takes a minor alone, and is not sent to Azure with stable or rapid",
    ),
    impossible(
        "maintenance-hours",
        "A window stays open for four hours or more.",
        "planned-maintenance",
        "durationHours takes 4 to 24 alone",
    ),
    impossible(
        "identities-need-an-issuer",
        "Workload identity needs the cluster's issuer of tokens.",
        "workload-identity-overview",
        "both are always on: there is no setting for either",
    ),
    impossible(
        "sign-in-by-entra",
        "Local accounts off, or Azure roles in Kubernetes, need sign-in by Entra.",
        "manage-local-accounts-managed-azure-ad",
        "sign-in by Entra is always on: access.admins is required",
    ),
)
