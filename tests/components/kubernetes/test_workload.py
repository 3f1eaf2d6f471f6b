import json
import re

import pytest

from components.kubernetes.estate import Estate
from components.kubernetes.workload import STARTS_PODS, Workload, WorkloadArgs
from manifests.controller import API_VERSIONS
from tests import samples
from tests.engine import registered
from tests.manifests import samples as manifests


def planned(name="web", ingress=True, **changes):
    """The rows of one workload alone, by role."""

    def build():
        args = samples.workload(name, **changes)
        if not ingress:
            args = WorkloadArgs(estate=args.estate, workload=args.workload, tenant=args.tenant)
        Workload("it", args)

    rows = [row for row in registered(build) if row.parent == "it"]
    return {row.name.removeprefix("it-"): row for row in rows}


def test_every_object_waits_for_the_namespace_or_for_what_waits_for_it():
    for role, row in planned().items():
        bounds = {"shop-quota", "shop-limits"}
        assert "shop-namespace" in row.dependencies or bounds <= {*row.dependencies}, role


def test_pods_wait_for_quota_and_defaults_as_they_count_from_a_pods_creation():
    assert {"shop-quota", "shop-limits"} <= {*planned()["deployment"].dependencies}
    assert {"shop-quota", "shop-limits"} <= {*planned("redis")["statefulset"].dependencies}
    assert "shop-quota" not in planned()["service"].dependencies


@pytest.mark.parametrize(("kind", "kept"), [("job", {}), ("cronjob", {"cases": 1})])
def test_cases_stay_for_the_runs_under_way_of_a_cron_job_and_not_for_a_job(kind, kept):
    subject = manifests.of_kind(kind, job={"cases": ["a", "b"]}, ports={}, service=None)
    heard = []

    async def build():
        of = Estate.of(manifests.stack(subject), {}, {})
        Workload("it", WorkloadArgs(estate=of, workload=subject, tenant=samples.tenant(of)))
        heard.append(await of.history.output().future())

    registered(build, preview=False)
    noted = json.loads(heard[0]).get("it", {})
    assert {role: len(versions) for role, versions in noted.items()} == kept


def test_every_kind_of_controller_counts_as_one_that_starts_pods():
    assert set(API_VERSIONS) == STARTS_PODS


def test_pods_wait_for_what_they_read():
    rows = planned()
    reads = {"it-service-account", "it-vault-shop-kv", "it-config-env-"}
    dependencies = {re.sub("[0-9a-f]{10}$", "", it) for it in rows["deployment"].dependencies}
    assert reads <= dependencies


def test_a_route_waits_for_the_controller_that_gives_it_an_address():
    assert "ingress-controller" in planned()["route-public"].dependencies
    assert "ingress-controller" not in planned()["service"].dependencies


def test_a_route_on_a_cluster_with_a_controller_of_its_own_waits_for_none():
    assert planned(ingress=False)["route-public"].dependencies == ("shop-namespace",)


@pytest.mark.parametrize(
    ("name", "changes", "kept"),
    [
        ("web", {"protect": True}, []),
        ("redis", {"protect": True}, ["statefulset"]),
        ("redis", {"protect": False}, []),
        ("redis", {"protect": True, "disks": "emptyDir"}, []),
    ],
)
def test_protect_keeps_what_holds_data_and_nothing_else(name, changes, kept):
    rows = planned(name, **changes)
    assert [role for role, row in rows.items() if row.options.get("protect")] == kept


def test_a_claim_of_its_own_is_kept():
    data = {"mountPath": "/data", "disk": {"size": "8Gi"}}

    def build():
        of = samples.stack(protect=True).model_copy(
            update={"workloads": {"web": samples.web(volumes={"data": data}, autoscale=None)}}
        )
        estate = samples.Estate.of(of, {}, {"web": "client"})
        args = WorkloadArgs(
            estate=estate, workload=of.workloads["web"], tenant=samples.tenant(estate)
        )
        Workload("it", args)

    rows = [row for row in registered(build) if row.parent == "it"]
    kept = {row.inputs["kind"] for row in rows if row.options.get("protect")}
    assert kept == {"PersistentVolumeClaim"}


def test_its_objects_are_all_it_registers():
    def build():
        names.extend(it.pulumi_resource_name for it in Workload("it", samples.workload()).objects)

    names = []
    rows = registered(build)
    assert sorted(names) == sorted(row.name for row in rows if row.parent == "it")
