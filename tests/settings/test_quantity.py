"""Quantities are read exactly, and printed so that they read back as the same amount."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.quantity import amount, cpu_text, memory_text

BINARY = ("Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
DECIMAL = ("n", "u", "m", "", "k", "M", "G", "T", "P", "E")


def test_amounts_of_any_unit_compare():
    rising = ["0", "1n", "1u", "1m", "0.5", "999m", "1", "1e2", "1k", "1Ki", "1M", "1Mi", "1G", "1Gi", "1.5Gi", "1T",
              "1Ti", "1P", "1Pi", "1E", "1Ei", "1e19"]  # fmt: skip
    assert sorted({*rising}, key=amount) == rising


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1024Mi", "1Gi"),
        ("1000m", "1"),
        ("0.25", "250m"),
        ("1e3", "1k"),
        ("12E2", "1200"),
        ("1.", "1"),
        (".5", "500m"),
    ],
)
def test_two_spellings_of_one_amount_are_equal(one, other):
    assert amount(one) == amount(other)


@given(st.integers(0, 10**9), st.sampled_from(DECIMAL))
def test_a_decimal_unit_is_a_power_of_a_thousand(number, unit):
    assert amount(f"{number}{unit}") == number * Decimal(1000) ** (DECIMAL.index(unit) - 3)


@given(st.integers(0, 10**6), st.sampled_from(BINARY))
def test_a_binary_unit_is_a_power_of_1024(number, unit):
    assert amount(f"{number}{unit}") == number * 1024 ** (BINARY.index(unit) + 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "m",
        "Gi",
        "1GB",
        "1gi",
        "1mi",
        "1 Gi",
        " 1",
        "-1",
        "1e",
        "1ki",
        "1Mm",
        "²",
        "1.2.3",
        "inf",
    ],
)
def test_anything_else_is_an_error(text):
    with pytest.raises(ValueError, match="not a quantity"):
        amount(text)


@given(st.text("0123456789.eEinfumkKMGTP+- ²"))
def test_a_text_is_an_amount_or_an_error_and_nothing_else_happens(text):
    try:
        assert amount(text) >= 0
    except ValueError as error:
        assert repr(text) in str(error)  # noqa: PT017


@pytest.mark.parametrize("digits", ["99", "400", "9" * 9, "9" * 5000])
def test_an_exponent_without_end_is_an_amount_like_any_other(digits):
    assert amount(f"1e{digits}") > amount("9E") * 10**9
    assert 0 < amount(f"1e-{digits}") < amount("1n")


@given(st.lists(st.integers(0, 100_000), max_size=50))
def test_a_sum_is_exact(millis):
    assert cpu_text(sum((amount(f"{it}m") for it in millis), Decimal(0))) == cpu_text(
        Decimal(sum(millis)) / 1000
    )


def test_a_thousand_tenths_are_a_hundred():
    assert sum([amount("100m")] * 1000) == 100


@given(st.integers(0, 10**15))
def test_cores_print_shortest_and_read_back(milli):
    text = cpu_text(Decimal(milli) / 1000)
    assert amount(text) * 1000 == milli
    assert text.endswith("m") == bool(milli % 1000)


@given(st.integers(0, 2**62))
def test_bytes_print_in_the_largest_unit_that_divides_them_and_read_back(size):
    text = memory_text(Decimal(size))
    assert amount(text) == size
    larger = [unit for unit in BINARY[:4] if size and size % int(amount(f"1{unit}")) == 0]
    assert text.lstrip("0123456789") == (larger[-1] if larger else "")


@pytest.mark.parametrize(
    ("cores", "text"), [("0.0001", "1m"), ("3.8605", "3861m"), ("4.000", "4"), ("1e6", "1000000")]
)
def test_what_is_finer_than_a_millicore_rounds_up(cores, text):
    assert cpu_text(Decimal(cores)) == text


@pytest.mark.parametrize(
    ("size", "text"), [("0", "0"), ("1.5", "2"), ("1024", "1Ki"), ("1e40", f"{10**40 // 2**40}Ti")]
)
def test_what_is_finer_than_a_byte_rounds_up(size, text):
    assert memory_text(Decimal(size)) == text
