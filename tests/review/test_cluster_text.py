"""The cluster on one screen: every line says what the plan holds, and nothing is made up."""

import pytest

from review.plan import UNKNOWN, Plan, Resource
from review.renderers.cluster import WIDTH, cluster_lines
from tests.program import planned

ONE_SCREEN = 40
"""Lines of a terminal that is not large."""


def row(kind, name="it", **inputs):
    type_ = f"azure-native:containerservice:{kind}"
    return Resource(urn=f"urn::{kind}::{name}", type=type_, name=name, inputs=inputs)


def text(*rows):
    plan = Plan(project="p", stack="s", resources=rows)
    return "\n".join(cluster_lines(plan, lambda it, _: it))


def line(title, *rows):
    """The text behind a title, in one line."""
    found, inside = [], False
    for it in text(*rows).splitlines():
        if it[2:3].strip():
            inside = it.strip().startswith(title)
        if inside:
            found.append(it.strip().removeprefix(title).strip())
    return " ".join(found)


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_cluster_of_a_shipped_stack_fits_on_one_screen(stack):
    found = cluster_lines(planned(stack), lambda it, _: it)
    assert 10 < len(found) <= ONE_SCREEN
    assert max(map(len, found)) <= WIDTH


def test_a_stack_without_a_cluster_has_no_such_part():
    assert cluster_lines(planned("local"), lambda it, _: it) == []


@pytest.mark.parametrize(
    ("profile", "says"),
    [
        ({}, "public, for everybody; run command on"),
        ({"authorizedIPRanges": ["203.0.113.0/24"], "disableRunCommand": True},
         "public, for 203.0.113.0/24; run command off"),
        ({"authorizedIPRanges": ["203.0.113.0/24", UNKNOWN]}, "203.0.113.0/24 and the nodes' own way out"),
        ({"enablePrivateCluster": True, "privateDNSZone": "system"}, "private, name in zone system"),
        ({"enableVnetIntegration": True}, "inside the virtual network"),
    ],
)  # fmt: skip
def test_who_reaches_the_api_server_is_said(profile, says):
    assert says in line("API server", row("ManagedCluster", apiServerAccessProfile=profile))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "certificates, Azure roles off, local accounts on, workload identity off"),
        ({"aadProfile": {"managed": True, "enableAzureRBAC": True, "adminGroupObjectIDs": ["a", "b"]},
          "disableLocalAccounts": True, "securityProfile": {"workloadIdentity": {"enabled": True}}},
         "Entra, 2 groups of administrators, Azure roles on, local accounts off, workload identity on"),
    ],
)  # fmt: skip
def test_how_people_and_pods_sign_in_is_said(given, says):
    assert line("sign-in", row("ManagedCluster", **given)) == says


def test_a_pool_is_its_nodes_machines_zones_and_disks():
    pool = row(
        "AgentPool", agentPoolName="wg1", mode="User", enableAutoScaling=True, minCount=2, maxCount=5, count=2,
        vmSize="Standard_D4ds_v5", osSKU="AzureLinux", osDiskType="Ephemeral", osDiskSizeGB=128, maxPods=110,
        availabilityZones=["1", "2"], scaleSetPriority="Spot",
    )  # fmt: skip
    says = line("pool wg1", row("ManagedCluster"), pool)
    assert says == (
        "User, 2..5 x Standard_D4ds_v5, zones 1, 2, AzureLinux on Ephemeral 128 GiB, 110 pods a node, spot"
    )


@pytest.mark.parametrize(
    ("schedule", "says"),
    [
        ({"daily": {"intervalDays": 1}}, "every day 01:00 for 4 h UTC"),
        ({"weekly": {"dayOfWeek": "Sunday", "intervalWeeks": 1}}, "Sunday 01:00 for 4 h UTC"),
        ({"weekly": {"dayOfWeek": "Sunday", "intervalWeeks": 2}}, "Sunday, every 2 weeks, 01:00"),
        ({"absoluteMonthly": {"dayOfMonth": 15, "intervalMonths": 1}}, "day 15 of every month 01:00"),
        ({"relativeMonthly": {"weekIndex": "Last", "dayOfWeek": "Friday", "intervalMonths": 3}},
         "Last Friday of every 3 months 01:00"),
    ],
)  # fmt: skip
def test_a_window_reads_as_people_say_it(schedule, says):
    window = {"schedule": schedule, "startTime": "01:00", "durationHours": 4, "utcOffset": "+00:00"}
    made = row("MaintenanceConfiguration", configName="default", maintenanceWindow=window)
    assert f"AKS' own releases {says}" in line("upgrades", row("ManagedCluster"), made)


def test_the_window_of_the_releases_is_told_in_hours_of_utc():
    made = row(
        "MaintenanceConfiguration",
        configName="default",
        timeInWeek=[{"day": "Sunday", "hourSlots": [1, 2, 3, 4]}],
    )
    assert "Sunday 01:00 for 4 h UTC" in line("upgrades", row("ManagedCluster"), made)


def test_what_is_not_known_or_hidden_is_no_value_and_breaks_nothing():
    given = dict.fromkeys(
        ("kubernetesVersion", "location", "networkProfile", "aadProfile"), UNKNOWN
    )
    says = text(row("ManagedCluster", **given))
    assert "Kubernetes not yet known" in says
    assert "$unknown" not in says
