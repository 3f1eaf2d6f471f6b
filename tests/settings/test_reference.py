"""The reference has every key, and what it says a key becomes is what is rendered."""

import json
import re
from copy import deepcopy

import pytest
import yaml

from settings import reference
from settings.mounts import ProjectedSource
from settings.reference_rows import Row
from settings.stack import Image, Settings
from settings.workload import Workload
from tests.components.azure import rich as azure_rich
from tests.manifests import rich, samples
from tests.program import STACKS, planned

WORKLOAD, STACK = reference.PAGES
NAMES = {
    "<name>": "data",
    "<folder>": "/data",
    "<file>": "labels.txt",
    "<VARIABLE>": "VALUE",
    "<SECRET>": "PASSWORD",
    "<Kind>": "Deployment",
    "<address>": "10.60.4.9",
}
STEP = re.compile(r'\["(?P<quoted>[^"]+)"\]|(?P<item>\[\])|(?P<key>[^.\[]+)')

SCOPE = (
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers/"
    "Microsoft.Storage/storageAccounts/archive"
)
JOB = {"kind": "job", "service": None, "ports": {}}
INDEXED = {**JOB, "job": {"completions": 6, "completionMode": "Indexed"}}
BALANCED = {"service": {"type": "LoadBalancer"}}
NO_PORT = {"port": None, "targetPort": None}
TWO_PORTS = {"service": {**NO_PORT, "ports": {"http": 80, "metrics": 9100}}}
SCALED = {"autoscale": {"min": 1, "max": 5}}
UP = {"autoscale": {"min": 2, "max": 5, "behavior": {"scaleUp": {}}}}
ROUTED = {"routes": [{"host": "public", "path": "/"}]}
CANARY = {"replicas": 4, "release": {"strategy": "canary", "step": 1}}
WEIGHED = {**ROUTED, **CANARY, "release": {"strategy": "canary", "step": 1, "by": "requests"}}
CHECKED = {"probes": {"startup": {"tcpSocket": {}}}}

