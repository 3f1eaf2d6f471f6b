from datetime import date

import pytest

from review.kubernetes_schemas import _definitions, _kinds
from review.meaning import versions
from review.meaning.removed_apis import REMOVED
from review.plan import SECRET, UNKNOWN
from settings.calendar import MINORS
from tests.review.guard.plans import adding, edited, made, obj, plan, without
from tests.review.meaning.telling import facts, findings, messages, one, reloaded, rules, shuffled
from tests.review.meaning.telling import told as compared

TODAY = date(2026, 11, 21)
CLUSTER, POOL, CHART = "aks-cluster-managed-cluster", "aks-pool-wg1", "ingress-controller"


def told(head, base=None, today=TODAY):
    return compared(versions, head, base, today=today)


def found(head, base=None, today=TODAY):
    return findings(versions, head, base, today=today)


def cluster(version="1.35", base=None, **fields):
    def change(inputs):
        inputs["kubernetesVersion"] = version
        inputs.update(fields)

    return edited(base or plan(), CLUSTER, change)


def pool(base=None, **fields):
    return edited(
        base or plan(), POOL, lambda inputs: inputs.update(fields), ignoreChanges=["count"]
    )


def chart(base=None, **fields):
    return edited(base or plan(), CHART, lambda inputs: inputs.update(fields))


def test_an_upgrade_by_a_minor_is_a_fact():
    [fact, *_] = told(cluster("1.36"))

    assert fact.message == "ManagedCluster aks-course-prod: Kubernetes 1.35 -> 1.36: an upgrade"
    assert (fact.old, fact.new, fact.path) == ("1.35", "1.36", "kubernetesVersion")
    assert found(cluster("1.36")) == []


def test_another_patch_is_told_as_that():
    assert one(facts(versions, cluster("1.35.6"), today=TODAY)).message.endswith(
        "1.35 -> 1.35.6: another patch"
    )


def test_an_upgrade_that_skips_a_minor_is_mandatory():
    it = one(found(cluster("1.36"), cluster("1.34")), rule="version-skips")

    assert it.severity == "mandatory"
    assert it.remedy.startswith("go to 1.35 first")


def test_a_step_back_is_a_fact_beside_the_finding_of_the_guard():
    assert messages(facts(versions, plan(), cluster("1.36"), today=TODAY))[0].endswith(
        "1.36 -> 1.35: a step back"
    )


def test_a_version_that_a_channel_chooses_is_said_to():
    assert messages(told(cluster(None)))[0].endswith("Kubernetes 1.35 -> of its channel")


@pytest.mark.parametrize("mark", [UNKNOWN, SECRET])
def test_a_version_that_is_not_known_leaves_the_verdict_open(mark):
    it = one(found(cluster(mark)), rule="version-unknown")

    assert (it.verdict, it.path) == ("unknown", "kubernetesVersion")


def test_channels_and_support_plans_are_told():
    channel = {"upgradeChannel": "rapid", "nodeOSUpgradeChannel": "SecurityPatch"}
    head = cluster(
        autoUpgradeProfile=channel,
        supportPlan="AKSLongTermSupport",
        sku={"name": "Base", "tier": "Premium"},
    )

    assert sorted(it.rpartition(": ")[2] for it in messages(facts(versions, head, today=TODAY)))[
        :4
    ] == [
        "node OS upgrade channel NodeImage -> SecurityPatch",
        "support plan KubernetesOfficial -> AKSLongTermSupport",
        "tier Standard -> Premium",
        "upgrade channel patch -> rapid",
    ]


def test_another_system_of_nodes_is_a_fact():
    assert one(told(pool(osSKU="Ubuntu"))).message == "AgentPool wg1: osSKU AzureLinux -> Ubuntu"


def test_a_system_that_is_retired_is_a_finding_with_its_date():
    it = one(found(pool(osSKU="CBLMariner")))

    assert (it.rule, it.severity, it.area) == ("retired", "mandatory", "versions")
    assert "2026-03-31" in it.message
    assert it.urn.endswith(f"::{POOL}")


def test_what_the_base_has_too_is_no_news():
    base = pool(osSKU="CBLMariner")

    assert found(pool(base, maxCount=9), base) == []


def test_what_is_no_longer_retired_is_a_fact():
    words = messages(told(plan(), pool(osSKU="CBLMariner")))

    assert any("no longer so: osSKU CBLMariner" in it for it in words)


