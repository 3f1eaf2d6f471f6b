"""The report of one stack: short by default, whole on request, coloured only when asked."""

import re
from dataclasses import replace
from decimal import Decimal

from review.analyses.capacity import Capacity, PoolFit, QuotaUse
from review.findings import Finding
from review.plan import Plan, Resource
from review.renderers.preview import plain, preview, summary
from settings.demand import Demand

GIB = Decimal(2**30)


def row(type_, name, parent="stack", **rest):
    return Resource(urn=name, type=type_, name=name, parent=parent, **rest)


def workload_plan():
    pod = {
        "containers": [
            {"name": "api", "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}}}
        ]
    }
    deployment = {
        "kind": "Deployment",
        "metadata": {"name": "api", "namespace": "shop"},
        "spec": {"replicas": 2, "template": {"spec": pod}},
    }
    return Plan(
        project="aks-platform",
        stack="dev",
        resources=(
            row("pulumi:pulumi:Stack", "stack", parent=""),
            row("aks-platform:azure:AksCluster", "aks"),
            row(
                "azure-native:resources:ResourceGroup",
                "aks-group",
                "aks",
                options={"protect": True},
            ),
            row("aks-platform:azure:Network", "aks-network", "aks"),
            row("azure-native:network:VirtualNetwork", "aks-network-vnet", "aks-network"),
            row("pulumi:providers:kubernetes", "cluster"),
            row("aks-platform:kubernetes:Workload", "shop-api"),
            row(
                "kubernetes:apps/v1:Deployment",
                "shop-api-deployment",
                "shop-api",
                inputs=deployment,
            ),
            row(
                "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                "shop-api-in",
                "shop-api",
                inputs={"kind": "NetworkPolicy"},
            ),
            row(
                "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                "shop-api-out",
                "shop-api",
                inputs={"kind": "NetworkPolicy"},
            ),
        ),
    )


FIT = Capacity(
    pools=(
        PoolFit(
            "wg1", "min", 2, Decimal(8), 16 * GIB, Demand(9, Decimal(9), GIB, Decimal(10), GIB)
        ),
        PoolFit(
            "wg1",
            "max",
            5,
            Decimal(20),
            40 * GIB,
            Demand(9, Decimal(18), GIB, Decimal(30), 50 * GIB),
        ),
    ),
    quotas=(QuotaUse("shop", "requests.cpu", Decimal(1), Decimal("3.5"), Decimal(3)),),
)
FINDING = Finding(
    rule="pool-system", severity="mandatory", resource="Deployment shop/api", message="move it"
)


def marked(text, style):
    return f"<{style}>{text}</{style}>"


def test_the_first_line_counts_what_the_stack_registers_without_the_stack_itself():
    assert summary(workload_plan()) == {
        "azure": 2,
        "kubernetes": 3,
        "components": 3,
        "providers": 1,
    }
    first = preview(workload_plan(), FIT, []).splitlines()[0]
    assert (
        first == "dev: 9 resources (2 azure, 3 kubernetes, 3 components, 1 provider); 1 protected"
    )


def test_components_are_grouped_and_a_workload_tells_how_many_pods_of_what_size():
    text = preview(workload_plan(), FIT, [])
    assert text.splitlines()[1:7] == [
        "  ├─ AksCluster aks",
        "  │  ├─ Network aks-network  VirtualNetwork",
        "  │  └─ ResourceGroup aks-group",
        "  ├─ Workload shop-api  2 x 0.25/256Mi  Deployment, 2 NetworkPolicy",
        "  └─ Provider cluster",
        "",
    ]


def test_every_resource_is_named_on_request():
    text = preview(workload_plan(), FIT, [], every=True)
    assert all(it.name in text for it in workload_plan().resources if it.name != "stack")


def test_shares_of_pools_and_quotas_are_percentages_rounded_up():
    text = preview(workload_plan(), FIT, [])
    assert "9 of 8 113%" in text
    assert "18 of 20  90%" in text
    assert re.search(r"shop +requests.cpu +1 +3.5 +3 +117%", text)
    assert "50Gi of 40Gi 125%" in text


def test_colour_marks_what_does_not_fit_and_warns_of_what_nearly_does_not():
    text = preview(workload_plan(), FIT, [FINDING], marked)
    found = re.findall(r"<(warning|bad)> *(.*?)[ █░]*</", text)
    assert ("warning", "9 of 8 113%") in found, "more nodes come when the smallest pool is full"
    assert ("warning", "18 of 20  90%") in found
    assert ("warning", "30 of 20 150%") in found, "limits may outgrow a pool: told, not refused"
    assert ("bad", "117%") in found
    assert "<bad>mandatory</bad>: Deployment shop/api: move it [pool-system]" in text


def test_without_colour_there_is_no_mark_and_without_findings_it_says_so():
    text = preview(workload_plan(), FIT, [])
    assert "<" not in text
    assert "\x1b" not in text
    assert text.endswith("no findings\n")


def lines(fit, paint=plain):
    return preview(workload_plan(), fit, [], paint).splitlines()


def test_a_bar_shows_how_full_each_is_and_only_what_is_full_has_a_whole_one():
    text = "\n".join(lines(FIT))
    assert re.search(r"CPU requests +9 of 8 113% #{8} +18 of 20  90% #{7}\.\n", text)
    assert re.search(r"memory requests +1Gi of 16Gi   7% #\.{7} ", text)
    assert "requests.cpu        1   3.5     3  117% ########" in text


def test_a_bar_has_blocks_where_colour_is_and_plain_characters_elsewhere():
    assert "█" in "".join(lines(FIT, marked))
    assert not set("".join(lines(FIT))) & set("█░")


def test_the_estimate_of_nodes_says_more_where_none_would_do():
    some = replace(FIT.pools[1], needed=3, most_pods=550)
    none = replace(some, needed=None)
    [nodes] = [it for it in lines(Capacity((some,), ())) if "nodes, estimated" in it]
    assert "3 of 5  60% #####..." in nodes
    assert any("> 5 of 5 120%" in it for it in lines(Capacity((none,), ())))
    assert any("9 of 550" in it for it in lines(Capacity((some,), ())))


def test_a_quota_of_one_priority_has_rows_of_its_own_and_counts_with_room_have_none():
    quotas = (
        QuotaUse("shop", "pods", Decimal(1), Decimal(2), Decimal(9)),
        QuotaUse("shop", "count/configmaps", Decimal(1), Decimal(2), Decimal(2)),
        QuotaUse("shop", "requests.storage", GIB, GIB, 4 * GIB),
        QuotaUse("shop", "pods", Decimal(1), Decimal(1), Decimal(2), "quota-urgent"),
    )
    found = [it.split()[:3] for it in lines(Capacity((), quotas)) if "%" in it]
    assert found == [
        ["shop", "pods", "1"],
        ["requests.storage", "1Gi", "1Gi"],
        ["shop/quota-urgent", "pods", "1"],
    ]


def test_no_line_of_a_table_is_wider_than_a_hundred_columns():
    wide = [
        PoolFit(
            "w" * 12, size, 1000, Decimal(7820), 30418 * GIB,
            Demand(99_999, Decimal("7819.99"), 30417 * GIB, Decimal("78190.99"), 99_999 * GIB), 250_000, 999,
        )
        for size in ("min", "max")
    ]  # fmt: skip
    names = [QuotaUse("n" * 30, "persistentvolumeclaims", Decimal(1), Decimal(9), Decimal(8))]
    assert max(len(it) for it in lines(Capacity(tuple(wide), tuple(names)))) <= 100