NEEDS = {
    "Workload.disruption": {"replicas": 3},
    "Workload.job": JOB,
    "Workload.cron": {**JOB, "kind": "cronjob", "cron": {"schedule": "0 1 * * *"}},
    "Workload.spread": {"replicas": 2},
    "ContainerSettings.mounts": {"volumes": {"data": {"emptyDir": {"sizeLimit": "1Gi"}}}},
    "ContainerPort": {"ports": {"data": {"port": 8081}}},
    "ServicePort": {"service": {**NO_PORT, "ports": {"data": {"port": 80, "targetPort": "http"}}}},
    "ServicePort.nodePort": {"service": {"type": "NodePort"}},
    "Service.ports": {"service": NO_PORT},
    "Service.nodePort": {"service": {"type": "NodePort"}},
    "Service.sessionAffinitySeconds": {"service": {"sessionAffinity": "ClientIP"}},
    "Service.internal": BALANCED,
    "Service.subnet": BALANCED,
    "Service.allowedSources": BALANCED,
    "Service.externalTrafficPolicy": BALANCED,
    "Route": ROUTED,
    "Route.port": {**ROUTED, **TWO_PORTS},
    "Metrics": {"metrics": {"port": "metrics"}},
    "Autoscale": SCALED,
    "Metric": {"autoscale": {"min": 1, "max": 5, "metrics": {"data": {"averageValue": "1"}}}},
    "Metric.value": {
        "autoscale": {"metrics": {"data": {"averageValue": None, "type": "External"}}}
    },
    "Metric.object": {"autoscale": {"metrics": {"data": {"type": "Object"}}}},
    "ScalingBehavior": SCALED,
    "ScalingRules": UP,
    "ScalingPolicy": UP,
    "ScalingPolicy.periodSeconds": {
        "autoscale": {"behavior": {"scaleUp": {"policies": [{"pods": 2}]}}}
    },
    "SpreadRule": {"replicas": 2},
    "Disruption": {"replicas": 3},
    "Toleration": {"tolerations": [{"key": "gpu", "effect": "NoExecute"}]},
    "Rollout": {"replicas": 2},
    "Release.steps": CANARY,
    "Release.step": {"replicas": 4, "release": {"strategy": "canary"}},
    "Release.by": {**ROUTED, **CANARY},
    "Release.match": WEIGHED,
    "Release.active": {"release": {"strategy": "blueGreen"}},
    "Match": {**WEIGHED, "release": {**WEIGHED["release"], "match": {"value": "never"}}},
    "Match.value": {"release": {"match": {"header": "X-Candidate"}}},
    "JobRun": JOB,
    "JobRun.maxFailedIndexes": {"job": {"backoffLimitPerIndex": 1}},
    "JobRun.backoffLimitPerIndex": INDEXED,
    "JobRun.successPolicy": INDEXED,
    "SuccessPolicy": INDEXED,
    "Cases": JOB,
    "Cases.mountPath": {"job": {"cases": {"list": ["login"]}}},
    "Cron": {**JOB, "kind": "cronjob", "cron": {"schedule": "0 1 * * *"}},
    "Patch": {
        "patch": {
            "Deployment": {"reason": "nobody has a setting", "merge": {"spec": {"paused": False}}}
        }
    },
    "Container": {"containers": {"data": {"args": ["run"]}}},
    "SecurityException": {
        "security": {"exception": {"level": "privileged", "reason": "needs the node"}}
    },
    "EnvSource.config": {"config": {"env": {"LOG_LEVEL": "info"}}},
    "EnvSource.secret": {"secrets": {"PASSWORD": {}}},
    "Mount": {"mounts": {"/data": {"volume": "other"}}},
    "ConfigData.mountPath": {"config": {"files": {"a.txt": "a"}}},
    "ConfigData.files": {"config": {"mountPath": "/etc/shop"}},
    "WorkloadSecret": {"secrets": {"PASSWORD": {"mountPath": "/mnt/other"}}},
    "WorkloadSecret.mountPath": {"secrets": {"PASSWORD": {"vault": "shop-kv"}}},
    "ExistingSecret": {
        "secrets": {
            "PASSWORD": {"mountPath": "/mnt/secrets", "existing": {"name": "of", "key": "it"}}
        }
    },
    "Volume.mountPath": {"volumes": {"data": {"emptyDir": {"sizeLimit": "1Gi"}}}},
    "Volume.readOnly": {
        "volumes": {"data": {"mountPath": "/data", "emptyDir": {"sizeLimit": "1Gi"}}}
    },
    "EmptyDir": {"volumes": {"data": {"emptyDir": {"sizeLimit": "1Gi"}}}},
    "Disk": {"volumes": {"data": {"disk": {"size": "1Gi"}}}},
    "HostPath": {"volumes": {"data": {"hostPath": {"path": "/var"}}}},
    "ExistingObject": {"volumes": {"data": {"configMap": {"name": "other"}}}},
    "RoleRule": {
        "serviceAccount": {"rules": [{"resources": ["deployments"], "verbs": ["delete"]}]},
    },
    "AzureIdentity.roles": {"azureIdentity": {"shared": None}},
    "AzureRole": {
        "azureIdentity": {"roles": {"data": {"role": "Storage Blob Data Reader", "scope": SCOPE}}}
    },
    "ServiceAccount.allowEscalation": {"serviceAccount": {"token": True}},
    "ServiceAccountToken": {"volumes": {"data": {"projected": [{"token": {"audience": "one"}}]}}},
    "Grpc": {"probes": {"startup": {"grpc": {"port": "http"}}}},
    "Probe.initialDelaySeconds": CHECKED,
    "Probe.periodSeconds": CHECKED,
    "Probe.timeoutSeconds": CHECKED,
    "Probe.successThreshold": CHECKED,
    "Probe.failureThreshold": CHECKED,
    "Probe.terminationGracePeriodSeconds": CHECKED,
}
"""What a sample workload has beside the example: of a section, and over it of a single key."""

HOLDS = {
    "ServiceAccount.rules": ["get", "web"],
    "ServiceAccount.roles": ["configmaps"],
    "Workload.availability": ["2", "1", "DoNotSchedule"],
    "Workload.containers": ["migrate"],
    "Workload.autoscale": ["2", "5", "70"],
    "Workload.config": ["debug"],
    "Workload.secrets": ["PASSWORD", "csi.k8s.io"],
    "Workload.uses": ["1433", "10.60.4.0/28"],
    "Workload.metrics": ["9100"],
    "Metrics.port": ["8080"],
    "Workload.release": ["Recreate"],
    "Workload.job": ["3"],
    "Workload.cron": ["*/5 * * * *"],
    "Workload.kind": ["StatefulSet"],
    "Workload.patch": ["true"],
    "Workload.routes": ["shop.example"],
    "Workload.affinity": ["cache"],
    "Workload.volumes": ["data", "8Gi"],
    "ContainerSettings.probes": ["http"],
    "ContainerSettings.mounts": ["/cache"],
    "Probes.liveness": ["http"],
    "Grpc.port": ["9100"],
    "Metric.object": ["networking.k8s.io/v1", "Ingress", "public"],
    "Affinity.near": ["cache"],
    "Affinity.apart": ["cache"],
    "Release.steps": ["2"],
    "Release.by": ["95", "5"],
    "JobRun.cases": ["2", "Indexed"],
    "Cases.file": ["login-with-password"],
    "Container.before": ["data"],
    "Release.strategy": ["Recreate"],
    "Service.headless": ["None"],
    "Route.host": ["admin.shop.example"],
    "Route.port": ["9100"],
}
"""What the fields hold where that is not the example's own values."""

