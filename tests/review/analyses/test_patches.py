"""Every review tells of what a workload patches, with its reason."""

from review.analyses.patches import patch_findings
from review.kubernetes_schemas import KubernetesSchemas
from review.plan import UNKNOWN, Plan, Resource
from tests.manifests.samples import controller_of, web

REASON = "no setting has this field"


def rows(merge):
    patch = {"Deployment": {"reason": REASON, "merge": {"spec": merge}}}
    for name, given in (("one", {}), ("two", patch)):
        manifest = controller_of(web(patch=given))
        yield Resource(urn=name, type="kubernetes:apps/v1:Deployment", name=name, inputs=manifest)


def plan(merge):
    return Plan(project="p", stack="dev", resources=tuple(rows(merge)), outputs={})


def test_a_patched_object_is_an_advisory_finding_with_its_reason():
    [found] = patch_findings(plan({"paused": True}))
    assert str(found) == (
        f"advisory: Deployment shop/web: is patched beyond the settings: {REASON} [patched-object]"
    )


def test_a_fault_of_a_patched_object_names_the_patch():
    _, patched = rows({"pausd": True})
    [fault] = KubernetesSchemas("1.35").faults(patched)
    assert fault == (
        "spec.pausd: no such field; did you mean 'paused'?; see 'patch' of workload web, which changes this Deployment"
    )


def test_a_fault_of_another_object_does_not():
    plain, _ = rows({})
    wrong = {**plain.inputs, "spec": {**plain.inputs["spec"], "pausd": True}}
    row = Resource(urn="", type="kubernetes:apps/v1:Deployment", name="web", inputs=wrong)
    [fault] = KubernetesSchemas("1.35").faults(row)
    assert "patch" not in fault


def test_an_object_whose_name_is_not_known_is_told_by_its_resource():
    _, patched = rows({})
    metadata = {**patched.inputs["metadata"], "name": UNKNOWN}
    row = Resource(
        urn="", type=patched.type, name="it", inputs={**patched.inputs, "metadata": metadata}
    )
    [found] = patch_findings(Plan(project="p", stack="dev", resources=(row,), outputs={}))
    assert found.resource == "Deployment shop/it"
