"""Roles and bindings of a plan of which a part is known after a deployment only, or is a secret."""

import pytest

from review.analyses.access.findings import permission_findings
from review.plan import SECRET, UNKNOWN, Plan, Resource

SECRETS = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]}
TEAM = {"kind": "Group", "name": "team"}


def objects(**rest):
    """A role that lists Secrets, bound to a team, in a namespace; `rest` is instead of what they have."""
    role = {
        "kind": "Role",
        "metadata": {"name": "reader", "namespace": "shop"},
        "rules": [SECRETS],
    }
    binding = {
        "kind": "RoleBinding",
        "metadata": {"name": "team", "namespace": "shop"},
        "roleRef": {"kind": "Role", "name": "reader"},
        "subjects": [TEAM],
    }
    space = {"kind": "Namespace", "metadata": {"name": "shop"}}
    return space, {**role, **rest.get("role", {})}, {**binding, **rest.get("binding", {})}


def found(**rest):
    rows = tuple(
        Resource(urn=f"{at}", type="kubernetes:any:Any", name=f"row-{at}", inputs=it)
        for at, it in enumerate(objects(**rest))
    )
    return [*permission_findings(Plan(project="p", stack="s", resources=rows))]


def told(**rest):
    return [(it.rule, it.resource) for it in found(**rest)]


SECRETS_TOLD = ("role-secrets", "Role shop/reader")


def test_what_is_known_whole_has_no_such_finding():
    assert told() == [SECRETS_TOLD]


@pytest.mark.parametrize("mark", [SECRET, UNKNOWN], ids=["secret", "unknown"])
@pytest.mark.parametrize(
    ("which", "more", "path", "resource"),
    [
        ("role", {"metadata": None}, "metadata", "Role default/row-1"),
        ("role", {"rules": None}, "rules", "Role shop/reader"),
        ("binding", {"roleRef": None}, "roleRef", "RoleBinding shop/team"),
        ("binding", {"subjects": None}, "subjects", "RoleBinding shop/team"),
    ],
)
def test_a_part_that_is_not_known_is_named_and_is_unknown(mark, which, more, path, resource):
    it = next(
        it
        for it in found(**{which: {key: dict(mark) for key in more}})
        if it.rule == "access-unknown"
    )

    assert (it.verdict, it.severity, it.path, it.resource) == (
        "unknown", "advisory", path, resource,
    )  # fmt: skip
    assert it.message == f"what it allows cannot be told: {path} must be known"


def test_a_namespace_that_is_not_known_is_a_part_of_the_name():
    metadata = {"name": "reader", "namespace": dict(UNKNOWN)}

    it = next(it for it in found(role={"metadata": metadata}) if it.rule == "access-unknown")
    assert (it.path, it.resource) == ("metadata.namespace", "Role (unknown)/reader")


def test_the_rules_and_subjects_that_are_known_count_beside_those_that_are_not():
    assert told(role={"rules": [dict(UNKNOWN), SECRETS]}) == [
        ("access-unknown", "Role shop/reader"),
        SECRETS_TOLD,
    ]
    both = found(binding={"subjects": [{"kind": "Group", "name": dict(UNKNOWN)}, TEAM]})
    assert [it.path for it in both] == ["subjects[0].name", ""]
    assert "bound to Group team by" in both[1].message


def test_a_role_of_the_cluster_is_named_without_a_namespace():
    row = Resource(
        urn="1",
        type="kubernetes:any:Any",
        name="row",
        inputs={"kind": "ClusterRole", "metadata": {"name": "all"}, "rules": dict(UNKNOWN)},
    )

    [it] = permission_findings(Plan(project="p", stack="s", resources=(row,)))
    assert it.resource == "ClusterRole all"
