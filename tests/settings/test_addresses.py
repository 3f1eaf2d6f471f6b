"""Subnets that are worked out: always inside, never two at one place, and never moved by another."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.addresses import AUTO, PLACES, SMALLEST_CARVED_PREFIX, carved, planned
from settings.explain import explain
from settings.load import check, read_sources
from settings.network import NetworkSettings, Subnets
from tests.settings.estate import ROOT


@st.composite
def spaces(draw):
    prefix = draw(st.integers(8, SMALLEST_CARVED_PREFIX))
    number = draw(st.integers(0, 2**prefix - 1))
    return str(IPv4Network((number << (32 - prefix), prefix)))


@given(spaces())
def test_every_subnet_lies_in_the_space_and_meets_no_other(space):
    found = [IPv4Network(it) for it in carved(space).values()]
    assert len(found) == len(PLACES)
    assert all(it.subnet_of(IPv4Network(space)) for it in found)
    assert not [1 for one in found for other in found if one is not other and one.overlaps(other)]


@given(spaces())
def test_the_last_eighth_stays_free_and_the_api_server_has_what_it_needs(space):
    whole, ranges = IPv4Network(space), carved(space)
    last = list(whole.subnets(prefixlen_diff=3))[-1]
    assert not [it for it in ranges.values() if IPv4Network(it).overlaps(last)]
    assert IPv4Network(ranges["apiServer"]).prefixlen <= 28


def test_a_common_space_is_divided_like_this():
    assert carved("10.40.0.0/16") == {
        "nodes": "10.40.0.0/20",
        "system": "10.40.128.0/24",
        "privateEndpoints": "10.40.160.0/24",
        "apiServer": "10.40.192.0/27",
    }


@pytest.mark.parametrize("space", ["10.0.0.0/26", "10.0.0.1/16", "text", ""])
def test_what_is_too_small_or_no_range_is_not_divided(space):
    assert carved(space) == {}
    assert planned({"nodes": AUTO}, space) == {"nodes": AUTO}


def test_a_range_that_is_said_stays_and_auto_beside_it_has_its_own_place():
    said = {"nodes": "10.40.64.0/22", "system": AUTO, "apiServer": None}
    assert planned(said, "10.40.0.0/16") == said | {"system": "10.40.128.0/24"}


def test_a_network_that_says_nothing_but_its_space_has_a_subnet_for_nodes():
    network = NetworkSettings.model_validate({"addressSpace": "10.40.0.0/16"})
    assert network.subnets.ranges == {"nodes": IPv4Network("10.40.0.0/20")}


def test_a_subnet_without_a_place_has_no_range():
    assert Subnets(nodes=AUTO, system="10.0.0.0/24").ranges == {
        "system": IPv4Network("10.0.0.0/24")
    }


def test_a_stack_that_gives_its_address_space_alone_has_the_whole_plan_and_explain_shows_it():
    sources = read_sources(ROOT, "dev")
    sources.root["network"] = {"addressSpace": "10.40.0.0/16"}
    settings = check(sources)
    found = {it.key: str(it.value) for it in explain(settings, sources, "network.subnets")}
    assert found == {f"network.subnets.{key}": it for key, it in carved("10.40.0.0/16").items()}
    network = settings.network
    assert (network.pod_cidr, network.service_cidr) == ("10.244.0.0/16", "10.0.0.0/16")
    assert network.dns_service_ip == "10.0.0.10"


def test_the_dns_address_follows_the_services_that_are_said():
    sources = read_sources(ROOT, "dev")
    sources.root["network"] = {"addressSpace": "10.40.0.0/16", "serviceCidr": "10.96.0.0/20"}
    assert check(sources).network.dns_service_ip == "10.96.0.10"
