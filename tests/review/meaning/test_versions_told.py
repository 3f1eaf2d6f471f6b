"""What is told of versions to the last word: order, paths, what is no news."""

from dataclasses import replace
from datetime import date

import pytest

from review.meaning import data, images, restarts, versions
from review.meaning.versions_side import minor_of
from review.plan import SECRET, UNKNOWN
from tests.review.guard.plans import adding, edited, find, made, obj, plan, without
from tests.review.meaning.telling import facts, findings, messages, one, rules
from tests.review.meaning.telling import told as compared

TODAY = date(2026, 11, 21)
CLUSTER, POOL, CHART = "aks-cluster-managed-cluster", "aks-pool-wg1", "ingress-controller"


def told(head, base=None, today=TODAY):
    return compared(versions, head, base, today=today)


def found(head, base=None):
    return findings(versions, head, base, today=TODAY)


def with_(name, base=None, **fields):
    return edited(base or plan(), name, lambda inputs: inputs.update(fields))


def pool(**fields):
    return edited(plan(), POOL, lambda inputs: inputs.update(fields), ignoreChanges=["count"])


@pytest.mark.parametrize(
    ("version", "minor"),
    [
        ("1.35", 35),
        ("1.35.2", 35),
        ("v1.35", 35),
        ("1", None),
        ("2.35", None),
        ("1.x", None),
        ("", None),
        (None, None),
        (UNKNOWN, None),
        (1.35, None),
    ],
)
def test_the_minor_of_a_version_is_its_second_number(version, minor):
    assert minor_of(version) == minor


def test_a_pool_may_skip_minors_and_says_its_own_field():
    base, head = (pool(orchestratorVersion=f"1.{it}") for it in (33, 35))

    it = one(told(head, base))
    assert it.message == "AgentPool wg1: Kubernetes 1.33 -> 1.35: an upgrade"
    assert it.path == "orchestratorVersion"


def test_a_version_that_a_channel_chose_may_become_the_programs():
    base = with_(CLUSTER, kubernetesVersion=None)

    assert messages(told(plan(), base))[0].endswith("Kubernetes of its channel -> 1.35")


def test_a_version_that_was_not_known_leaves_it_open_too():
    it = one(found(plan(), with_(CLUSTER, kubernetesVersion=UNKNOWN)), rule="version-unknown")

    assert it.message == (
        "its version hangs on kubernetesVersion, which is known after deployment only"
    )


def test_a_word_that_comes_or_goes_is_told_from_or_to_nothing():
    less = edited(plan(), CLUSTER, lambda it: it.pop("supportPlan"))

    assert one(told(less)).message.endswith("support plan KubernetesOfficial -> nothing")
    assert one(told(plan(), less)).message.endswith("support plan nothing -> KubernetesOfficial")


@pytest.mark.parametrize(
    ("mark", "said"), [(SECRET, "[secret]"), (UNKNOWN, "unknown before deployment")]
)
def test_a_word_that_no_plan_tells_is_said_to_be_none(mark, said):
    assert one(told(with_(CLUSTER, supportPlan=mark))).message.endswith(f"-> {said}")


def test_a_skew_that_the_base_has_is_no_news_and_one_of_a_new_pool_is():
    base = pool(orchestratorVersion="1.31")
    assert found(with_(POOL, base, maxCount=9), base) == []
    assert rules(found(base, without(plan(), POOL))) == ["version-skew"]


def test_a_skew_that_comes_of_the_control_plane_is_news():
    base = pool(orchestratorVersion="1.32")

    it = one(found(with_(CLUSTER, base, kubernetesVersion="1.36"), base), rule="version-skew")
    assert it.resource == "AgentPool wg1"
    assert it.remedy == "bring the pool to 1.36, or at most 3 minors behind"


def test_what_ends_is_told_with_the_resource_that_has_it():
    base = with_(CHART, chart="oci://x.example/ingress-nginx")

    it = one(found(base), rule="retired")
    assert it.urn.endswith(f"::{CHART}")
    assert it.why == "what has ended gets no fixes, and Azure helps no more"
    back = [it for it in told(plan(), base) if "no longer so" in it.message]
    assert [it.urn.endswith(f"::{CHART}") for it in back] == [True]


def test_a_new_chart_says_its_version_and_digest():
    row = find(plan(), CHART)
    inputs = {**row.inputs, "chart": f"oci://x/y@sha256:{'a' * 64}", "version": "2.0"}
    other = replace(row, name="other", urn=f"{row.urn}2", inputs={**inputs, "name": "other"})

    it = one(told(adding(plan(), other)))
    assert it.message == (
        "Release nginx-ingress/other is new: chart oci://x/y 2.0@sha256:aaaaaaaaaaaa"
    )
    assert it.sign == "gained"
    assert one(told(plan(), adding(plan(), other))).sign == "lost"


def test_a_chart_of_no_version_and_of_a_repository_is_told_as_that():
    base = edited(plan(), CHART, lambda it: it.pop("version", None))
    head = with_(CHART, base, chart="nginx", repositoryOpts={"repo": "https://charts.example/"})

    fact, it = told(head, base)
    assert fact.message.endswith("-> chart https://charts.example/nginx of no version")
    assert (it.rule, it.path) == ("chart-other", "chart")


def test_a_chart_whose_name_is_not_known_comes_from_nowhere_known():
    it = one(found(with_(CHART, chart=UNKNOWN)), rule="chart-other")

    assert it.message.startswith("its chart comes from nowhere known in place of oci://")


