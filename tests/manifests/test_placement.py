"""Which nodes pods run on, beside whom, and how they keep apart."""

import pytest

from tests.manifests.samples import STACK, controller_of, of_kind, pod_of, web
from tests.manifests.schema import faults

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
REDIS = {"labelSelector": {"matchLabels": {"app.kubernetes.io/name": "redis"}},
         "topologyKey": "kubernetes.io/hostname"}  # fmt: skip


def affinity(**wanted):
    subject = web(affinity=wanted)
    assert faults(controller_of(subject)) == []
    return pod_of(subject)["affinity"]


def test_node_labels_stand_beside_the_pool_and_cannot_displace_it():
    pod = pod_of(web(nodeSelector={"kubernetes.io/arch": "arm64", "agentpool": "other"}))
    assert pod["nodeSelector"] == {"kubernetes.io/arch": "arm64", "agentpool": "wg1"}


def test_node_labels_stay_where_the_nodes_carry_no_pool():
    pod = pod_of(web(nodeSelector={"kubernetes.io/arch": "arm64"}), nodeSelectors=False)
    assert pod["nodeSelector"] == {"kubernetes.io/arch": "arm64"}


@pytest.mark.parametrize(("key", "kind"), [("near", "podAffinity"), ("apart", "podAntiAffinity")])
def test_neighbours_are_told_by_the_name_of_their_workload_on_one_node(key, kind):
    assert affinity(**{key: {"redis": "required"}}) == {kind: {REQUIRED: [REDIS]}}
    preferred = [{"weight": 100, "podAffinityTerm": REDIS}]
    assert affinity(**{key: {"redis": "preferred"}}) == {kind: {PREFERRED: preferred}}


def test_needed_labels_must_all_hold_and_preferred_ones_count_each():
    found = affinity(nodes={"a": ["1", "2"], "b": ["3"]}, preferredNodes={"c": ["4"], "d": ["5"]})
    [term] = found["nodeAffinity"][REQUIRED]["nodeSelectorTerms"]
    assert term["matchExpressions"] == [
        {"key": "a", "operator": "In", "values": ["1", "2"]},
        {"key": "b", "operator": "In", "values": ["3"]},
    ]
    weighed = found["nodeAffinity"][PREFERRED]
    assert [it["weight"] for it in weighed] == [100, 100]
    assert [it["preference"]["matchExpressions"][0]["key"] for it in weighed] == ["c", "d"]


def test_a_pod_without_wishes_has_no_affinity():
    assert "affinity" not in pod_of(web())


def test_a_taint_is_tolerated_for_as_long_as_it_says():
    given = {"key": "gone", "effect": "NoExecute", "tolerationSeconds": 30}
    [found] = pod_of(web(tolerations=[given]))["tolerations"]
    assert found == {**given, "operator": "Exists"}
    assert faults(controller_of(web(tolerations=[given]))) == []


def zone_rule(subject, zones):
    pools = {"wg1": {**STACK["nodePools"]["wg1"], "zones": zones}}
    pod = pod_of(subject, nodePools=pools)
    rules = {it["topologyKey"]: it["whenUnsatisfiable"] for it in pod["topologySpreadConstraints"]}
    return rules["topology.kubernetes.io/zone"], rules["kubernetes.io/hostname"]


@pytest.mark.parametrize(
    ("zones", "expected"),
    [([], "ScheduleAnyway"), (["1"], "ScheduleAnyway"), (["1", "2"], "DoNotSchedule")],
)
def test_high_availability_insists_on_zones_only_where_there_are_two(zones, expected):
    assert zone_rule(web(availability="ha"), zones) == (expected, "DoNotSchedule")


def test_a_spread_that_is_written_out_without_the_word_is_taken_as_it_is():
    subject = web(replicas=2, spread={"zones": "DoNotSchedule"})
    assert zone_rule(subject, []) == ("DoNotSchedule", "ScheduleAnyway")


def test_a_pool_that_the_stack_does_not_know_is_not_counted_on_for_zones():
    rules = pod_of(web(availability="ha"), nodePools={})["topologySpreadConstraints"]
    assert rules[0]["whenUnsatisfiable"] == "ScheduleAnyway"


def test_each_version_of_a_workload_spreads_by_itself():
    settings = {"release": {"strategy": "canary", "step": 2}, "replicas": 4}
    subject = web(**settings)
    images = {"web": {"tag": "1", "tracks": {"candidate": "2"}}}
    [stable, _] = pod_of(subject, images=images)["topologySpreadConstraints"]
    pods = controller_of(subject, images=images)["spec"]["selector"]["matchLabels"]
    assert stable["labelSelector"]["matchLabels"] == pods


def test_names_of_other_hosts_and_another_resolver_are_passed_on():
    subject = web(dnsPolicy="Default", hostAliases={"10.0.0.7": ["legacy.example", "old.example"]})
    pod = pod_of(subject)
    assert pod["dnsPolicy"] == "Default"
    assert pod["hostAliases"] == [
        {"ip": "10.0.0.7", "hostnames": ["legacy.example", "old.example"]}
    ]
    assert faults(controller_of(subject)) == []
    assert {"dnsPolicy", "hostAliases"} & pod_of(web()).keys() == set()


@pytest.mark.parametrize("kind", ["deployment", "statefulset", "daemonset", "job", "cronjob"])
def test_every_kind_takes_every_wish(kind):
    wishes = {
        "affinity": {"near": {"redis": "required"}, "nodes": {"tier": ["workers"]}},
        "nodeSelector": {"disk": "fast"},
        "priorityClass": "live",
        "tolerations": [{"key": "gpu"}],
    }
    subject = of_kind(kind, **wishes)
    assert {"affinity", "nodeSelector", "priorityClassName", "tolerations"} <= pod_of(
        subject
    ).keys()
    assert faults(controller_of(subject)) == []
