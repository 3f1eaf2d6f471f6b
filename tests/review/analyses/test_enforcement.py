"""A stack whose policies nobody enforces is told so in every review."""

import pytest

from manifests import Values, tenant
from review.analyses.enforcement import enforcement_findings
from review.plan import Plan, Resource
from tests.manifests.samples import stack


def told(**changes):
    given = stack(**changes)
    rows = [
        Resource(
            urn=f"{namespace}-{part.role}",
            type="kubernetes:any:Any",
            name=part.role,
            inputs=part.manifest,
        )
        for namespace in given.namespaces
        for part in tenant.parts(given, namespace, Values())
    ]
    return list(
        enforcement_findings(Plan(project="p", stack="s", resources=tuple(rows), outputs={}))
    )


@pytest.mark.parametrize("target", ["aks", "kubeconfig"])
def test_isolation_that_is_not_in_force_is_told_once_with_its_namespaces_and_the_remedy(target):
    [found] = told(cni="none", target=target)
    assert (found.rule, found.severity) == ("policies-not-enforced", "advisory")
    assert "in back, shop: by 'cni: none'" in found.message
    assert "set 'cni'" in found.message


@pytest.mark.parametrize(
    "changes", [{}, {"cni": "calico"}, {"cni": "azure"}, {"target": "kubeconfig"}]
)
def test_a_stack_with_a_plugin_or_one_that_says_nothing_is_not_told(changes):
    assert told(**changes) == []
