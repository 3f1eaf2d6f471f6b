from components.kubernetes.estate import Estate
from components.kubernetes.priorities import Priorities, PrioritiesArgs
from components.kubernetes.tenant import Tenant, TenantArgs
from components.kubernetes.workload import Workload, WorkloadArgs
from tests import samples
from tests.engine import registered
from tests.manifests.samples import stack, values, web


def planned(**changes):
    settings = stack(web(**changes), priorityClasses=samples.PRIORITIES)

    def build():
        estate = Estate.of(settings, {}, values(settings).client_ids)
        ranks = Priorities("priorities", PrioritiesArgs(estate=estate))
        tenant = Tenant("shop", TenantArgs(estate=estate, namespace="shop"))
        workload = settings.workloads["web"]
        args = WorkloadArgs(estate=estate, workload=workload, tenant=tenant, priorities=ranks)
        Workload("shop-web", args)

    return {row.name: row for row in registered(build)}


def ranks_before_pods(rows):
    return sorted(it for it in rows["shop-web-deployment"].dependencies if "priorities" in it)


def test_pods_that_name_a_class_wait_for_the_classes():
    found = ranks_before_pods(planned(priorityClass="live"))
    assert found == ["priorities-batch", "priorities-live"]


def test_others_do_not():
    assert ranks_before_pods(planned()) == []


def test_a_class_whose_value_changes_is_replaced_as_the_api_changes_none():
    options = planned()["priorities-live"].options
    assert set(options["replaceOnChanges"]) == {"value", "preemptionPolicy"}
    assert options["deleteBeforeReplace"] is True
