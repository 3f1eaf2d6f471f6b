"""Where a property was written: the line of its key, the nearest that is there, and never a file that it is not in."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review import origin_keys
from review.findings import Finding
from review.origins import _filled, _top_line, asked_of, identified, places
from review.report import Place, place_of
from settings.explain_errors import container_at, model_at
from settings.load import read_sources
from settings.stack import PATH, Settings
from tests.program import ROOT, planned
from tests.review.renderers.reviews import POOL_URN, WEB_URN, empty, rich
from tests.review.renderers.strategies import texts


@pytest.fixture(scope="module")
def sources():
    return read_sources(ROOT, "prod")


def urn(name):
    return next(it.urn for it in planned("prod").resources if it.name == name)


def found(sources, name, path="", **sides):
    asked = [(urn(name), ""), (urn(name), path)]
    return place_of(dict(places(asked, planned("prod"), sources, **sides)), urn(name), path)


def line_of(place):
    return (ROOT / place.file).read_text().split("\n")[place.line - 1].strip()


WEB = "course-web-deployment"
POD = "spec.template.spec"
SAID = [
    (WEB, "", "workloads/web.yaml", "name: web"),
    (WEB, f"{POD}.containers[web].image", "Pulumi.prod.yaml", "web-course-main:"),
    (WEB, f"{POD}.containers[web].resources.requests.cpu", "workloads/web.yaml", "requests:"),
    (WEB, f"{POD}.containers[web].readinessProbe.httpGet.path", "workloads/web.yaml", "readiness:"),
    (WEB, "spec.strategy.rollingUpdate.maxSurge", "workloads/web.yaml", "name: web"),
    (WEB, "spec.selector.matchLabels", "workloads/web.yaml", "name: web"),
    (WEB, f"{POD}.nodeSelector", "workloads/web.yaml", "pool: wg1"),
    ("course-web-service", "", "workloads/web.yaml", "service:"),
    ("course-web-route-public", "spec.rules[0]", "workloads/web.yaml", "routes:"),
    (
        "course-authentication-network-egress",
        "spec.egress",
        "workloads/authentication.yaml",
        "uses:",
    ),
    (
        "course-redis-statefulset",
        "spec.volumeClaimTemplates[data].spec",
        "workloads/redis.yaml",
        "data:",
    ),
    (
        "course-redis-statefulset",
        "spec.volumeClaimTemplates[0].spec.resources.requests.storage",
        "workloads/redis.yaml",
        "data:",
    ),
    (
        "course-redis-statefulset",
        f"{POD}.containers[0].resources.limits.memory",
        "workloads/redis.yaml",
        "limits:",
    ),
    (
        "course-web-deployment",
        f"{POD}.containers[web].env[0].value",
        "workloads/web.yaml",
        "BASE_PATH:",
    ),
    ("aks-pool-wg1", "enableAutoScaling", "Pulumi.prod.yaml", "max: 6"),
    ("aks-pool-wg1", "maxCount", "Pulumi.prod.yaml", "max: 6"),
    ("aks-backup-snapshots", "", "Pulumi.prod.yaml", "backup:"),
    ("course-redis-statefulset", f"{POD}.volumes[data]", "workloads/redis.yaml", "data:"),
    (
        "business-data-business-data-sync-cronjob",
        "spec.schedule",
        "workloads/business-data-sync.yaml",
        "cron:",
    ),
    (
        "business-data-business-data-sync-cronjob",
        "spec.jobTemplate.spec.backoffLimit",
        "workloads/business-data-sync.yaml",
        "job:",
    ),
    (
        "business-data-business-data-sync-cronjob",
        "spec.jobTemplate.spec.template.spec.containers[business-data-sync].args",
        "workloads/business-data-sync.yaml",
        "args:",
    ),
    (
        "course-authentication-deployment",
        "spec.strategy.rollingUpdate.maxSurge",
        "workloads/authentication.yaml",
        "rollout:",
    ),
    ("aks-pool-wg1", "", "Pulumi.prod.yaml", "wg1:"),
    ("aks-pool-wg1", "vmSize", "Pulumi.prod.yaml", "vmSize:"),
    ("aks-pool-wg1", "orchestratorVersion", "Pulumi.prod.yaml", "kubernetesVersion:"),
    ("aks-pool-wg1", "tags.owner", "Pulumi.prod.yaml", "tags:"),
    ("aks-cluster-managed-cluster", "sku.tier", "Pulumi.prod.yaml", "tier:"),
    ("aks-cluster-managed-cluster", "dnsPrefix", "Pulumi.prod.yaml", "dnsPrefix:"),
    ("aks-cluster-managed-cluster", "networkProfile.podCidr", "Pulumi.prod.yaml", "podCidr:"),
    ("aks-cluster-managed-cluster", "identity.type", "Pulumi.prod.yaml", "cluster:"),
    ("aks-network-virtual-network", "addressSpace", "Pulumi.prod.yaml", "addressSpace:"),
    ("aks-backup-storage-account", "", "Pulumi.prod.yaml", "backup:"),
    ("aks-resource-group", "", "Pulumi.prod.yaml", "resourceGroup:"),
    ("course-quota", 'spec.hard["requests.cpu"]', "Pulumi.prod.yaml", "quota:"),
    ("course-role-deployer", "rules", "Pulumi.prod.yaml", "access:"),
    ("business-data-pull-registry-credentials", "", "Pulumi.prod.yaml", "pullSecrets:"),
    ("course-default-deny", "spec", "Pulumi.prod.yaml", "course:"),
    ("ingress-host-public", "", "Pulumi.prod.yaml", "public:"),
    ("ingress-host-public", "spec.tls", "Pulumi.prod.yaml", "tls:"),
    ("aks-workload-blob-service-identity", "", "workloads/blob-service.yaml", "name: blob-service"),
    ("aks-platform-prod", "", "Pulumi.prod.yaml", f"{PATH}:"),
]


@pytest.mark.parametrize(("name", "path", "file", "text"), SAID)
def test_a_property_is_at_the_line_of_the_key_that_makes_it(sources, name, path, file, text):
    place = found(sources, name, path)

    assert place.file == file
    assert line_of(place).startswith(text)
    assert not place.gone


def test_what_the_stack_overrides_is_at_the_stacks_line(sources):
    place = found(sources, "course-blob-service-autoscaler", "spec.maxReplicas")

    assert place.file == "Pulumi.prod.yaml"
    assert line_of(place).startswith("autoscale:")


def test_the_longest_path_of_a_table_counts_wherever_it_stands():
    rows = {"a.b": "long", "a": "short", "a[*].c": "any.{0}"}

    assert _filled(rows, ("a", "b", "x"), ("above",)) == ("above", "long")
    assert _filled(rows, ("a", "x", "c"), ()) == ("any", "x")
    assert _filled(rows, ("z",), ("above",)) == ("above",)


def test_what_no_yaml_makes_is_at_its_component(sources):
    place = found(sources, "aks-identity-kubelet")

    assert place.file == "components/azure/identity.py"
    assert line_of(place).startswith("class Identity(")


def test_every_resource_of_every_stack_has_a_place_in_a_file_that_is_there():
    for stack in ("dev", "prod", "local"):
        plan = planned(stack)
        asked = [(it.urn, "") for it in plan.resources]
        known = dict(places(asked, plan, read_sources(ROOT, stack)))

        assert set(known) == {it.urn for it in plan.resources}
        for place in known.values():
            assert 1 <= place.line <= (ROOT / place.file).read_text().count("\n")


def test_a_workloads_objects_are_in_no_other_workloads_file(sources):
    plan = planned("prod")
    known = dict(places([(it.urn, "") for it in plan.resources], plan, sources))
    rows = {it.urn: it for it in plan.resources}
    for name, place in known.items():
        parent = rows.get(rows[name].parent)
        if parent and parent.type.endswith(":Workload") and place.file.startswith("workloads/"):
            own = place.file.removeprefix("workloads/").removesuffix(".yaml")
            assert parent.name.endswith(f"-{own}")


def without(plan, *names):
    return replace(plan, resources=tuple(it for it in plan.resources if it.name not in names))


def test_what_is_gone_is_told_where_its_workload_still_is(sources):
    head = without(planned("prod"), "course-web-service")
    asked = [(urn("course-web-service"), "")]
    [(_, place)] = places(asked, head, sources, planned("prod"))

    assert line_of(place).startswith("service:")
    assert not place.gone


def left(sources, name):
    """The sources without one workload's file."""
    catalogue = {key: it for key, it in sources.catalogue.items() if key != name}
    return replace(sources, catalogue=catalogue)