def test_a_chart_whose_version_is_not_known_is_told_without_its_mark():
    base = with_(CHART, version="2.6.4")

    assert one(told(with_(CHART, version=UNKNOWN), base)).new == "unknown before deployment"
    assert one(told(with_(CHART, version=SECRET), base)).new == "[secret]"


def test_images_of_a_chart_that_come_or_go_are_the_charts_own():
    def less(inputs):
        inputs["values"]["controller"]["image"].pop("tag")

    head = edited(plan(), CHART, less)
    assert one(told(head)).message.endswith("image.tag 5.5.4 -> the chart's own")
    assert one(told(plan(), head)).path == "values.controller.image.tag"


def test_images_in_lists_of_values_have_their_number_and_other_keys_are_no_image():
    def change(inputs):
        inputs["values"]["sidecars"] = [{"name": "a"}, {"image": "b:1", "digest": "c"}]
        inputs["values"]["image"] = {"repository": "x"}

    found_ = messages(told(edited(plan(), CHART, change)))
    assert [it.partition(": ")[2] for it in found_] == [
        "values.sidecars[1].digest the chart's own -> c",
        "values.sidecars[1].image the chart's own -> b:1",
    ]


def test_a_chart_of_another_version_with_another_digest_did_not_move():
    both = [
        with_(CHART, chart=f"oci://x/y@sha256:{it * 64}", version=version)
        for it, version in (("a", "1.0.0"), ("b", "1.0.1"))
    ]

    assert found(both[1], both[0]) == []
    assert rules(found(both[0], both[1])) == ["chart-downgrade"]


def test_one_object_of_a_removed_api_is_the_resource_and_the_base_of_an_older_cluster_had_none():
    base = adding(plan(), obj("policy/v1beta1", "PodDisruptionBudget", "old", {"spec": {}}))
    old = with_(CLUSTER, base, kubernetesVersion="1.24")

    it = one(found(base), rule="api-removed")
    assert it.resource == "PodDisruptionBudget course/old"
    assert it.urn.endswith("::old")
    assert found(with_(WEB, base), base) == []
    assert "api-removed" in rules(found(base, old))
    assert "api-removed" not in rules(found(old, base))


WEB = "course-web-deployment"


def test_an_unknown_cluster_version_says_so_of_a_removed_api():
    base = adding(plan(), obj("policy/v1beta1", "PodDisruptionBudget", "old", {"spec": {}}))

    it = one(found(with_(CLUSTER, base, kubernetesVersion=UNKNOWN), plan()), rule="api-removed")
    assert "this is the cluster's version, which this plan does not tell" in it.message


def test_versions_of_azure_come_by_type_and_say_both():
    def asks(*types):
        return adding(
            plan(), *(made(f"azure-native:{it}:Disk", it, {"diskName": "d"}) for it in types)
        )

    assert messages(told(asks("compute/v2", "zoo/v1"))) == [
        "azure-native:compute:Disk goes by version v2 from now on",
        "azure-native:zoo:Disk goes by version v1 from now on",
    ]
    assert messages(told(asks("compute"), asks("compute/v2"))) == [
        "azure-native:compute:Disk no longer asks for version v2"
    ]


def of_stack(name, base):
    rows = (
        replace(it, urn=it.urn.replace("urn:pulumi:prod::", f"urn:pulumi:{name}::"))
        for it in base.resources
    )
    return replace(base, stack=name, resources=tuple(rows))


@pytest.mark.parametrize(
    ("meaning", "more"), [(versions, {"today": TODAY}), (data, {}), (images, {}), (restarts, {})]
)
def test_the_same_resources_of_another_stack_are_the_same(meaning, more):
    base = adding(plan(), obj("policy/v1beta1", "PodDisruptionBudget", "old", {"spec": {}}))

    assert compared(meaning, base, of_stack("other", base), **more) == []
    assert facts(meaning, plan(), of_stack("other", plan()), **more) == []


def test_a_removed_api_that_the_base_has_under_an_unknown_version_is_no_news():
    base = adding(plan(), obj("policy/v1beta1", "PodDisruptionBudget", "old", {"spec": {}}))
    base = with_(CLUSTER, base, kubernetesVersion=UNKNOWN)

    assert found(with_(WEB, base), base) == []


def test_the_system_of_nodes_and_channels_have_pages_of_their_own():
    system = one(told(pool(osSKU="Ubuntu")))
    channel = one(told(with_(CLUSTER, supportPlan="AKSLongTermSupport")))

    assert system.source == versions.OS
    assert channel.source == versions.UPGRADE


def test_types_of_azure_that_change_or_go_come_by_name():
    def asks(version):
        types = (f"azure-native:{it}/{version}:Disk" for it in ("zoo", "compute", "network"))
        return adding(plan(), *(made(it, it, {"diskName": it}) for it in types))

    changed, gone = told(asks("v2"), asks("v1")), told(plan(), asks("v1"))
    for found_ in (changed, gone):
        titles = [it.resource for it in found_]
        assert titles == sorted(titles)
        assert len(titles) == 3


def test_two_pools_of_a_retired_system_are_two_findings():
    second = next(
        it.name for it in plan().resources if it.type.endswith(":AgentPool") and it.name != POOL
    )
    head = with_(second, pool(osSKU="CBLMariner"), osSKU="CBLMariner")

    assert len({it.resource for it in found(head) if it.rule == "retired"}) == 2
    assert len([it for it in found(head, pool(osSKU="CBLMariner")) if it.rule == "retired"]) == 1


@pytest.mark.parametrize("pools", [True, 7, "x", ["x"], {"x": "y"}])
def test_pools_that_are_no_list_of_pools_are_none(pools):
    assert told(with_(CLUSTER, agentPoolProfiles=pools)) == []
