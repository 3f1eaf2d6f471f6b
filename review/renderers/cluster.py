"""The managed cluster of a plan on one screen: what a reviewer asks of it first, a line each."""

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from review.plan import SECRET, UNKNOWN, Plan, Resource

Paint = Callable[[str, str], str]

WIDTH: Final = 100
"""Characters of a line, as of the tables beside it."""

_WINDOWS: Final[Mapping[str, str]] = {
    "default": "AKS' own releases",
    "aksManagedAutoUpgradeSchedule": "Kubernetes",
    "aksManagedNodeOSUpgradeSchedule": "nodes",
}

NOT_YET: Final = "not yet known"


def cluster_lines(plan: Plan, paint: Paint) -> list[str]:
    """One block for each managed cluster, with an empty line behind it; none where the plan makes none."""
    lines: list[str] = []
    for cluster in _of(plan, "ManagedCluster"):
        rows = [row for row in _rows(plan, cluster) if row[1]]
        width = max(len(title) for title, _ in rows)
        for index, (title, text) in enumerate(rows):
            first, *more = textwrap.wrap(text, WIDTH - width - 4, break_on_hyphens=False)
            head = paint(f"{title:<{width}}", "" if index else "heading")
            lines.append(f"  {head}  {first}")
            lines += [f"  {'':<{width}}  {it}" for it in more]
        lines.append("")
    return lines


def _rows(plan: Plan, cluster: Resource) -> Iterator[tuple[str, str]]:
    given = cluster.inputs
    name = _text(given.get("resourceName")) or cluster.name
    yield f"cluster {name}", _identity(given)
    yield "API server", _api_server(_section(given, "apiServerAccessProfile"))
    yield "sign-in", _sign_in(given)
    yield "network", _network(plan, _section(given, "networkProfile"))
    for pool in _bootstrap(given):
        yield f"pool {_text(pool.get('name'))}", f"{_pool(pool)}, in the cluster resource"
    for row in _of(plan, "AgentPool"):
        yield f"pool {_text(row.inputs.get('agentPoolName'))}", _pool(row.inputs)
    yield "upgrades", _upgrades(plan, given)
    yield "add-ons", _add_ons(given)
    yield "watched by", _watched(plan, given)


def _identity(given: Mapping[str, Any]) -> str:
    tier = _text(_section(given, "sku").get("tier"))
    version = _text(given.get("kubernetesVersion")) or "of the upgrade channel's choice"
    where = _text(given.get("location"))
    support = ", long-term support" if given.get("supportPlan") == "AKSLongTermSupport" else ""
    return f"Kubernetes {version}, tier {tier}{support}, {where}"


def _api_server(given: Mapping[str, Any]) -> str:
    if given.get("enablePrivateCluster"):
        zone = _text(given.get("privateDNSZone"))
        text = f"private, name in zone {zone}"
    else:
        ranges = [_text(it) for it in given.get("authorizedIPRanges") or []]
        known = [it for it in ranges if it != NOT_YET]
        own = " and the nodes' own way out" if len(known) < len(ranges) else ""
        text = f"public, for {', '.join(known)}{own}" if known else "public, for everybody"
    inside = ", inside the virtual network" if given.get("enableVnetIntegration") else ""
    return f"{text}{inside}; run command {'off' if given.get('disableRunCommand') else 'on'}"


def _sign_in(given: Mapping[str, Any]) -> str:
    entra = _section(given, "aadProfile")
    admins = len(entra.get("adminGroupObjectIDs") or [])
    parts = [
        f"Entra, {admins} group{'' if admins == 1 else 's'} of administrators"
        if entra.get("managed")
        else "certificates",
        f"Azure roles {'on' if entra.get('enableAzureRBAC') else 'off'}",
        f"local accounts {'off' if given.get('disableLocalAccounts') else 'on'}",
    ]
    identities = _section(_section(given, "securityProfile"), "workloadIdentity")
    parts.append(f"workload identity {'on' if identities.get('enabled') else 'off'}")
    return ", ".join(parts)


def _network(plan: Plan, given: Mapping[str, Any]) -> str:
    subnets = [
        f"{_text(it.inputs.get('subnetName'))} {_text(it.inputs.get('addressPrefix'))}"
        for it in _of(plan, "Subnet")
    ]
    parts = [
        f"{_text(given.get('networkPlugin'))} {_text(given.get('networkPluginMode'))}".strip(),
        f"policies by {_text(given.get('networkPolicy'))}",
        ", ".join(subnets),
        f"pods {_text(given.get('podCidr'))}",
        f"services {_text(given.get('serviceCidr'))}",
        f"out by {_text(given.get('outboundType'))}",
    ]
    return "; ".join(it for it in parts if it)


