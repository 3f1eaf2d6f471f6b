"""What Azure supports no longer is found in any plan, and what ends soon is told."""

from datetime import date, timedelta

import pytest

from review.analyses.lifecycle import lifecycle_findings
from review.plan import Plan, Resource
from settings.calendar import MINORS, RETIREMENTS, WARNING

BEFORE = date(2020, 1, 1)
AFTER = date(2040, 1, 1)
CLUSTER = "azure-native:containerservice:ManagedCluster"
POOL = "azure-native:containerservice:AgentPool"
RELEASE = "kubernetes:helm.sh/v3:Release"

USES = {
    "kubenet": (CLUSTER, {"networkProfile": {"networkPlugin": "kubenet"}}),
    "npm": (CLUSTER, {"networkProfile": {"networkPolicy": "azure"}}),
    "azure-linux-2": (POOL, {"osSKU": "CBLMariner"}),
    "ubuntu-22.04": (POOL, {"osSKU": "Ubuntu2204"}),
    "windows-2019": (POOL, {"osSKU": "Windows2019"}),
    "windows-2022": (POOL, {"osSKU": "Windows2022"}),
    "basic-load-balancer": (CLUSTER, {"networkProfile": {"loadBalancerSku": "basic"}}),
    "availability-sets": (POOL, {"type": "AvailabilitySet"}),
    "pod-identity": (CLUSTER, {"podIdentityProfile": {"enabled": True}}),
    "custom-ca": (POOL, {"enableCustomCATrust": True}),
    "open-service-mesh": (CLUSTER, {"addonProfiles": {"openServiceMesh": {"enabled": True}}}),
    "app-routing-nginx": (CLUSTER, {"ingressProfile": {"webAppRouting": {"enabled": True}}}),
    "ingress-nginx": (
        RELEASE,
        {"chart": "ingress-nginx", "repositoryOpts": {"repo": "https://charts.example"}},
    ),
}
UNSEEN = {"ubuntu-20.04"}
"""No input says the release of Ubuntu: Azure chooses it by Kubernetes version."""


def found(type_, inputs, today):
    row = Resource(urn="urn", type=type_, name="it", inputs=inputs)
    return list(lifecycle_findings(Plan(project="p", stack="s", resources=(row,)), today))


def test_every_retirement_that_a_plan_can_show_has_a_way_of_being_found():
    assert USES.keys() | UNSEEN == RETIREMENTS.keys()


@pytest.mark.parametrize("key", USES)
def test_a_feature_past_its_end_is_mandatory_and_says_what_to_use(key):
    type_, inputs = USES[key]
    [finding] = found(type_, inputs, RETIREMENTS[key].on + timedelta(days=1))
    assert (finding.rule, finding.severity) == ("retired", "mandatory")
    assert RETIREMENTS[key].instead in finding.message
    assert RETIREMENTS[key].source in finding.message


@pytest.mark.parametrize("key", USES)
def test_a_feature_is_told_ninety_days_ahead_and_not_a_day_sooner(key):
    type_, inputs = USES[key]
    on = RETIREMENTS[key].on
    [finding] = found(type_, inputs, on - WARNING)
    assert finding.severity == "advisory"
    assert "ends in 90 days" in finding.message
    assert [it.severity for it in found(type_, inputs, on)] == ["advisory"]
    assert found(type_, inputs, on - WARNING - timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        (CLUSTER, {"networkProfile": {"networkPlugin": "azure", "networkPolicy": "cilium"}}),
        (CLUSTER, {"networkProfile": {"$unknown": True}}),
        (POOL, {"osSKU": "AzureLinux", "type": "VirtualMachineScaleSets"}),
        (RELEASE, {"chart": "oci://registry.example/charts/nginx-ingress"}),
        (RELEASE, {"chart": {"$unknown": True}}),
    ],
)
def test_what_is_in_support_is_not_found(type_, inputs):
    assert found(type_, inputs, AFTER) == []


def test_the_pools_inside_a_cluster_are_read_too():
    inputs = {"agentPoolProfiles": [{"osSKU": "CBLMariner"}]}
    assert [it.rule for it in found(CLUSTER, inputs, AFTER)] == ["retired"]


@pytest.mark.parametrize("minor", MINORS)
@pytest.mark.parametrize("plan", ["KubernetesOfficial", "AKSLongTermSupport"])
def test_a_version_is_told_ninety_days_before_its_support_ends_and_mandatory_after(minor, plan):
    it = MINORS[minor]
    end = it.long_term_ends if plan == "AKSLongTermSupport" else it.ends
    inputs = {"kubernetesVersion": f"{minor}.3", "supportPlan": plan}

    def ends(today):
        rows = found(CLUSTER, inputs, today)
        return [row.severity for row in rows if row.rule == "kubernetes-version-ends"]

    assert ends(end - WARNING - timedelta(days=1)) == []
    assert ends(end - WARNING) == ["advisory"]
    assert ends(end) == ["advisory"]
    assert ends(end + timedelta(days=1)) == ["mandatory"]


def test_a_version_that_the_table_lacks_or_that_is_only_planned_is_told_as_such():
    [unknown] = found(CLUSTER, {"kubernetesVersion": "1.99"}, BEFORE)
    assert unknown.rule == "kubernetes-version-unknown"
    planned = next(key for key, it in MINORS.items() if not it.confirmed)
    [unconfirmed] = found(CLUSTER, {"kubernetesVersion": planned}, date(2026, 11, 21))
    assert unconfirmed.rule == "kubernetes-version-unconfirmed"


@pytest.mark.parametrize("inputs", [{}, {"kubernetesVersion": {"$unknown": True}}])
def test_a_version_that_azure_chooses_has_no_end_to_tell(inputs):
    assert found(CLUSTER, inputs, AFTER) == []
