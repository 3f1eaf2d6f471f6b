import pytest

from components.kubernetes.tenant import BOUNDS
from tests.engine import registered
from tests.samples import estate, tenant


def planned(**changes):
    return {row.name: row for row in registered(lambda: tenant(estate(**changes)))}


def test_everything_in_it_waits_for_its_namespace():
    rows = planned()
    inside = [row for row in rows.values() if "namespace" in row.inputs.get("metadata", {})]
    assert len(inside) > 5
    assert [row.name for row in inside if "shop-namespace" not in row.dependencies] == []


@pytest.mark.parametrize("protect", [True, False])
def test_protect_keeps_the_namespace_and_leaves_what_is_at_times_replaced(protect):
    rows = planned(protect=protect)
    kept = [row.name for row in rows.values() if row.options.get("protect")]
    assert kept == (["shop-namespace"] if protect else [])


def test_its_output_is_the_name_of_the_namespace():
    assert planned()["shop"].outputs == {"namespace": "shop"}


def test_its_registry_credentials_are_hidden():
    secret = planned()["shop-pull-registry"]
    assert secret.inputs["stringData"] == {"$secret": True}


def test_a_pod_waits_for_every_bound_that_only_counts_for_later_ones():
    waits = []
    names = {}

    def build():
        made = tenant(estate())
        waits.extend(made.before_pods)
        names.update({it: it.pulumi_resource_name for it in waits})

    rows = {row.name: row for row in registered(build)}
    kinds = {rows[names[it]].inputs["kind"] for it in waits}
    assert kinds == BOUNDS
    assert all(rows[names[it]].dependencies == ("shop-namespace",) for it in waits)