def _bootstrap(given: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [it for it in given.get("agentPoolProfiles") or [] if isinstance(it, Mapping)]


def _pool(given: Mapping[str, Any]) -> str:
    low, high = given.get("minCount"), given.get("maxCount")
    count = f"{low}..{high}" if given.get("enableAutoScaling") else f"{given.get('count')}"
    zones = given.get("availabilityZones")
    parts = [
        f"{_text(given.get('mode'))}, {count} x {_text(given.get('vmSize'))}",
        f"zones {', '.join(map(_text, zones))}" if zones else "no zones",
        f"{_text(given.get('osSKU'))} on {_text(given.get('osDiskType'))} {given.get('osDiskSizeGB')} GiB",
        f"{given.get('maxPods')} pods a node",
    ]
    if given.get("scaleSetPriority") == "Spot":
        parts.append("spot")
    return ", ".join(parts)


def _upgrades(plan: Plan, given: Mapping[str, Any]) -> str:
    channels = _section(given, "autoUpgradeProfile")
    parts = [
        f"channel {_text(channels.get('upgradeChannel')) or 'none'}",
        f"nodes {_text(channels.get('nodeOSUpgradeChannel')) or 'none'}",
    ]
    parts += [
        f"{_WINDOWS.get(name := _text(it.inputs.get('configName')), name)} {_window(it.inputs)}"
        for it in _of(plan, "MaintenanceConfiguration")
    ]
    return "; ".join(parts)


def _window(given: Mapping[str, Any]) -> str:
    weekly = [
        f"{_text(it.get('day'))} {it['hourSlots'][0]:02}:00 for {len(it['hourSlots'])} h"
        for it in given.get("timeInWeek") or []
        if it.get("hourSlots")
    ]
    window = _section(given, "maintenanceWindow")
    if not window:
        return " and ".join(weekly) + (" UTC" if weekly else "")
    start, offset = _text(window.get("startTime")), _text(window.get("utcOffset"))
    when = _recurrence(_section(window, "schedule"))
    return f"{when} {start} for {window.get('durationHours')} h UTC{offset.replace('+00:00', '')}"


def _recurrence(schedule: Mapping[str, Any]) -> str:
    daily, weekly = _section(schedule, "daily"), _section(schedule, "weekly")
    monthly, by_week = _section(schedule, "absoluteMonthly"), _section(schedule, "relativeMonthly")
    if daily:
        return _every("day", daily.get("intervalDays"))
    if weekly:
        return f"{_text(weekly.get('dayOfWeek'))}{_unless_one('week', weekly.get('intervalWeeks'))}"
    day = (
        f"day {_text(monthly.get('dayOfMonth'))}"
        if monthly
        else f"{_text(by_week.get('weekIndex'))} {_text(by_week.get('dayOfWeek'))}"
    )
    return f"{day} of {_every('month', (monthly or by_week).get('intervalMonths'))}"


def _every(unit: str, count: Any) -> str:
    return f"every {unit}" if count == 1 else f"every {count} {unit}s"


def _unless_one(unit: str, count: Any) -> str:
    return "" if count == 1 else f", {_every(unit, count)},"


def _add_ons(given: Mapping[str, Any]) -> str:
    profiles = _section(given, "addonProfiles")
    return ", ".join(sorted(key for key in profiles if _section(profiles, key).get("enabled")))


def _watched(plan: Plan, given: Mapping[str, Any]) -> str:
    metrics = _section(_section(given, "azureMonitorProfile"), "metrics").get("enabled")
    logs = [
        _text(log.get("category"))
        for it in _of(plan, "DiagnosticSetting")
        for log in it.inputs.get("logs") or []
        if log.get("enabled")
    ]
    alerts = sum(
        1
        for it in _of(plan, "PrometheusRuleGroup")
        for rule in it.inputs.get("rules") or []
        if isinstance(rule, Mapping) and rule.get("alert")
    )
    parts = ["managed Prometheus"] if metrics else []
    parts += [f"{alerts} alerts"] if alerts else []
    parts += [f"logs of {', '.join(logs)}"] if logs else []
    return "; ".join(parts)


def _of(plan: Plan, kind: str) -> Sequence[Resource]:
    return [
        it
        for it in plan.resources
        if it.type.startswith("azure-native:") and it.type.rpartition(":")[2] == kind
    ]


def _section(given: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = given.get(key)
    return found if isinstance(found, Mapping) and found not in (UNKNOWN, SECRET) else {}


def _text(value: Any) -> str:
    if value in (UNKNOWN, SECRET):
        return NOT_YET
    return "" if value is None else str(value)
