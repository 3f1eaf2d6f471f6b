"""What is the same to Kubernetes is no change, in whatever way it is written; what is not, is one both ways."""

import copy
import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.diff.changes import changes, shape_of
from review.diff.shapes import KubernetesShape, of_kind
from review.diff.walk import differences, normal
from review.plan import SECRET, UNKNOWN
from tests.review.guard.plans import obj, plan

ROWS = [it for it in plan().resources if isinstance(shape_of(it), KubernetesShape)]
SEEDS = st.integers(0, 2**32)


def with_row(row):
    return replace(plan(), resources=(row,))


def mixed(value, shape, chance, *, template=False):
    """With the lists in another order that no order counts in, and the keys of every map."""
    template = template or shape.template
    if isinstance(value, dict) and value not in (UNKNOWN, SECRET):
        keys = list(value)
        chance.shuffle(keys)
        return {key: mixed(value[key], shape.field(key), chance, template=template) for key in keys}
    if isinstance(value, list):
        items = [mixed(it, shape.item(), chance, template=template) for it in value]
        if not shape.listing.ordered and not template:
            chance.shuffle(items)
        return items
    return value


def written_out(value, shape):
    """With every default that the API server would fill in."""
    if isinstance(value, dict) and value not in (UNKNOWN, SECRET):
        full = shape.filled(value)
        return {key: written_out(it, shape.field(key)) for key, it in full.items()}
    if isinstance(value, list):
        return [written_out(it, shape.item()) for it in value]
    return value


def paths(found):
    return [(it.path, it.order) for it in found]


@given(st.sampled_from(ROWS), SEEDS)
def test_another_order_that_says_nothing_is_no_change(row, seed):
    shape = shape_of(row)
    other = mixed(row.inputs, shape, random.Random(seed))

    assert changes(with_row(row), with_row(replace(row, inputs=other))).changes == ()
    assert normal(row.inputs, shape) == normal(other, shape)


@pytest.mark.parametrize("row", ROWS, ids=lambda it: it.name)
def test_defaults_that_are_merely_written_out_are_no_change(row):
    other = replace(row, inputs=written_out(row.inputs, shape_of(row)))

    assert changes(with_row(row), with_row(other)).changes == ()
    assert changes(with_row(other), with_row(row)).changes == ()
    assert normal(row.inputs, shape_of(row)) == normal(other.inputs, shape_of(row))


def leaves(value, path=()):
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, it in inner:
        if isinstance(it, dict | list) and it:
            yield from leaves(it, (*path, key))
        else:
            yield (*path, key)


@st.composite
def edits(draw):
    """A row and the same with one place changed, emptied, marked or taken away."""
    row = draw(st.sampled_from(ROWS))
    inputs = copy.deepcopy(row.inputs)
    *above, last = draw(st.sampled_from(list(leaves(inputs))))
    at = inputs
    for key in above:
        at = at[key]
    at[last] = draw(st.sampled_from(["other", 7, True, {}, [], None, dict(UNKNOWN), dict(SECRET)]))
    return row, replace(row, inputs=inputs)


SWAPPED = {"added": "removed", "removed": "added"}


@given(edits())
def test_the_way_back_has_the_same_places(pair):
    base, head = map(with_row, pair)
    there, back = (
        [
            (it.path, it.alters, it.old, it.new)
            for change in changes(*sides).changes
            for it in change.properties
        ]
        for sides in ((base, head), (head, base))
    )

    turned = [(path, SWAPPED.get(alters, alters), new, old) for path, alters, old, new in there]
    assert sorted(turned) == sorted(back)


@given(edits())
def test_what_has_another_normal_form_is_a_change_and_nothing_else_is(pair):
    old, new = pair
    shape = shape_of(old)
    found = list(differences(old.inputs, new.inputs, shape))

    marked = any(mark in (it.old, it.new) for it in found for mark in (UNKNOWN, SECRET))
    ordered = [it for it in found if it.order]
    # As JSON: for Python `True` is 1.
    forms = {json.dumps(normal(it.inputs, shape)) for it in pair}
    if not marked and found != ordered:
        assert len(forms) == 2
    if not found:
        assert len(forms) == 1


def spec_of(api_version, kind, before, after):
    shape = of_kind(api_version, kind)
    return [
        (it.path, it.old, it.new) for it in differences({"spec": before}, {"spec": after}, shape)
    ]


