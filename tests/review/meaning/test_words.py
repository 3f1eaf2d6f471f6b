"""Whether a list of sources lets in more than another did, against every single address."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.meaning.words import is_wider

NETWORK = ip_network("203.0.113.0/29")
CIDRS = [str(it) for length in range(29, 33) for it in NETWORK.subnets(new_prefix=length)]
LISTS = st.lists(st.sampled_from(CIDRS), max_size=5)


def _addresses(cidrs):
    return {it for cidr in cidrs or ["203.0.113.0/28"] for it in ip_network(cidr)}


@given(LISTS, LISTS)
def test_a_list_is_wider_where_some_address_may_call_that_could_not(old, new):
    assert is_wider(old, new) is bool(_addresses(new) - _addresses(old))


@pytest.mark.parametrize(
    ("old", "new", "wider"),
    [
        (["::/0"], ["203.0.113.0/24"], True),
        (["2001:db8::/32"], ["2001:db8:1::/48"], False),
        (["0.0.0.0/0"], ["203.0.113.7"], False),
        (["203.0.113.9/24"], ["203.0.113.0/24"], False),
        (["a name"], ["a name"], False),
        (["a name"], ["another"], True),
        (["0.0.0.0/0"], ["a name"], True),
    ],
)
def test_families_are_apart_and_what_is_no_range_is_within_itself_alone(old, new, wider):
    assert is_wider(old, new) is wider
