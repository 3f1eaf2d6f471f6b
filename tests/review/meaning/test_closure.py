"""Connections as bits and ranges: the arithmetic that everything told of them rests on."""

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from review.analyses.reachability import ports
from review.meaning import words
from review.meaning.closure import added, joined, less, open_to
from review.meaning.frame import Frame, Group, groups, more

WEB, DB = ports.of("TCP", 80, 80), ports.of("TCP", 5432, 5432)
BOTH = ports.union(WEB, DB)


def outside(*ranges):
    return tuple((4, first, last, opened) for first, last, opened in ranges)


def test_one_address_is_a_range():
    assert less(outside((0, 9, WEB)), outside((0, 8, WEB))) == outside((9, 9, WEB))
    assert less(outside((0, 9, WEB)), outside((1, 9, WEB))) == outside((0, 0, WEB))
    assert less(outside((5, 5, BOTH)), outside((0, 9, DB))) == outside((5, 5, WEB))
    assert less(outside((0, 9, WEB)), ()) == outside((0, 9, WEB))
    assert less((), outside((0, 9, WEB))) == ()


def test_neighbours_with_the_same_ports_are_one_range():
    assert tuple(joined(outside((0, 4, WEB), (5, 9, WEB), (10, 12, DB)))) == outside(
        (0, 9, WEB), (10, 12, DB)
    )
    assert tuple(joined(outside((0, 4, WEB), (6, 9, WEB)))) == outside((0, 4, WEB), (6, 9, WEB))


def test_families_are_apart():
    six = ((6, 0, 9, WEB),)

    assert less(six, outside((0, 9, WEB))) == six
    assert less((*outside((0, 9, WEB)), *six), six) == outside((0, 9, WEB))


def test_what_is_open_to_a_whole_range_is_open_to_each_of_its_addresses():
    found = outside((0, 4, BOTH), (5, 9, WEB))

    assert open_to(found, 0, 9) == WEB
    assert open_to(found, 0, 4) == BOTH
    assert open_to(found, 0, 10) == ports.NONE
    assert open_to(outside((0, 3, WEB), (5, 9, WEB)), 0, 9) == ports.NONE


addresses = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 6), st.sampled_from((WEB, DB, BOTH))), max_size=4
)


def spread(found):
    """Ascending and apart, as the analysis gives them."""
    at, ranges = 0, []
    for gap, length, opened in found:
        first = at + gap + 1
        ranges.append((first, first + length, opened))
        at = first + length
    return outside(*ranges)


@given(addresses, addresses)
def test_less_is_what_one_has_and_the_other_has_not_address_by_address(one, other):
    here, there = spread(one), spread(other)
    found = less(here, there)

    for address in range(120):
        expected = ports.less(open_to(here, address, address), open_to(there, address, address))
        assert open_to(found, address, address) == expected


@given(st.lists(st.tuples(st.integers(1, 255), st.sampled_from((WEB, DB, BOTH))), max_size=5))
def test_workloads_are_parted_by_what_is_open_to_them(opened):
    parted = {}
    for there, which in opened:
        parted = added(parted, there, which)

    for bit in range(8):
        own = [which for which, there in parted.items() if there >> bit & 1]
        expected = ports.NONE
        for there, which in opened:
            if there >> bit & 1:
                expected = ports.union(expected, which)
        assert (own[0] if own else ports.NONE) == expected
        assert len(own) <= 1


rows = st.lists(st.tuples(st.sampled_from((WEB, DB, BOTH)), st.integers(1, 255)), max_size=3)


@given(rows, rows)
def test_more_is_what_one_row_opens_and_the_other_does_not(one, other):
    here, there = (
        tuple(sorted(reduce(lambda d, it: added(d, it[1], it[0]), row, {}).items()))
        for row in (one, other)
    )

    def ports_of(row, bit):
        found = ports.NONE
        for which, there_ in row:
            if there_ >> bit & 1:
                found = ports.union(found, which)
        return found

    found = tuple(more(here, there))
    for bit in range(8):
        assert ports_of(found, bit) == ports.less(ports_of(here, bit), ports_of(there, bit))


def test_groups_are_made_by_source_or_by_target_whichever_are_fewer():
    by_target = {WEB: {0: 0b0100, 1: 0b1100, 2: 0b1000}}

    assert groups(by_target) == [Group(WEB, (0, 1), (2,)), Group(WEB, (1, 2), (3,))]
    by_source = {WEB: {0: 0b1110, 3: 0b0110}}
    assert groups(by_source) == [Group(WEB, (0,), (1, 2, 3)), Group(WEB, (3,), (1, 2))]
    assert groups({WEB: {0: 0b0001}}) == [], "a workload with itself is no connection"


def test_workloads_of_two_sides_keep_their_order_whatever_came_and_went():
    frame = Frame(["a/a", "a/c", "a/d"], ["a/b", "a/c", "a/d", "a/e"])

    assert frame.spread_before(0b111) == 0b01101
    assert frame.spread_after(0b1111) == 0b11110
    assert (frame.new, frame.gone) == ([1, 4], [0])


def test_ranges_are_said_in_the_fewest_words():
    public = [(4, *it) for it in words.PUBLIC]

    assert words.said_ranges([(4, 0, 2**32 - 1)]) == "every address"
    assert words.said_ranges(public) == "the internet"
    ten = (10 * 2**24, 11 * 2**24 - 1)
    assert words.said_ranges(sorted([*public, (4, *ten)])) == "the internet and 10.0.0.0/8"
    assert words.said_ranges([(4, *ten)]) == "10.0.0.0/8"
    assert words.said_ranges([(6, 0, 2**128 - 1)]) == "every IPv6 address"
    assert words.said_ranges([(4, 0, 2**32 - 1), (6, 1, 1)]) == "every address and ::1/128"
    assert words.said_ranges([(4, 0, 2**32 - 2)]) == "every address but 255.255.255.255/32"
    assert (
        words.said_ranges([(4, 0, 2**31 - 1), (4, 3 * 2**30, 2**32 - 1)])
        == "every address but 128.0.0.0/2"
    )


def test_ports_are_said_by_what_is_missing_where_that_is_shorter():
    assert words.said_ports(BOTH) == "TCP 80,5432"
    assert words.said_ports(ports.ALL) == "every port"
    assert words.said_ports(ports.less(ports.ALL, WEB)) == "every port but TCP 80"
    assert words.said_ports(ports.of("UDP")) == "UDP 1-65535"


def test_names_are_counted_past_a_few():
    assert words.said_ends(["a/x"]) == "a/x"
    assert words.said_ends(["a/x", "a/y"]) == "2 workloads of a (x, y)"
    assert words.said_ends(["a/x", "a/y"], ["a"]) == "every workload of a (2: x, y)"
    assert (
        words.said_ends(["a/v", "a/w", "a/x", "b/y"])
        == "4 workloads of 2 namespaces (a/v, a/w, a/x and 1 more)"
    )
