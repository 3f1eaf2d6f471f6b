"""The guard on pairs of plans: what it finds, and what it leaves alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.guard.changes import guard, rows_of
from review.guard.values import places
from review.plan import SECRET, UNKNOWN
from tests.review.guard.plans import adding, edited, find, made, obj, plan, put

CLUSTER = "aks-cluster-managed-cluster"
POOL = "aks-pool-wg1"
REDIS = "course-redis-statefulset"
PROVIDER = "cluster"


def only(base, head):
    [found] = guard(base, head)
    return found


@pytest.mark.parametrize("stack", ["dev", "prod", "local"])
def test_a_plan_against_itself_is_nothing(stack):
    assert guard(plan(stack), plan(stack)) == []


def test_new_resources_are_nothing():
    new = obj("v1", "ConfigMap", "new", {"data": {"a": "b"}})

    assert guard(plan(), adding(plan(), new)) == []


def test_a_protected_cluster_is_said_to_be_held_by_pulumi():
    head = edited(plan(), CLUSTER, lambda it: it.update(dnsPrefix="other"))

    found = only(plan(), head)

    assert (found.stopped, found.order, found.severity) == (True, "deleteFirst", "mandatory")


def test_a_cluster_that_loses_its_protection_in_the_same_change_is_not():
    head = edited(plan(), CLUSTER, lambda it: it.update(dnsPrefix="other"), protect=None)

    replaced, unprotected = guard(plan(), head)

    assert (replaced.happens, replaced.stopped) == ("replaced", False)
    assert (unprotected.happens, unprotected.path) == ("unprotected", "options.protect")


def test_a_resource_that_is_replaced_is_not_told_of_again_for_what_a_new_one_takes():
    head = edited(
        plan(), POOL, lambda it: it.update(vmSize="Standard_D4ds_v5", maxPods=50, osSKU="Ubuntu")
    )

    assert only(plan(), head).field == "AgentPool.vmSize"


def test_what_the_program_tells_pulumi_to_ignore_is_said_to_stay():
    head = edited(
        plan(), CLUSTER, lambda it: put(it, "agentPoolProfiles[].vmSize", "Standard_D8ds_v5")
    )

    found = only(plan(), head)

    assert (found.happens, found.severity) == ("ignored", "advisory")
    assert found.path == "agentPoolProfiles[boot].vmSize"


def test_a_field_that_the_program_replaces_for_is_replaced():
    base = edited(plan(), "course-web-deployment", replaceOnChanges=["spec.minReadySeconds"])
    base = edited(base, "course-web-deployment", lambda it: it["spec"].update(minReadySeconds=1))
    head = edited(base, "course-web-deployment", lambda it: it["spec"].update(minReadySeconds=2))

    found = only(base, head)

    assert (found.happens, found.path, found.order) == (
        "replaced",
        "spec.minReadySeconds",
        "deleteFirst",
    )


def test_a_job_that_runs_again_is_no_reason_to_stop():
    name = "testing-regression-tests-job"
    head = edited(plan(), name, lambda it: it["spec"].update(completionMode="NonIndexed"))

    found = only(plan(), head)

    assert (found.happens, found.severity) == ("replaced", "advisory")


def test_a_trigger_of_replacement_that_changes_replaces():
    base = edited(plan(), REDIS, replacementTrigger="1")
    found = only(base, edited(base, REDIS, replacementTrigger="2"))

    assert (found.happens, found.path) == ("replaced", "options.replacementTrigger")


@pytest.mark.parametrize(("asked", "order"), [(True, "deleteFirst"), (False, "createFirst")])
def test_the_program_may_ask_for_the_other_order(asked, order):
    base = edited(plan(), CLUSTER, deleteBeforeReplace=asked)
    head = edited(base, CLUSTER, lambda it: it.update(dnsPrefix="other"))

    assert only(base, head).order == order


def test_a_pool_whose_name_pulumi_makes_up_comes_before_the_old_one_goes():
    base = edited(plan(), POOL, lambda it: it.pop("agentPoolName"))
    head = edited(base, POOL, lambda it: it.update(vmSize="Standard_D4ds_v5"))

    assert only(base, head).order == "createFirst"


class TestUnknownAndSecret:
    def test_what_only_a_deployment_tells_may_be_another_value(self):
        base = edited(plan(), POOL, lambda it: it.update(vmSize=dict(UNKNOWN)))

        found = only(base, plan())

        assert (found.happens, found.severity) == ("maybeReplaced", "mandatory")
        assert (found.old, found.new) == ("unknown before deployment", '"Standard_D8ds_v5"')

    def test_what_is_unknown_on_both_sides_is_no_change(self):
        base = edited(plan(), POOL, lambda it: it.update(vmSize=dict(UNKNOWN)))

        assert guard(base, base) == []

    def test_an_unknown_above_the_field_stands_for_it(self):
        head = edited(plan(), CLUSTER, lambda it: it.update(networkProfile=dict(UNKNOWN)))

        found = guard(plan(), head)

        assert [it.path for it in found if it.happens == "maybeReplaced"] == ["networkProfile"]
        assert {it.path for it in found} == {"networkProfile"}

    def test_a_secret_is_said_to_be_one_and_never_shown(self):
        base = edited(plan(), CLUSTER, lambda it: it.update(dnsPrefix="planted-value"))
        head = edited(base, CLUSTER, lambda it: it.update(dnsPrefix=dict(SECRET)))

        found = only(base, head)

        assert (found.happens, found.new) == ("replaced", "[secret]")
        assert "planted-value" not in repr(found)

    def test_a_secret_inside_a_longer_value_is_none_of_it(self):
        base = adding(
            plan(), obj("v1", "Secret", "s", {"type": "Opaque", "stringData": dict(SECRET)})
        )
        head = edited(base, "s", lambda it: it.update(stringData={"a": dict(SECRET), "b": "c"}))

        found = only(base, head)

        assert (found.old, found.new) == ("[secret]", "[secret]")

    def test_a_secret_on_both_sides_is_not_compared(self):
        base = adding(plan(), obj("v1", "Secret", "s", {"stringData": dict(SECRET)}))

        assert guard(base, base) == []


class TestAmounts:
    def claim(self, size, **spec):
        body = {"spec": {"resources": {"requests": {"storage": size}}, **spec}}
        return adding(plan(), obj("v1", "PersistentVolumeClaim", "data", body))

    @pytest.mark.parametrize(("old", "new"), [("8Gi", "8192Mi"), ("8Gi", "16Gi")])
    def test_a_claim_that_stays_or_grows_is_nothing(self, old, new):
        assert guard(self.claim(old), self.claim(new)) == []

    def test_a_claim_that_shrinks_is_refused(self):
        found = only(self.claim("8Gi"), self.claim("4Gi"))

        assert (found.happens, found.path) == ("refused", "spec.resources.requests.storage")

    def test_templates_whose_sizes_are_spelled_another_way_are_the_same(self):
        def respelled(it):
            it["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"] = (
                "8192Mi"
            )

        assert guard(plan(), edited(plan(), REDIS, respelled)) == []

    def test_a_template_that_grows_is_named_by_the_one_value_that_differs(self):
        def grown(it):
            it["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"] = (
                "16Gi"
            )

        found = only(plan(), edited(plan(), REDIS, grown))

        assert found.path == "spec.volumeClaimTemplates[0].spec.resources.requests.storage"
        assert (found.old, found.new) == ('"8Gi"', '"16Gi"')

    @pytest.mark.parametrize(
        ("old", "new", "happens"),
        [("1.35", "1.36", "inPlace"), ("1.36", "1.35", "refused"), ("1.9", "1.10", "inPlace")],
    )
    def test_versions_go_up_and_not_down(self, old, new, happens):
        base = edited(
            plan(), CLUSTER, lambda it: it.update(kubernetesVersion=old), ignoreChanges=None
        )
        head = edited(base, CLUSTER, lambda it: it.update(kubernetesVersion=new))

        assert only(base, head).happens == happens

    def test_zones_in_another_order_are_the_same(self):
        head = edited(plan(), POOL, lambda it: it["availabilityZones"].reverse())

        assert guard(plan(), head) == []


def guarded_paths(resource):
    return {it.path for it in rows_of(resource.type)} | set(
        resource.options.get("replaceOnChanges") or ()
    )


def leaf_paths(value, at=()):
    if isinstance(value, dict) and value and "$unknown" not in value and "$secret" not in value:
        for key, it in value.items():
            yield from leaf_paths(it, (*at, key))
    elif isinstance(value, list) and value:
        for position, it in enumerate(value):
            yield from leaf_paths(it, (*at, position))
    else:
        yield at


def is_guarded(resource, leaf):
    """Whether a change of the leaf would be seen at any row's place."""
    spelled = "".join(f"[{it}]" if isinstance(it, int) else f".{it}" for it in leaf).lstrip(".")
    for path in guarded_paths(resource):
        for at, _, _ in places(resource.inputs, resource.inputs, path):
            by_name = path.partition("[]")[0]
            if (
                spelled == at
                or spelled.startswith((f"{at}.", f"{at}[", f"{by_name}["))
                or at.startswith(spelled)
            ):
                return True
    return False


