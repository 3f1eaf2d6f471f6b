"""What cannot be decided of many objects for one reason is told once, by the pack and offline."""

from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2

from policy.gathering import gathered, is_own, with_others
from policy.pack import Pack
from policy.rules import all_rules
from review.policies import told_once
from review.report import AreaFinding


def test_what_has_one_cause_stands_with_the_first_and_the_rest_in_its_order():
    found = gathered(["a1", "b1", "a2", "c", "d", "a3"], lambda it: it[0] if len(it) > 1 else None)

    assert found == [("a1", ("a2", "a3")), ("b1", ()), ("c", ()), ("d", ())]


def test_others_are_counted_and_three_of_them_named():
    assert with_others("it is so", ()) == "it is so"
    assert with_others("it is so", ["b", "a"]) == "it is so; the same of 2 more: a, b"
    assert with_others("so", ["b", "a", "c"]) == "so; the same of 3 more: a, b, c"
    assert with_others("so", ["d", "b", "a", "c"]) == "so; the same of 4 more: a, b, c, ..."


def test_a_property_of_the_object_itself_is_its_own_cause():
    assert is_own("cannot be decided: spec.a is known after a deployment only", "spec.a")
    assert not is_own("cannot be decided: a chart may make it", "spec.a")
    assert not is_own("cannot be decided: a chart may make it", "")


def finding(resource, message="cannot be decided: IngressClass a is not here", **more):
    return AreaFinding(
        **{
            "rule": "ref-ingress-class",
            "severity": "advisory",
            "verdict": "unknown",
            "resource": resource,
            "message": message,
            "path": "spec.ingressClassName",
            **more,
        }
    )


def test_findings_of_one_cause_are_one_by_name_and_the_others_stay():
    other = finding("Ingress c", message="cannot be decided: IngressClass b is not here")
    fault = finding("Ingress d", verdict="fail", message="is no IngressClass")
    again = finding("Ingress e", verdict="fail", message="is no IngressClass")

    told = told_once([fault, finding("Ingress b"), other, finding("Ingress a"), again])

    assert [it.resource for it in told] == ["Ingress d", "Ingress c", "Ingress a", "Ingress e"]
    assert told[2].message.endswith("IngressClass a is not here; the same of 1 more: Ingress b")


def test_findings_of_one_cause_and_two_weights_are_two():
    told = told_once([finding("Ingress a"), finding("Ingress b", severity="mandatory")])

    assert len(told) == 2


def test_objects_that_hide_a_property_of_their_own_are_told_one_by_one():
    message = "cannot be decided: spec.ingressClassName is known after a deployment only"

    assert len(told_once([finding("Ingress a", message), finding("Ingress b", message)])) == 2


def test_objects_that_cannot_be_read_are_told_one_by_one():
    message = "cannot be decided: the object is not shaped as its kind has it"

    assert len(told_once([finding("Ingress a", message), finding("Ingress b", message)])) == 2


def test_the_engine_is_told_one_cause_once():
    resources = []
    for number in range(40):
        properties = struct_pb2.Struct()
        properties.update(
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "Ingress",
                "metadata": {"name": f"web-{number:02d}", "namespace": "shop"},
                "spec": {"ingressClassName": "edge"},
            }
        )
        type_ = "kubernetes:networking.k8s.io/v1:Ingress"
        urn = f"urn:pulumi:prod::p::{type_}::web-{number:02d}"
        resources.append(
            analyzer_pb2.AnalyzerResource(type=type_, urn=urn, name=urn, properties=properties)
        )
    request = analyzer_pb2.AnalyzeStackRequest(resources=resources)

    said = Pack(all_rules()).AnalyzeStack(request, None).diagnostics

    (it,) = (it for it in said if it.policyName == "ref-ingress-class")
    assert (
        "cannot be decided: IngressClass edge is not here, and the cluster may have it"
        in it.message
    )
    assert "the same of 39 more: Ingress shop/web-01, Ingress shop/web-02, " in it.message
    assert it.urn.endswith("web-00")