def test_what_is_gone_with_its_file_is_told_where_it_was_described(sources):
    head, base = without(planned("prod"), WEB, "course-web"), planned("prod")
    was = Place(file="workloads/web.yaml", line=2, gone=True)
    asked = [(urn(WEB), ""), (urn(WEB), "spec.replicas"), (urn("course-web"), "")]
    found = dict(places(asked, head, left(sources, "web"), base, lambda: {"course-web": was}))

    assert found == {urn(WEB): was, urn("course-web"): was}


def test_the_identity_of_a_workload_that_is_gone_is_told_where_the_workload_was(sources):
    name = "aks-workload-blob-service-identity"
    head = without(planned("prod"), name, "aks-workload-blob-service")
    was = Place(file="workloads/blob-service.yaml", line=2, gone=True)
    rest = left(sources, "blob-service")
    found = places([(urn(name), "")], head, rest, planned("prod"), lambda: {"blob-service": was})

    assert found == ((urn(name), was),)


def test_what_is_gone_with_its_file_has_no_place_where_nobody_knows_the_bases_files(sources):
    head, base = without(planned("prod"), WEB, "course-web"), planned("prod")

    assert places([(urn(WEB), "")], head, left(sources, "web"), base) == ()


def test_the_bases_files_are_asked_once_and_only_for_what_is_gone_with_its_file(sources):
    asked = []
    head, base = without(planned("prod"), WEB, "course-web-service"), planned("prod")
    wanted = [(urn(WEB), ""), (urn("course-web-service"), ""), (urn(WEB), "spec.replicas")]
    places(wanted, head, sources, base, lambda: asked.append("asked") or {})
    assert asked == []
    places(wanted, head, left(sources, "web"), base, lambda: asked.append("asked") or {})
    assert asked == ["asked"]