NOT_SHIPPED = {
    "ActionGroup.webhooks": ["ActionGroup webhookReceivers[].serviceUri"],
    "ContainerInsights.namespaces": [
        "DataCollectionRule dataSources.extensions[].extensionSettings.dataCollectionSettings.namespaces[]"
    ],
    "Grafana.apiKeys": ["Grafana properties.apiKey"],
    "Grafana.majorVersion": ["Grafana properties.grafanaMajorVersion"],
    "Grafana.publicNetworkAccess": ["Grafana properties.publicNetworkAccess"],
    "Grafana.sku": ["Grafana sku.name"],
    "Grafana.zoneRedundant": ["Grafana properties.zoneRedundancy"],
    "Table.retentionDays": ["Table retentionInDays"],
    "Chart.values": ["Release values.replicaCount"],
    "Chart.skipAwait": ["Release skipAwait"],
    "Chart.description": ["Release description"],
}
"""Fields that neither a shipped stack nor the estate of every workload key has, by key."""

IMAGES = {
    "web": {"tag": "1.4.3", "tracks": {"candidate": "1.5.0", "green": "1.5.0"}},
    "proxy": {"tag": "2.0.0"},
    "redis": {"tag": "8.2.3"},
}
ROLES = {"cache-admin": {"rules": [{"resources": ["configmaps"], "verbs": ["get"]}]}}
POOLS = {name: {"min": 1, "max": 3} for name in ("wg1", "wg2")}


def rows(page):
    """Every key of a page that has a row: its section's table, name and row."""
    return [
        (table, name, row)
        for table in reference.tables(page)
        for name, row in page.rows.get(table.model.__name__, {}).items()
        if name in table.keys
    ]


def every(page):
    return [
        pytest.param(table, name, row, id=f"{table.model.__name__}.{name}")
        for table, name, row in rows(page)
    ]


def merged(below, above):
    if not isinstance(below, dict) or not isinstance(above, dict):
        return deepcopy(above)
    return {**below, **{key: merged(below.get(key), value) for key, value in above.items()}}


def steps(place):
    for name, sample in NAMES.items():
        place = place.replace(name, f'["{sample}"]')
    return [
        it["quoted"] or (0 if it["item"] else it["key"])
        for it in STEP.finditer(place)
        if it["quoted"] or it["item"] or it["key"]
    ]


def put(data, path, value):
    """`data` with `value` at `path`, its holders made or copied on the way; a short form on the way is lengthened."""
    if not path:
        return value
    step, *rest = path
    if step == 0:
        return [put(data[0] if data else {}, rest, value), *(data or [])[1:]]
    holder = data if isinstance(data, dict) else {}
    return {**holder, step: put(holder.get(step), rest, value)}


def without(data, path):
    step, *rest = path
    if rest:
        below = without(data[step], rest)
        return [below, *data[1:]] if step == 0 else {**data, step: below}
    if step == 0:
        return data[1:]
    return {key: value for key, value in data.items() if key != step}


def found(value, path):
    """Every value at `path` below `value`."""
    if not path:
        return [value]
    step, *rest = path
    if step == 0:
        return [it for item in value or () for it in found(item, rest)]
    return found(value[step], rest) if isinstance(value, dict) and step in value else []


def wire(table, name, row):
    """A workload with the example and the same without it."""
    section = table.model.__name__
    base = merged(samples.WEB, {"replicas": None})
    base = merged(base, NEEDS.get(section, {}))
    base = merged(base, NEEDS.get(f"{section}.{name}", {}))
    place = steps(table.places[0])
    given = put(base, [*place, name], yaml.safe_load(row.example))
    if found(base, [*place, name]):
        return given, base
    if table.keys[name].is_required() or alone(table.model, found(given, place)[0]):
        return given, without(given, place)
    return given, without(given, [*place, name])


def alone(model, section):
    """Whether nothing would be left that `model` takes."""
    return len(section) == 1 and (hasattr(model, "ONE_OF") or model is ProjectedSource)