FREE = [
    (it, leaf)
    for it in plan().resources
    for leaf in leaf_paths(dict(it.inputs))
    if leaf and not is_guarded(it, leaf)
]


def test_most_of_a_plan_is_free_to_change():
    assert len(FREE) > 2000
    assert {it.name for it, _ in FREE} >= {CLUSTER, POOL, REDIS, "course-web-deployment"}


@given(
    st.lists(st.sampled_from(FREE), min_size=1, max_size=5),
    st.one_of(
        st.text(max_size=8), st.booleans(), st.integers(0, 9), st.just(dict(UNKNOWN)), st.just(...)
    ),
)
def test_a_change_of_anything_else_is_nothing(leaves, value):
    head = plan()
    for resource, leaf in leaves:
        head = edited(head, resource.name, lambda it, leaf=leaf: at_leaf(it, leaf, value))

    assert guard(plan(), head) == []


def at_leaf(inputs, leaf, value):
    at = inputs
    for step in leaf[:-1]:
        at = at[step] if not isinstance(at, list) or step < len(at) else {}
    if value is ... and isinstance(at, dict):
        at.pop(leaf[-1], None)
    elif isinstance(at, dict) or (isinstance(at, list) and leaf[-1] < len(at)):
        at[leaf[-1]] = None if value is ... else value