def test_what_the_stack_leaves_out_is_at_the_line_that_says_so():
    given = read_sources(ROOT, "prod")
    given.document.data["config"][PATH]["workloads"]["redis"] = None
    head = without(planned("prod"), "course-redis-statefulset")
    asked = [(urn("course-redis-statefulset"), "")]
    [(_, place)] = places(asked, head, given, planned("prod"))

    assert (place.file, place.gone) == ("Pulumi.prod.yaml", False)
    assert line_of(place) != f"{PATH}:"


def test_a_key_at_the_top_of_a_file_is_found_without_a_parser_where_the_parser_finds_it(sources):
    for document in sources.catalogue.values():
        for key in document.data:
            assert _top_line(document.text, key, "name") == document.line((key,))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# a\nname: x\nservice: 80\n", 3),
        ("name: x\n", 1),
        ("name: x\nargs: |\n  service: 1\n", 1),
        ('name: x\n"service": 80\n', 0),
        ("{name: x, service: 80}\n", 0),
        ("# a\n{name: x}\n", 0),
        ("# a\n{service: 80,\nname: x}\n", 0),
        ("<<: *base\nname: x\n", 0),
        ("", 0),
    ],
)
def test_what_only_a_parser_can_tell_is_left_to_it(text, line):
    assert _top_line(text, "service", "name") == line


def test_a_finding_that_names_a_resource_alone_gets_its_urn():
    plan = planned("prod")
    findings = [
        Finding(rule="a", severity="advisory", resource=it, message="x", urn=own)
        for it, own in (("Namespace logging", ""), ("the program", ""), ("pool wg1", "urn:own"))
    ]
    review = replace(empty(), findings=tuple(findings))

    assert [it.urn for it in identified(review, plan, plan).findings] == [
        urn("logging-namespace"),
        "",
        "urn:own",
    ]
    assert identified(empty(), plan, plan) == empty()


