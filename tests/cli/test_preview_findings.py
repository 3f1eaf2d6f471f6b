"""What `./aks preview` finds in a plan, whoever wrote the program that was recorded."""

from dataclasses import replace
from datetime import date

import pytest

from review.analyses.capacity import capacity
from review.stack_findings import stack_findings
from tests.program import planned


@pytest.mark.parametrize(("more", "severities"), [(19, []), (20, ["mandatory"])])
def test_more_service_accounts_than_azure_takes_for_an_identity_fail_the_preview(more, severities):
    plan = planned("dev")
    [one] = [it for it in plan.resources if it.type.endswith(":FederatedIdentityCredential")]
    others = [replace(one, urn=f"{one.urn}-{it}", name=f"{one.name}-{it}") for it in range(more)]
    fuller = replace(plan, resources=(*plan.resources, *others))

    found = [
        it
        for it in stack_findings(fuller, capacity(fuller), [], date.today())
        if "federated" in it.message
    ]

    assert [it.severity for it in found] == severities
    assert all(it.resource == "identity id-course-dev-blob-service" for it in found)