def test_findings_come_most_dangerous_first_whatever_the_order_of_the_plan():
    head = edited(plan(), POOL, lambda it: it.update(vmSize="Standard_D4ds_v5"))
    head = edited(head, REDIS, lambda it: it["spec"].update(serviceName="x"))
    head = edited(
        head, CLUSTER, lambda it: it.update(dnsPrefix="x", identity={"type": "SystemAssigned"})
    )
    head = edited(head, "aks-pool-system", lambda it: it.update(maxPods=50))
    head = edited(head, "testing-regression-tests-job", lambda it: it["spec"].update(parallelism=1))

    found = guard(plan(), head)
    shuffled = replace(head, resources=tuple(reversed(head.resources)))

    assert [it.resource.split()[0] for it in found] == [
        "ManagedCluster",
        "AgentPool",
        "StatefulSet",
        "AgentPool",
        "Job",
    ]
    assert [it.happens for it in found] == [
        "replaced",
        "replaced",
        "replaced",
        "refused",
        "replaced",
    ]
    assert guard(plan(), shuffled) == found


def test_a_provider_with_another_identifier_replaces_every_object():
    head = edited(plan(), PROVIDER, lambda it: it.update(clusterIdentifier="other"))

    found = only(plan(), head)

    objects = [it for it in plan().resources if it.type.startswith("kubernetes:")]
    assert found.resource == "Provider cluster"
    assert len(found.blast.others) + len(found.blast.workloads) == len(objects)
    assert found.severity == "mandatory"


def test_a_type_that_no_row_knows_is_left_alone():
    thing = made("azure-native:batch:Pool", "thing", {"vmSize": "a", "resourceGroupName": "x"})
    head = edited(adding(plan(), thing), "thing", lambda it: it.update(vmSize="b"))

    assert guard(adding(plan(), thing), head) == []