def test_an_upgrade_to_a_version_whose_support_ended_is_mandatory_by_the_day():
    ends = MINORS["1.34"].ends

    assert rules(found(cluster("1.34"), cluster("1.33"), date(2026, 8, 1))) == []
    assert one(found(cluster("1.34"), cluster("1.35"), ends)).severity == "advisory"
    late = one(
        found(cluster("1.34"), cluster("1.35"), date(2026, 12, 1)), rule="kubernetes-version-ends"
    )
    assert late.severity == "mandatory"


def test_a_version_that_the_calendar_does_not_have_is_said():
    assert "kubernetes-version-unknown" in rules(found(cluster("1.38"), cluster("1.37")))


def test_a_pool_too_far_behind_or_ahead_of_the_control_plane_is_mandatory():
    base = pool(orchestratorVersion="1.35")

    behind = one(found(cluster("1.39", base), base), rule="version-skew")
    assert "1.35 of its nodes is more than 3 minors behind 1.39" in behind.message
    ahead = one(found(pool(orchestratorVersion="1.36"), base), rule="version-skew")
    assert (ahead.severity, "is ahead of" in ahead.message) == ("mandatory", True)
    assert (
        one(facts(versions, pool(orchestratorVersion="1.34"), base, today=TODAY)).sign == "changed"
    )


def test_a_pool_of_the_version_of_the_control_plane_or_three_behind_is_fine():
    assert found(pool(orchestratorVersion="1.35"), pool(orchestratorVersion="1.34")) == []
    assert found(pool(orchestratorVersion="1.32"), pool(orchestratorVersion="1.33")) == []
    assert rules(found(pool(orchestratorVersion="1.31"), pool(orchestratorVersion="1.32"))) == [
        "version-skew"
    ]


def test_a_version_of_a_pool_that_the_program_ignores_says_nothing():
    def newer(inputs):
        inputs["orchestratorVersion"] = "1.36"

    assert told(edited(plan(), POOL, newer)) == []


def test_another_version_of_a_chart_is_a_fact():
    base = chart(version="2.6.4")

    [fact] = told(chart(version="2.6.5"), base)
    assert fact.message == (
        "Release nginx-ingress/nginx-ingress: chart oci://ghcr.io/nginx/charts/nginx-ingress 2.6.4 -> "
        "chart oci://ghcr.io/nginx/charts/nginx-ingress 2.6.5"
    )


def test_an_earlier_version_of_a_chart_is_a_finding():
    assert rules(found(chart(version="2.6.4"), chart(version="2.6.5"))) == ["chart-downgrade"]


def with_digest(digest):
    return chart(
        chart=f"oci://ghcr.io/nginx/charts/nginx-ingress@sha256:{digest * 64}", version="2.6.4"
    )


def test_a_chart_that_loses_its_digest_or_moves_is_a_finding():
    assert rules(found(chart(version="2.6.4"), with_digest("a"))) == ["chart-digest-lost"]
    it = one(found(with_digest("b"), with_digest("a")))
    assert (it.rule, "sha256:aaaaaaaaaaaa -> sha256:bbbbbbbbbbbb" in it.message) == (
        "chart-moved",
        True,
    )


def test_a_chart_from_elsewhere_is_a_finding():
    it = one(found(chart(chart="oci://mirror.example/charts/nginx-ingress")))

    assert it.rule == "chart-other"
    assert "oci://mirror.example/charts/nginx-ingress in place of oci://ghcr.io" in it.message


def test_an_image_in_the_values_of_a_chart_is_a_fact():
    def newer(inputs):
        inputs["values"]["controller"]["image"]["tag"] = "5.6.0"

    assert one(told(edited(plan(), CHART, newer))).message == (
        "Release nginx-ingress/nginx-ingress: values.controller.image.tag 5.5.4 -> 5.6.0"
    )


def test_charts_that_come_and_go_are_told():
    gone = without(plan(), CHART)

    assert "is gone: chart oci://ghcr.io/nginx/charts/nginx-ingress" in one(told(gone)).message
    assert (
        "is new: chart oci://ghcr.io/nginx/charts/nginx-ingress" in one(told(plan(), gone)).message
    )