def test_a_urn_of_neither_plan_has_no_place(sources):
    assert places([("urn:other", "spec")], planned("prod"), sources, planned("dev")) == ()


def test_a_path_is_kept_only_where_its_line_is_its_own(sources):
    asked = [(urn(WEB), ""), (urn(WEB), "spec.replicas"), (urn(WEB), "spec.selector")]
    known = dict(places(asked, planned("prod"), sources))

    assert set(known) == {urn(WEB), f"{urn(WEB)}#spec.replicas"}


def test_a_blue_green_pool_is_found_by_its_key():
    plan = planned("prod")
    rows = tuple(
        replace(it, inputs={**it.inputs, "agentPoolName": "wg1ab12"})
        if it.name == "aks-pool-wg1"
        else it
        for it in plan.resources
    )
    given = read_sources(ROOT, "prod")
    given.document.data["config"][PATH]["nodePools"]["wg1"]["blueGreen"] = True
    [(_, place), *_] = places([(urn("aks-pool-wg1"), "")], replace(plan, resources=rows), given)

    assert line_of(place).startswith("wg1:")


@settings(max_examples=200, deadline=None)
@given(path=texts | st.builds("spec.template.spec.containers[{}].env[{}]".format, texts, texts))
def test_no_path_is_too_odd(path):
    known = places([(WEB_URN, path)], planned("prod"), read_sources(ROOT, "prod"))

    assert {place.file for _, place in known} <= {"workloads/web.yaml", "Pulumi.prod.yaml"}


def test_all_that_a_review_tells_is_asked_for():
    asked = asked_of(rich())

    assert {(POOL_URN, ""), (POOL_URN, "vmSize")} <= asked
    assert ("", "") not in asked


def keys():
    below = ("workloads", "x")
    tables = [(it, below) for it in origin_keys.WORKLOAD.values()]
    tables += [(it, below) for it in origin_keys.BY_NAME.values()]
    tables += [(origin_keys.CONTAINER, below), (origin_keys.CONTAINER, (*below, "containers", "x"))]
    tables += [(origin_keys.POD, below), (origin_keys.POOL, ("nodePools", "x"))]
    tables += [(it, ("namespaces", "x")) for it in origin_keys.TENANT.values()]
    tables += [(origin_keys.HOST, ("ingress", "hosts", "x")), (origin_keys.CLUSTER, ())]
    tables += [(it, ()) for it in origin_keys.AZURE.values()]
    tables += [({name: key}, ()) for name, key in origin_keys.SECTIONS.items()]
    tables += [({name: f"/{it[1]}"}, ()) for name, it in origin_keys.NAMED_AFTER.items()]
    for rows, above in tables:
        for key in rows.values():
            named = key.replace("{name}", "viewer").removeprefix("/")
            steps = tuple(it for it in named.split(".") if it)
            yield (() if key.startswith("/") else above) + steps


@pytest.mark.parametrize("key", sorted(set(keys())), ids=".".join)
def test_every_key_of_the_table_is_in_the_models(key):
    for at in range(1, len(key) + 1):
        model = model_at(Settings, key[: at - 1])
        if model:
            assert key[at - 1] in {it.alias for it in model.model_fields.values()}, key[:at]
        else:
            assert container_at(Settings, key[: at - 1]) in (dict, list), key[:at]


def test_every_component_class_of_the_program_is_in_the_table_or_made_by_no_yaml():
    named = {
        *origin_keys.SECTIONS,
        *origin_keys.NAMED_AFTER,
        "Workload",
        "Tenant",
        "Chart",
        "WorkloadIdentity",
    }
    made = {
        it.type.rpartition(":")[2]
        for stack in ("dev", "prod", "local")
        for it in planned(stack).resources
        if it.type.startswith("aks-platform:")
    }

    assert made - named == {"Identity"}