def pod(**spec):
    return {"template": {"spec": {"containers": [], **spec}}}


TOLERATIONS = [
    {"key": "a", "operator": "Exists", "effect": "NoSchedule"},
    {"key": "b", "operator": "Exists", "effect": "NoSchedule"},
]


def test_another_order_in_the_template_of_pods_is_told_since_it_makes_new_ones():
    found = spec_of(
        "apps/v1", "Deployment", pod(tolerations=TOLERATIONS), pod(tolerations=TOLERATIONS[::-1])
    )

    assert found == [
        ("spec.template.spec.tolerations", ["a/NoSchedule", "b/NoSchedule"], ["b/NoSchedule", "a/NoSchedule"])
    ]  # fmt: skip


AFFINITY = [{"weight": weight, "podAffinityTerm": {"topologyKey": "zone"}} for weight in (1, 2)]


@pytest.mark.parametrize(
    ("path", "items"),
    [
        ("containers[a].securityContext.capabilities.drop", ["ALL", "CHOWN"]),
        ("affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution", AFFINITY),
    ],
)
def test_another_order_of_what_has_no_name_is_told_there_too(path, items):
    def deployment(items):
        if path.startswith("affinity"):
            return pod(affinity={"podAffinity": {path.rpartition(".")[2]: items}})
        container = {"name": "a", "securityContext": {"capabilities": {"drop": items}}}
        return pod(containers=[container])

    both = (deployment(items), deployment(items[::-1]))
    assert spec_of("apps/v1", "Deployment", *both) == [
        (f"spec.template.spec.{path}", items, items[::-1])
    ]
    pods = [it["template"]["spec"] for it in both]
    assert spec_of("v1", "Pod", *pods) == []


@pytest.mark.parametrize(
    ("kind", "before", "after", "path"),
    [
        ("Deployment", [{"containerPort": 80}], [{"containerPort": 80, "protocol": "UDP"}],
         ["ports[80/TCP]", "ports[80/UDP]"]),
        ("Deployment", [{"containerPort": 80, "name": "a"}], [{"containerPort": 80, "name": "b"}],
         ["ports[80/TCP].name"]),
        ("Deployment", [{"containerPort": 80}], [{"containerPort": 80, "protocol": "TCP"}], []),
    ],
)  # fmt: skip
def test_a_port_is_known_by_its_number_and_protocol(kind, before, after, path):
    both = [pod(containers=[{"name": "web", "ports": it}]) for it in (before, after)]
    found = spec_of("apps/v1", kind, *both)

    assert [it[0] for it in found] == [f"spec.template.spec.containers[web].{it}" for it in path]


