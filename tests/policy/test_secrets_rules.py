"""No rule of secrets tells what it found, whatever it found it in."""

import pytest

from tests.policy.case import Bad, results
from tests.policy.cases import secrets


@pytest.mark.parametrize(
    "case", [it for it in secrets.CASES if isinstance(it, Bad)], ids=lambda it: str(it.edit)
)
def test_a_finding_of_a_secret_has_no_part_of_its_value(case):
    for _, found in results(case, case.rule):
        for part in (secrets.CANARY, "hunter2", "canary", "aHVudGVy", "MII"):
            assert part not in found.message + found.path