def test_a_value_that_azure_may_have_filled_in_itself_may_be_the_same():
    base = edited(plan(), CLUSTER, lambda it: it["networkProfile"].pop("networkPolicy"))

    found = only(base, plan())

    assert (found.happens, found.old, found.new) == ("maybeReplaced", "nothing", '"cilium"')


def test_a_value_that_is_taken_away_replaces():
    head = edited(plan(), CLUSTER, lambda it: it["networkProfile"].pop("networkPolicy"))

    assert only(plan(), head).happens == "replaced"


@pytest.mark.parametrize("option", ["replaceWith", "deletedWith"])
def test_what_the_program_ties_to_a_resource_goes_along(option):
    urn = find(plan(), POOL).urn
    value = [urn] if option == "replaceWith" else urn
    base = edited(plan(), "course-web-service", **{option: value})
    head = edited(base, POOL, lambda it: it.update(vmSize="Standard_D4ds_v5"))

    assert only(base, head).blast.others == ("Service course/web",)


def test_what_is_ignored_and_would_only_cost_is_nothing():
    assert "orchestratorVersion" in find(plan(), POOL).options["ignoreChanges"]
    base = edited(plan(), POOL, lambda it: it.update(orchestratorVersion="1.35"))

    assert guard(base, edited(base, POOL, lambda it: it.update(orchestratorVersion="1.36"))) == []


def test_protection_that_comes_with_the_change_does_not_hold_it_yet():
    base = edited(plan(), CLUSTER, protect=None)
    head = edited(plan(), CLUSTER, lambda it: it.update(dnsPrefix="other"))

    assert not only(base, head).stopped


def test_what_azure_would_only_refuse_if_it_differs_is_no_reason_to_stop():
    base = edited(plan(), POOL, lambda it: it.update(osDiskType=dict(UNKNOWN)))

    found = only(base, plan())

    assert (found.happens, found.severity) == ("refused", "advisory")


def test_an_unknown_inside_a_fixed_value_may_be_another():
    base = edited(
        plan(), CLUSTER, lambda it: it.update(linuxProfile={"ssh": {"a": dict(UNKNOWN), "b": 1}})
    )
    head = edited(plan(), CLUSTER, lambda it: it.update(linuxProfile={"ssh": {"a": "key", "b": 1}}))

    found = only(base, head)

    assert (found.happens, found.path) == ("maybeReplaced", "linuxProfile.ssh.a")


def test_the_most_nodes_come_first():
    base = edited(plan(), "aks-pool-system", lambda it: it.update(maxCount=9))
    head = edited(base, "aks-pool-system", lambda it: it.update(vmSize="Standard_D8ds_v5"))
    head = edited(head, POOL, lambda it: it.update(vmSize="Standard_D4ds_v5"))

    assert [it.resource for it in guard(base, head)] == ["AgentPool system", "AgentPool wg1"]


def test_a_set_that_is_scaled_counts_a_disk_for_each_replica_it_may_have():
    target = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "redis"}
    scaler = obj(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "redis",
        {"spec": {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 4}},
    )
    base = adding(plan(), scaler)

    found = only(base, edited(base, REDIS, lambda it: it["spec"].update(serviceName="x")))

    assert found.blast.disks == ("4 x course/data-redis (8Gi)",)
    assert found.blast.pods == (2, 4)


def test_what_a_secret_holds_is_not_said_though_the_program_does_not_mark_it():
    base, head = (
        adding(plan(), obj("v1", "Secret", "s", {part: {"a": "canary-7f3a", "b": value}}))
        for part, value in (("data", "Y2FuYXJ5"), ("data", "eHh4"))
    )
    other = adding(plan(), obj("v1", "Secret", "s", {"stringData": {"a": "canary-7f3a"}}))

    [found] = guard(base, head)
    assert (found.path, found.old, found.new) == ("data.b", "[secret]", "[secret]")
    for text in (repr(guard(base, head)), repr(guard(base, other)), repr(guard(other, head))):
        assert "canary" not in text
        assert "Y2Fu" not in text