@pytest.mark.parametrize(
    ("field", "items", "path"),
    [
        ("volumes", [{"name": "a", "emptyDir": {}}], "volumes[a]"),
        ("hostAliases", [{"ip": "10.0.0.1", "hostnames": ["a"]}], "hostAliases[10.0.0.1]"),
        ("imagePullSecrets", [{"name": "a"}], "imagePullSecrets[a]"),
        ("topologySpreadConstraints", [{"topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}],
         "topologySpreadConstraints[zone/DoNotSchedule]"),
        ("tolerations", [{"key": "a", "effect": "NoSchedule"}], "tolerations[a/NoSchedule]"),
        ("initContainers", [{"name": "a", "image": "b"}], "initContainers[a]"),
    ],
)  # fmt: skip
def test_an_item_more_is_told_by_the_key_that_kubernetes_merges_it_by(field, items, path):
    other = [{**items[0], **dict.fromkeys(items[0], "zz")}]
    found = spec_of(
        "apps/v1", "Deployment", pod(**{field: other}), pod(**{field: [*other, *items]})
    )

    assert [it[0] for it in found] == [f"spec.template.spec.{path}"]


def test_mounts_are_known_by_their_path():
    mounts = [{"name": "a", "mountPath": "/a"}, {"name": "b", "mountPath": "/b"}]
    both = [
        pod(containers=[{"name": "web", "volumeMounts": it}])
        for it in (mounts, [mounts[0], {**mounts[1], "readOnly": True}])
    ]

    assert [it[0] for it in spec_of("apps/v1", "Deployment", *both)] == [
        "spec.template.spec.containers[web].volumeMounts[/b].readOnly"
    ]


def test_init_containers_in_another_order_are_a_change_wherever_they_are():
    items = [{"name": "a", "image": "x:1"}, {"name": "b", "image": "x:1"}]
    found = spec_of("v1", "Pod", {"initContainers": items}, {"initContainers": items[::-1]})

    assert found == [("spec.initContainers", ["a", "b"], ["b", "a"])]


def test_arguments_in_another_order_are_other_arguments():
    both = [{"containers": [{"name": "a", "args": it}]} for it in (["-a", "-b"], ["-b", "-a"])]

    assert spec_of("v1", "Pod", *both) == [("spec.containers[a].args", ["-a", "-b"], ["-b", "-a"])]


PEERS = [{"podSelector": {"matchLabels": {"app": "a"}}}, {"namespaceSelector": {}}]


def test_a_peer_more_is_told_alone_and_the_order_of_peers_says_nothing():
    policy = ("networking.k8s.io/v1", "NetworkPolicy")
    base, mixed_up, more = (
        {"podSelector": {}, "ingress": [{"from": it}]}
        for it in (PEERS, PEERS[::-1], [PEERS[1], {"ipBlock": {"cidr": "0.0.0.0/0"}}, PEERS[0]])
    )

    assert spec_of(*policy, base, mixed_up) == []
    [(path, _, new)] = spec_of(*policy, base, more)
    assert (path, new) == ("spec.ingress[0].from[1]", {"ipBlock": {"cidr": "0.0.0.0/0"}})


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ({}, {"policyTypes": ["Ingress"]}, True),
        ({"egress": [{}]}, {"egress": [{}], "policyTypes": ["Egress", "Ingress"]}, True),
        ({}, {"policyTypes": ["Egress", "Ingress"]}, False),
        ({"ingress": []}, {}, True),
        ({"ingress": [{}]}, {}, False),
        ({"ingress": [{"from": [{"podSelector": {}}]}]}, {"ingress": [{"from": []}]}, False),
        ({"podSelector": {}}, {}, True),
    ],
)  # fmt: skip
def test_a_network_policy_says_as_much_with_its_defaults(before, after, same):
    found = spec_of("networking.k8s.io/v1", "NetworkPolicy", before, after)

    assert (found == []) is same


def test_a_selector_of_everything_is_another_one_than_none():
    term = {"topologyKey": "zone"}
    both = [
        {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [it]}}}
        for it in (term, {**term, "labelSelector": {}})
    ]

    assert len(spec_of("v1", "Pod", *both)) == 1


def test_a_verb_more_is_told_alone():
    rule = {"apiGroups": [""], "resources": ["pods", "services"], "verbs": ["get", "list"]}
    more = {**rule, "resources": ["services", "pods"], "verbs": ["delete", "list", "get"]}
    found = list(
        differences({"rules": [rule]}, {"rules": [more]}, of_kind("rbac.authorization.k8s.io/v1", "Role"))
    )  # fmt: skip

    assert [(it.path, it.new) for it in found] == [("rules[pods,services].verbs[delete]", "delete")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"ports": [{"port": 80}]}, {"ports": [{"port": 80, "targetPort": 80, "protocol": "TCP"}]}),
        ({"ports": [{"port": 80, "targetPort": 8080}]}, {"ports": [{"port": 80, "targetPort": "8080"}]}),
        ({}, {"type": "ClusterIP", "sessionAffinity": "None", "internalTrafficPolicy": "Cluster"}),
        ({"type": "LoadBalancer"}, {"type": "LoadBalancer", "externalTrafficPolicy": "Cluster"}),
        ({"sessionAffinity": "ClientIP"},
         {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 10800}}}),
    ],
)  # fmt: skip
def test_a_service_is_the_same_with_what_the_api_server_writes(before, after):
    assert spec_of("v1", "Service", before, after) == []


@pytest.mark.parametrize(
    ("image", "policy", "same"),
    [
        ("web", "Always", True),
        ("web:latest", "Always", True),
        ("web:1.0", "IfNotPresent", True),
        ("registry:5000/web", "Always", True),
        (f"web@sha256:{'0' * 64}", "IfNotPresent", True),
        (f"web:latest@sha256:{'0' * 64}", "Always", True),
        ("web:1.0", "Always", False),
    ],
)
def test_how_an_image_is_pulled_follows_from_its_tag(image, policy, same):
    both = [
        {"containers": [{"name": "a", "image": image, **it}]} for it in ({}, {"imagePullPolicy": policy})
    ]  # fmt: skip

    assert (spec_of("v1", "Pod", *both) == []) is same