def manifests(data):
    other = samples.web(name="cache", uses=[])
    subject = Workload.model_validate(data)
    cases = subject.job.cases if subject.job else None
    if cases and cases.file:
        assert (samples.ROOT / "workloads" / cases.file).is_file()
        cases.hold(["login-with-password"])
    weighed = subject.release.by == "requests"
    ingress = {**samples.STACK["ingress"], "routing": "VirtualServer" if weighed else "Ingress"}
    parts = samples.parts_of(
        subject,
        other,
        images=IMAGES,
        nodePools=POOLS,
        ingress=ingress,
        roles=ROLES,
        azureIdentities={"uploads": {}},
    )
    made = [it.manifest for it in parts.values()]
    specs = [it["spec"] for it in made if "template" in it.get("spec", {})]
    jobs = [it["spec"]["jobTemplate"]["spec"] for it in made if it["kind"] == "CronJob"]
    return [*made, *({"kind": "Pod", **spec["template"]} for spec in (*specs, *jobs))]


def at(made, target):
    return [
        it for one in made if one["kind"] == target.kind for it in found(one, steps(target.path))
    ]


def leaves(value):
    if isinstance(value, dict):
        return [leaf for it in value.values() for leaf in leaves(it)]
    if isinstance(value, list):
        return [leaf for it in value for leaf in leaves(it)]
    return [value if isinstance(value, str) else json.dumps(value)]


@pytest.mark.parametrize("page", reference.PAGES, ids=lambda it: it.file)
def test_every_key_has_a_row_and_no_row_is_without_a_key(page):
    keys = {table.model.__name__: sorted(table.keys) for table in reference.tables(page)}
    assert {section: sorted(given) for section, given in page.rows.items()} == keys


def test_the_committed_pages_are_fresh():
    assert reference.stale(samples.ROOT) == [], "run ./aks schema and read the diff"


def test_a_stale_or_missing_page_is_named_and_writing_mends_it(tmp_path):
    assert reference.stale(tmp_path) == ["workload.md", "stack.md"]
    reference.write(tmp_path)
    assert reference.stale(tmp_path) == []
    (tmp_path / reference.FOLDER / "stack.md").write_text("")
    assert reference.stale(tmp_path) == ["stack.md"]


@pytest.mark.parametrize(("table", "name", "row"), every(WORKLOAD))
def test_a_key_of_a_workload_becomes_what_its_row_says(table, name, row):
    with_it, without_it = (manifests(it) for it in wire(table, name, row))
    if not row.fields:
        assert (with_it == without_it) == row.becomes.startswith("nothing: "), row.becomes
        return
    fields = [at(with_it, it) for it in row.fields]
    assert all(fields), f"not rendered: {row.becomes}"
    assert [at(without_it, it) for it in row.fields] != fields
    changed = [it for it in row.fields if at(without_it, it) == at(with_it, it)]
    assert not changed, f"the same without the key: {changed}"
    expected = HOLDS.get(f"{table.model.__name__}.{name}")
    text = " ".join(leaf for field in fields for leaf in leaves(field))
    missing = [it for it in expected or leaves(yaml.safe_load(row.example)) if it not in text]
    assert not missing, f"{missing} is not in {text}"


@pytest.mark.parametrize("table", reference.tables(STACK), ids=lambda it: it.model.__name__)
def test_the_examples_of_a_section_of_the_stack_are_valid(table):
    examples = {
        name: yaml.safe_load(STACK.rows[table.model.__name__][name].example) for name in table.keys
    }
    overrides = examples.pop("workloads", None)
    assert overrides is None or table.model is Settings
    inherited = {"tag": "1.4.3"} if table.model is Image else {}
    table.model.model_validate({**inherited, **examples})


@pytest.mark.parametrize(("table", "name", "row"), every(STACK))
def test_a_key_of_a_stack_becomes_a_field_that_some_stack_has(table, name, row):
    plans = [planned(it) for it in STACKS]
    resources = [
        {**it.inputs, "kind": it.type.rpartition(":")[2]} for plan in plans for it in plan.resources
    ]
    resources += azure_rich.resources()
    resources += [part.manifest for group in rich.groups(rich.data()) for part in group.parts]
    missing = [f"{it.kind} {it.path}" for it in row.fields if not at(resources, it)]
    assert missing == NOT_SHIPPED.get(f"{table.model.__name__}.{name}", [])


@pytest.mark.parametrize(
    ("becomes", "fields"),
    [
        ("Pod: spec.dnsPolicy", [("Pod", "spec.dnsPolicy")]),
        ("Job: spec.suspend; Pod: spec", [("Job", "spec.suspend"), ("Pod", "spec")]),
        ("nothing: it is printed", []),
        ("Job: spec.suspend; or nothing", []),
    ],
)
def test_a_row_names_fields_or_tells_in_words(becomes, fields):
    assert Row("1", becomes).fields == fields


def test_a_sentence_ends_where_the_next_begins():
    assert reference.first_sentence("Up to 1.5 GiB. More is refused.") == "Up to 1.5 GiB."
    assert reference.first_sentence("No full stop, e.g. here\nor there") == (
        "No full stop, e.g. here or there"
    )