def test_the_chart_that_nobody_maintains_is_a_finding():
    assert "retired" in rules(found(chart(chart="oci://x.example/ingress-nginx")))


def old_api(api="policy/v1beta1", kind="PodDisruptionBudget", base=None):
    return adding(base or plan(), obj(api, kind, "old", {"spec": {}}))


def test_an_object_of_an_api_that_is_gone_is_mandatory():
    it = one(found(old_api()))

    assert (it.rule, it.severity) == ("api-removed", "mandatory")
    assert it.message == (
        "policy/v1beta1 PodDisruptionBudget is served no longer from Kubernetes 1.25 on, and this is 1.35: "
        "PodDisruptionBudget course/old"
    )
    assert it.remedy == "write apiVersion policy/v1"


def test_an_upgrade_that_takes_an_api_away_names_what_uses_it():
    base = old_api("storage.k8s.io/v1beta1", "VolumeAttributesClass", cluster("1.36"))

    it = one(found(cluster("1.37", base), base), rule="api-removed")
    assert "from Kubernetes 1.37 on" in it.message
    assert found(base, base) == []


def test_without_a_cluster_in_the_plan_the_verdict_is_open():
    base = without(plan(), CLUSTER)

    it = one(found(old_api(base=base), base))
    assert (it.rule, it.verdict, it.severity) == ("api-removed", "unknown", "advisory")


def test_many_objects_of_one_api_are_one_finding():
    head = plan()
    for number in range(5):
        head = adding(head, obj("batch/v1beta1", "CronJob", f"old-{number}", {"spec": {}}))

    it = one(found(head))
    assert it.resource == "5 objects of batch/v1beta1 CronJob"
    assert it.message.endswith("and 2 more")


def test_an_api_version_of_azure_that_the_program_asks_for_is_told():
    def asks(version):
        return adding(
            plan(), made(f"azure-native:compute/{version}:Disk", "disk", {"diskName": "d"})
        )

    assert one(told(asks("v20240302"), asks("v20230402"))).message.startswith(
        "azure-native:compute:Disk: version v20230402 -> v20240302"
    )
    assert "goes by version v20240302" in one(told(asks("v20240302"))).message
    assert "no longer asks for" in one(told(plan(), asks("v20240302"))).message


def test_another_version_of_a_provider_is_told():
    def provider(version):
        return adding(plan(), made("pulumi:providers:azure-native", "azure", {"version": version}))

    assert "version 3.28.0 -> 3.29.0" in one(told(provider("3.29.0"), provider("3.28.0"))).message


@pytest.mark.parametrize(
    ("mark", "said"), [(SECRET, "[secret]"), (UNKNOWN, "unknown before deployment")]
)
def test_an_image_of_a_chart_that_no_plan_tells_is_not_taken_for_the_charts_own(mark, said):
    def change(inputs):
        inputs["values"]["controller"]["image"]["tag"] = mark

    head = edited(plan(), CHART, change)
    assert one(told(head)).message.endswith(f"values.controller.image.tag 5.5.4 -> {said}")
    assert told(head, head) == []


def test_equal_plans_say_nothing_and_shuffled_ones_the_same():
    head = pool(old_api(base=cluster("1.36")), osSKU="CBLMariner")

    assert told(reloaded(plan()), shuffled(plan())) == []
    assert told(shuffled(head), shuffled(plan(), 2)) == told(head)


@pytest.mark.parametrize("value", [UNKNOWN, SECRET, None, [], "x", 3])
def test_what_stands_where_a_map_should_be_is_no_traceback(value):
    for name, key in (
        (CLUSTER, "autoUpgradeProfile"),
        (CLUSTER, "networkProfile"),
        (CHART, "values"),
        (CHART, "chart"),
    ):

        def change(inputs, key=key):
            inputs[key] = value

        told(edited(plan(), name, change))
        told(plan(), edited(plan(), name, change))


@pytest.mark.parametrize("minor", range(26, 38))
def test_the_table_of_removed_apis_is_that_of_the_published_schemas(minor):
    def served(at):
        kinds = _kinds(_definitions(f"1.{at}"))
        return {
            (group, kind)
            for group, those in kinds.items()
            for kind in those
            if not kind.endswith("List")
        }

    assert {at for at, gone in REMOVED.items() if gone == minor} == served(minor - 1) - served(
        minor
    )