def test_how_an_unknown_image_is_pulled_is_not_known_either():
    both = [{"containers": [{"name": "a", "image": it}]} for it in ("web:1.0", UNKNOWN)]

    assert spec_of("v1", "Pod", *both) == [
        ("spec.containers[a].image", "web:1.0", UNKNOWN),
        ("spec.containers[a].imagePullPolicy", "IfNotPresent", UNKNOWN),
    ]
    assert spec_of("v1", "Pod", both[1], both[1]) == []


def test_of_two_ports_that_are_one_now_the_one_that_changed_is_told_both_ways():
    two, same = (
        {"egress": [{"ports": [{"port": 53, "protocol": it} for it in pair]}]}
        for pair in (("UDP", "TCP"), ("TCP", "TCP"))
    )

    there = spec_of("networking.k8s.io/v1", "NetworkPolicy", two, same)
    back = spec_of("networking.k8s.io/v1", "NetworkPolicy", same, two)
    assert [it[0] for it in there] == ["spec.egress[0].ports[0].protocol"]
    assert [it[0] for it in back] == ["spec.egress[0].ports[0].protocol"]


def test_a_strategy_is_the_same_with_its_defaults():
    rolling = {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"},
    }
    full = {"replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600}

    assert spec_of("apps/v1", "Deployment", pod(), {**pod(), **full, "strategy": rolling}) == []
    assert (
        spec_of("apps/v1", "Deployment", pod(), {**pod(), "strategy": {"type": "Recreate"}}) != []
    )


def test_items_without_a_name_are_told_by_their_position():
    sources = [{"configMap": {"name": it}} for it in "abc"]
    both = [
        {"volumes": [{"name": "v", "projected": {"sources": it}}]}
        for it in (sources, [sources[0], {"configMap": {"name": "x"}}, sources[2]])
    ]

    assert [it[0] for it in spec_of("v1", "Pod", *both)] == [
        "spec.volumes[v].projected.sources[1].configMap.name"
    ]


@pytest.mark.parametrize(
    "value", ["1e999999999", "1" * 5000, "0x1", "-1", "", "NaN", 1.5, True, {}]
)
def test_an_amount_that_is_none_is_compared_as_text(value):
    before, after = ({"hard": {"pods": it}} for it in (value, "2"))

    assert len(spec_of("v1", "ResourceQuota", before, after)) == 1
    assert spec_of("v1", "ResourceQuota", before, copy.deepcopy(before)) == []


def test_a_kind_that_no_schema_knows_is_compared_as_it_is_written():
    def custom(items):
        return with_row(obj("example.com/v1", "Thing", "a", {"spec": {"items": items}}))

    one, other = {"name": "a", "size": "1Gi"}, {"name": "b"}
    [change] = changes(custom([one, other]), custom([{**one, "size": "1024Mi"}, other])).changes
    assert [it.path for it in change.properties] == ["spec.items[a].size"]

    [change] = changes(custom([one, other]), custom([other, one])).changes
    assert [(it.path, it.old) for it in change.properties] == [
        ("spec.items", 'in this order: ["a", "b"]')
    ]


@pytest.mark.parametrize(
    ("kind", "before", "after", "same"),
    [
        ("Deployment", "1Gi", "1073741824", True),
        ("StatefulSet", "1Gi", "1073741824", False),
        ("DaemonSet", "1Gi", "1073741824", False),
        ("StatefulSet", "2Gi", "2048Mi", True),
        ("StatefulSet", "1k", "1e3", False),
        ("DaemonSet", "1", "1000m", True),
        ("DaemonSet", "1", 1, True),
    ],
)
def test_an_amount_in_a_form_that_a_controller_takes_for_new_pods_is_told(
    kind, before, after, same
):
    both = [
        pod(containers=[{"name": "a", "resources": {"limits": {"memory": it}}}])
        for it in (before, after)
    ]

    assert (spec_of("apps/v1", kind, *both) == []) is same
