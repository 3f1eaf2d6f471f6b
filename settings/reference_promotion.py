"""Rows of the stack file about promotion: nothing of it reaches the cluster or Azure."""

from collections.abc import Mapping
from typing import Final

from settings.reference_rows import Row

_READ: Final = "nothing: read by `./aks promote` and `./aks compare`"

PROMOTION: Final[Mapping[str, Mapping[str, Row]]] = {
    "Promotion": {
        "promotable": Row("['workloads.*.config.env.*']", _READ),
        "environmentSpecific": Row("[workloads.redis.volumes.data]", _READ),
        "frozen": Row(
            "[{from: '2026-12-18T16:00:00+01:00', until: '2027-01-04T08:00:00+01:00', "
            "reason: nobody is there to roll back}]",
            _READ,
        ),
    },
    "FrozenWindow": {
        "from": Row("'2026-12-18T16:00:00+01:00'", _READ),
        "until": Row("'2027-01-04T08:00:00+01:00'", _READ),
        "reason": Row("nobody is there to roll back", _READ),
    },
}
