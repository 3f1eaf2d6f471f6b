import re
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from components.azure import names
from components.azure.stack import AksStack
from tests.components.azure.cloud import LOCATION, REGISTRY, stack

LABEL = st.text("az09-", min_size=1, max_size=63).map(lambda text: text.strip("-") or "a")
GROUP = st.from_regex(r"[A-Za-z0-9_().-]{0,62}[A-Za-z0-9_()-]", fullmatch=True)

RULES = {
    names.virtual_network: (64, r"[a-zA-Z0-9][\w.-]*\w"),
    names.egress_address: (80, r"[a-zA-Z0-9][\w.-]*\w"),
    names.nat_gateway: (80, r"[a-zA-Z0-9][\w.-]*\w"),
    names.route_table: (80, r"[a-zA-Z0-9][\w.-]*\w"),
    names.control_plane_identity: (128, r"[a-zA-Z0-9][\w-]{2,}"),
    names.kubelet_identity: (24, r"[a-zA-Z0-9][\w-]{2,}"),
}
"""Azure's own limits: most characters, and the pattern of the whole."""


SETTINGS = stack()


def aks(**changes):
    plain = {key: changes.pop(key) for key in ("platform", "environment") if key in changes}
    settings = stack(**changes) if changes else SETTINGS
    return AksStack.of(settings.model_copy(update=plain), LOCATION)


@given(platform=LABEL, environment=LABEL, workload=LABEL)
def test_every_name_keeps_to_azures_rule_whatever_the_estate_is_called(
    platform, environment, workload
):
    named = aks(platform=platform, environment=environment)
    made = {name: name(named) for name in RULES}
    made[names.workload_identity] = names.workload_identity(named, workload)
    grouped = [names.security_group(named, subnet) for subnet in names.SUBNETS]
    numbered = [names.egress_address(named, number) for number in range(1, 17)]
    for several in (grouped, numbered):
        assert len({*several}) == len(several)
        assert all(re.fullmatch(r"[a-zA-Z0-9][\w.-]{0,78}\w", it, re.ASCII) for it in several)
    for name, text in made.items():
        most, pattern = RULES.get(name, (128, r"[a-zA-Z0-9][\w-]{2,}"))
        assert len(text) <= most
        assert re.fullmatch(pattern, text, re.ASCII)


@given(GROUP)
def test_the_group_of_the_machines_fits_and_is_another_than_the_clusters(group):
    made = names.node_resource_group(aks(resourceGroup=group))
    assert len(made) <= 80
    assert made != group
    assert re.fullmatch(r"[\w().-]*[\w()-]", made, re.ASCII)


def test_overlay_networking_with_an_own_subnet_allows_63_characters():
    long = aks(platform="p" * 63, environment="e" * 63)
    assert len(names.virtual_network(long)) <= 63
    assert all(len(it) <= 63 for it in names.SUBNETS.values())


def test_a_second_address_has_a_number_and_the_first_keeps_its_name():
    assert names.egress_address(aks(), 2) == "pip-course-dev-egress-2"
    assert names.security_group(aks(), "apiServer") == "nsg-course-dev-api-server"


def test_the_zone_of_the_api_server_is_the_one_that_aks_takes():
    assert names.api_server_zone(aks()) == "privatelink.westeurope.azmk8s.io"


def test_names_that_differ_past_the_limit_stay_apart():
    one, other = (aks(platform="p" * 40, environment=f"{'e' * 20}-{end}") for end in ("a", "b"))
    for name in (names.kubelet_identity, names.virtual_network):
        assert name(one) != name(other)


def test_the_names_of_the_usual_estate_are_read_without_a_hash():
    usual = aks()
    assert [name(usual) for name in RULES] == [
        "vnet-course-dev",
        "pip-course-dev-egress",
        "ng-course-dev",
        "rt-course-dev",
        "id-course-dev-control-plane",
        "id-course-dev-kubelet",
    ]
    assert names.workload_identity(usual, "blob") == "id-course-dev-blob"
    assert names.node_resource_group(usual) == "rg-course-dev-nodes"


def test_the_stack_may_name_the_group_of_the_machines():
    assert names.node_resource_group(aks(**{"cluster.nodeResourceGroup": "MC_x"})) == "MC_x"


def test_a_role_assignment_is_a_guid_that_does_not_change_between_runs():
    made = names.role_assignment(aks(), "AcrPull", "id-course-dev-kubelet", REGISTRY)
    assert made == "a656804e-1287-5474-998d-23b6a868b5a8"
    assert str(UUID(made)) == made


def test_role_assignments_of_stacks_that_share_a_registry_stay_apart():
    given = ("AcrPull", "id-course-dev-kubelet", REGISTRY)
    stacks = [
        aks(),
        aks(resourceGroup="rg-other"),
        aks(environment="prod"),
        aks(platform="other"),
        aks(**{"cluster.name": "other"}),
        aks(**{"cluster.dnsPrefix": "other"}),
        AksStack.of(stack(), "northeurope"),
    ]
    assert len({names.role_assignment(it, *given) for it in stacks}) == len(stacks)


def test_role_assignments_of_one_stack_differ_by_role_principal_and_scope():
    one = aks()
    asked = [("r", "p", "s"), ("x", "p", "s"), ("r", "x", "s"), ("r", "p", "x")]
    assert len({names.role_assignment(one, *it) for it in asked}) == len(asked)
