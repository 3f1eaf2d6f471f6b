"""The whole program on the shipped stacks, through the recorder: what `./aks preview` plans."""

import json
import re
import runpy
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pulumi
import pytest
import yaml

from manifests import Values, estate
from manifests.secrets import names
from review.plan import SECRET, UNKNOWN, Plan, PlanError
from review.planner import plan_stacks
from review.recorder import record
from settings.load import load
from settings.secret_keys import secret_keys
from tests.engine import assert_golden, registered

ROOT = Path(__file__).parents[1]
STACKS = ("dev", "prod", "local")
ON_AKS = ("dev", "prod")
KUBERNETES = "1.35"
RELEASE = "kubernetes:helm.sh/v3:Release"
PROVIDER = "pulumi:providers:kubernetes"
PLANTED = "planted-secret-value"

every_stack = pytest.mark.parametrize("stack", STACKS)


@cache
def plans() -> dict[str, Plan | PlanError]:
    return plan_stacks(ROOT, STACKS, kubernetes_version=KUBERNETES)


def resources(stack):
    plan = plans()[stack]
    assert isinstance(plan, Plan), plan
    return plan.resources


def objects(stack):
    return [it for it in resources(stack) if it.type.startswith("kubernetes:")]


def of_type(stack, ending):
    return [it for it in resources(stack) if it.type.endswith(f":{ending}")]


def short(urns):
    return {urn.split("::", 3)[3] for urn in urns}


def logical(group, part):
    name = f"{group.name}-{part.role}"
    if not part.manifest.get("immutable"):
        return name
    return f"{name}-{part.manifest['metadata']['name'].rpartition('-')[2]}"


def rendered(stack):
    """Group and part of every object that `manifests` has for the stack, by logical name."""
    settings = load(ROOT, stack)
    unset = dict.fromkeys((it.key for it in secret_keys(settings)), "unset")
    values = Values(
        client_ids=dict.fromkeys(settings.workloads, UNKNOWN),
        secret_names=names(stack, settings, unset),
    )
    groups = [*estate.groups(settings, values)]
    found = {logical(it, part): (it, part) for it in groups for part in it.parts}
    assert len(found) == sum(len(it.parts) for it in groups), "logical names are unique"
    return found


def without_secrets(manifest):
    """As a plan shows it."""
    if manifest["kind"] != "Secret":
        return manifest
    hidden = {"data", "stringData"} & manifest.keys()
    return {**manifest, **dict.fromkeys(hidden, SECRET)}


@every_stack
def test_its_plan_is_its_golden_file(stack):
    plan = plans()[stack]
    assert isinstance(plan, Plan), plan
    assert_golden(f"plan-{stack}", plan.to_json())


@every_stack
def test_every_object_is_registered_as_it_is_rendered_and_nothing_else_is(stack):
    registered = {it.name: it for it in objects(stack) if it.type != RELEASE}
    wanted = rendered(stack)
    assert set(registered) == set(wanted)
    for name, (_, part) in wanted.items():
        assert registered[name].inputs == without_secrets(part.manifest), name


@every_stack
def test_every_object_is_in_the_component_of_its_group(stack):
    components = {it.urn: it for it in resources(stack)}
    for name, (group, _) in rendered(stack).items():
        [row] = [it for it in objects(stack) if it.name == name]
        parent = components[row.parent]
        assert parent.type == f"aks-platform:kubernetes:{group.component}"
        assert parent.name == group.name


@every_stack
def test_every_object_waits_for_the_parts_it_names(stack):
    rows = {it.name: it for it in objects(stack)}
    for name, (group, part) in rendered(stack).items():
        named = {logical(group, it) for it in group.parts if it.role in part.after}
        assert len(named) == len(part.after)
        assert named <= short(rows[name].dependencies), name


@every_stack
def test_components_stand_side_by_side_so_that_one_does_not_protect_another(stack):
    ours = [it for it in resources(stack) if it.type.startswith("aks-platform:kubernetes:")]
    parents = {it.parent for it in ours}
    assert short(parents) == {f"aks-platform-{stack}"}


@every_stack
def test_every_object_lands_on_the_one_explicit_provider(stack):
    [provider] = [it for it in resources(stack) if it.type == PROVIDER]
    assert provider.name == "cluster"
    assert objects(stack)
    assert {it.provider.rpartition("::")[0] for it in objects(stack)} == {provider.urn}


@every_stack
def test_every_workload_of_the_catalogue_is_planned_with_one_controller(stack):
    names = {path.stem for path in (ROOT / "workloads").glob("*.yaml")}
    kinds = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
    planned = Counter(
        it.inputs["metadata"]["name"] for kind in kinds for it in of_type(stack, kind)
    )
    assert planned == Counter(names)


@pytest.mark.parametrize("stack", ON_AKS)
def test_the_provider_waits_for_every_node_pool_and_knows_its_cluster_by_a_literal(stack):
    [provider] = [it for it in resources(stack) if it.type == PROVIDER]
    assert {it.name for it in of_type(stack, "AgentPool")} <= short(provider.dependencies)
    assert provider.inputs["clusterIdentifier"] == f"aks-course-{stack}"
    assert provider.inputs["kubeconfig"] == SECRET


@pytest.mark.parametrize("stack", ON_AKS)
def test_the_controller_comes_as_a_release_and_before_every_route(stack):
    [release] = [it for it in resources(stack) if it.type == RELEASE]
    routes = of_type(stack, "Ingress")
    routes = [it for it in routes if it.type.startswith("kubernetes:networking")]
    assert routes
    assert [it.name for it in routes if release.urn not in it.dependencies] == []


