"""Which minors of Kubernetes count: one list, the one of the settings, without their code."""

from policy.rules.aks.aks_version import RULE, minors
from settings.calendar import AS_OF, MINORS


def test_the_rule_and_the_settings_go_by_one_list():
    supported = RULE.parameters["supported"].default
    long_term = RULE.parameters["longTerm"].default

    assert supported == [name for name, it in MINORS.items() if it.ends >= AS_OF]
    assert long_term == [
        name for name, it in MINORS.items() if it.ends < AS_OF <= it.long_term_ends
    ]


def test_a_minor_counts_to_the_last_day_of_its_support():
    it = {"available": "2025-01-31", "ends": "2026-01-31", "longTermEnds": "2027-01-31"}

    def on(day: str):
        return minors({"asOf": day, "minors": {"1.30": it}})

    assert on("2026-01-31") == (["1.30"], [])
    assert on("2026-02-01") == ([], ["1.30"])
    assert on("2027-01-31") == ([], ["1.30"])
    assert on("2027-02-01") == ([], [])
