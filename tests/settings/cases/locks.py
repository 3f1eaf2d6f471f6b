"""Cases of `settings/checks/locks.py`."""

from tests.settings.cases.common import case

CASES = [
    case("prod", "cluster.lock", True, "nodePools.wg1.blueGreen deletes the old pool when it has a new one",
         before=(("prod", "nodePools.wg1.blueGreen", True),)),
]  # fmt: skip