def kept(stack):
    return [it for it in resources(stack) if it.options.get("protect")]


def test_prod_keeps_its_cluster_its_namespaces_and_its_data_and_no_deployment():
    types = {it.type.rpartition(":")[2] for it in kept("prod")}
    assert {"ManagedCluster", "VirtualNetwork", "Namespace", "StatefulSet"} <= types
    assert types.isdisjoint({"Deployment", "Job", "CronJob", "Secret", "ConfigMap", "Role"})
    namespaces = {it.name for it in of_type("prod", "Namespace")}
    assert namespaces <= {it.name for it in kept("prod")}


@pytest.mark.parametrize("stack", ["dev", "local"])
def test_a_stack_that_protects_nothing_has_nothing_protected(stack):
    assert kept(stack) == []


def test_local_has_no_azure_resource_no_chart_and_no_key_vault():
    types = {it.type for it in resources("local")}
    assert [it for it in types if "azure" in it or it == RELEASE] == []
    assert of_type("local", "SecretProviderClass") == []
    assert of_type("local", "PersistentVolumeClaim") == []


def test_local_is_planned_without_importing_azure_or_the_kubernetes_sdk():
    program = (
        "import sys; from pathlib import Path; from review.recorder import record;"
        f"record(Path({str(ROOT)!r}), 'local');"
        "print([it for it in sys.modules if it.split('.')[0] in"
        " ('pulumi_azure_native', 'pulumi_kubernetes')])"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", "eight azure-native modules take 0.75 s to import"


@pytest.mark.parametrize("stack", ON_AKS)
def test_a_stack_tells_its_cluster_its_kubeconfig_as_a_secret_and_its_hosts(stack):
    outputs = plans()[stack].outputs
    assert outputs["clusterName"] == UNKNOWN or outputs["clusterName"] == f"aks-course-{stack}"
    assert outputs["kubeconfig"] == SECRET
    assert set(outputs["hosts"]) == {"public", "admin"}


def test_hosts_differ_from_stack_to_stack():
    hosts = [host for stack in STACKS for host in plans()[stack].outputs["hosts"].values()]
    assert len(set(hosts)) == len(hosts)


def test_a_secret_that_is_set_is_in_no_line_of_the_plan(capfd):
    given = {
        "aks-platform:shop-kv-AZURE-PASSWORD": {"secure": PLANTED},
        "aks-platform:business-data-registry-credentials": {"secure": PLANTED},
    }
    plan = record(ROOT, "local", config_overrides=given)
    secrets = [it for it in plan.resources if it.type == "kubernetes:core/v1:Secret"]
    named = [re.sub("-[0-9a-f]{8}$", "-HASH", it.name) for it in secrets]
    assert sorted(named) == [
        "business-data-pull-registry-credentials",
        "course-blob-service-vault-shop-kv-HASH",
    ]
    assert [it.inputs["stringData"] for it in secrets] == [SECRET] * 2
    said = capfd.readouterr()
    assert PLANTED not in plan.to_json() + said.out + said.err
    assert "is not set" not in said.err


def test_a_secret_that_is_not_set_is_told_with_the_command_that_sets_it(capfd):
    record(ROOT, "local")
    said = capfd.readouterr().err
    for key in ("shop-kv-AZURE-PASSWORD", "business-data-registry-credentials"):
        assert f"pulumi config set --stack local --secret {key}" in said


def test_a_fault_in_the_settings_is_the_whole_message_with_its_key():
    given = {"aks-platform:settings": {"environment": "Dev", "target": "moon"}}
    with pytest.raises(PlanError) as caught:
        record(ROOT, "dev", config_overrides=given)
    message = str(caught.value)
    assert "faults in the settings" in message.splitlines()[0]
    assert "aks-platform:settings.target" in message
    assert "Traceback" not in message


def run(settings, *, preview=True):
    """The program as the engine starts it, on `settings` as the engine hands them out."""
    config = {"aks-platform:settings": json.dumps(settings)}
    program = str(ROOT / "__main__.py")
    registered(
        lambda: runpy.run_path(program, run_name="__main__"),
        stack="local",
        config=config,
        preview=preview,
    )


def local_settings():
    document = yaml.safe_load((ROOT / "Pulumi.local.yaml").read_text())
    return document["config"]["aks-platform:settings"]


def test_a_fault_in_the_settings_ends_the_program_without_a_stack_trace():
    with pytest.raises(pulumi.RunError, match=r"settings\.environment"):
        run({**local_settings(), "environment": "Not A Label"})


def test_up_goes_to_no_remote_cluster_that_a_shell_points_at(tmp_path, monkeypatch):
    kubeconfig = tmp_path / "config"
    kubeconfig.write_text(
        """
        current-context: prod
        contexts: [{name: prod, context: {cluster: prod}}]
        clusters: [{name: prod, cluster: {server: "https://prod.example:443"}}]
        """
    )
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
    run(local_settings())
    with pytest.raises(pulumi.RunError, match=r"settings\.kubeconfig\.context"):
        run(local_settings(), preview=False)


def test_the_program_is_a_table_of_contents():
    assert len((ROOT / "__main__.py").read_text().splitlines()) <= 60


def test_workloads_wait_for_nodes_and_rights_and_for_no_alert_backup_or_window():
    [provider] = [it for it in resources("prod") if it.type == PROVIDER]
    waits_for = {it.split("::")[2].split("$")[1] for it in provider.dependencies}

    assert waits_for == {
        f"aks-platform:azure:{it}"
        for it in ("Cluster", "Identity", "Network", "NodePools", "WorkloadIdentity")
    }
