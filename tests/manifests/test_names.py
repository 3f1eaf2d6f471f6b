"""Computed names fit their limits and stay apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manifests.names import (
    content_hash,
    headless,
    instance,
    part,
    path_hash,
    secret_volume,
    shortened,
)

LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True)
DATA = st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=4)


def test_a_name_that_fits_is_left_alone():
    assert shortened("blob-service", 63) == "blob-service"
    assert shortened("x" * 63, 63) == "x" * 63


def test_a_long_name_keeps_its_beginning_and_ends_in_a_hash():
    found = shortened("blob-service-" + "x" * 60, 63)
    assert found.startswith("blob-service-xxx")
    assert found[-9] == "-"
    assert len(found) == 63


@settings(deadline=None)
@given(st.text(alphabet="abc-.", min_size=0, max_size=120), st.integers(min_value=10, max_value=80))
def test_a_shortened_name_never_exceeds_its_limit(text, most):
    assert len(shortened(text, most)) <= most


@settings(deadline=None)
@given(LABEL, LABEL, LABEL, LABEL)
def test_two_long_names_never_become_one(a, b, c, d):
    if (a, b) != (c, d) and f"{a}-{b}" != f"{c}-{d}":
        assert instance(a, b) != instance(c, d)


@settings(deadline=None)
@given(LABEL, LABEL, LABEL, LABEL)
def test_parts_of_two_workloads_never_meet(a, b, c, d):
    assert (part(a, b) == part(c, d)) == ((a, b) == (c, d))


def test_a_hyphen_in_one_name_is_not_the_border_between_two():
    assert part("a", "b-c") != part("a-b", "c")


@settings(deadline=None)
@given(DATA)
def test_a_content_hash_does_not_depend_on_order(data):
    assert content_hash(data) == content_hash(dict(reversed(data.items())))


@settings(deadline=None)
@given(DATA, DATA)
def test_different_content_has_a_different_hash(one, other):
    assert (content_hash(one) == content_hash(other)) == (one == other)


def test_the_name_behind_a_headless_service_is_a_label():
    assert headless("redis") == "redis-headless"
    assert len(headless("x" * 63)) == 63
    assert "." not in headless("x" * 63)


@pytest.mark.parametrize(
    ("vault", "only", "expected"),
    [
        ("shop-kv", True, "vault-shop-kv"),
        ("Shop-KV", True, "vault-shop-kv"),
        ("shop-kv", False, f"vault-shop-kv-{path_hash('/mnt')}"),
    ],
)
def test_a_vaults_volume_is_lower_case_and_tells_two_folders_apart(vault, only, expected):
    assert secret_volume(vault, "/mnt", only=only) == expected
