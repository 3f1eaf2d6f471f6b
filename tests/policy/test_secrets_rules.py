"""No rule of secrets tells what it found, whatever it found it in."""

import pytest

from policy.rules._secrets import holds_credentials, is_filled_later
from tests.policy.case import Bad, results
from tests.policy.cases import secrets


@pytest.mark.parametrize(
    "case", [it for it in secrets.CASES if isinstance(it, Bad)], ids=lambda it: str(it.edit)
)
def test_a_finding_of_a_secret_has_no_part_of_its_value(case):
    for _, found in results(case, case.rule):
        for part in (secrets.CANARY, "hunter2", "canary", "aHVudGVy", "MII"):
            assert part not in found.message + found.path


# A ConfigMap holds up to 1 MiB. With a search whose time grows by the square of the text each of these took minutes.
LONG = 300_000


@pytest.mark.parametrize(
    "part",
    ["x", "X", "9", ".", "a.", "://", "a:", "{{", "${a", "<", ";", " ", "\n", "-----BEGIN ", "A "],
)
def test_a_long_text_is_looked_through_like_a_short_one(part):
    long = part * (LONG // len(part))

    assert not holds_credentials(long)
    assert holds_credentials(f"{long} postgres://app:hunter2@db/orders")
    assert not is_filled_later(long)
    assert is_filled_later(f"{long} {{{{ .Values.password }}}}")
