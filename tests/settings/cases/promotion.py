"""Cases of `settings/checks/promotion.py`."""

from tests.settings.cases.common import case

HOLIDAYS = {
    "from": "2026-12-18T16:00:00+01:00",
    "until": "2027-01-04T08:00:00+01:00",
    "reason": "nobody is there to roll back",
}


def frozen(*windows):
    return [{**HOLIDAYS, **it} for it in windows]


CASES = [
    case("prod", "promotion.frozen", frozen({"until": "2026-12-18T15:00:00Z"}),
         "must be after 'from' (2026-12-18T16:00:00+01:00)", at="promotion.frozen[0].until"),
    case("prod", "promotion.frozen", frozen({"from": "2027-01-04T06:59:59Z", "until": "2027-02-01T00:00:00Z"}, {}),
         "must not be before the end of promotion.frozen[1] (2027-01-04T08:00:00+01:00)",
         at="promotion.frozen[0].from"),
    case("prod", "promotion.promotable", ["workloads.*.confg.env.*"], "did you mean 'config'?",
         at="promotion.promotable[0]"),
    case("prod", "promotion.environmentSpecific", ["ingress.*"], "has '*' for a key of ingress",
         at="promotion.environmentSpecific[0]"),
    case("prod", "promotion.environmentSpecific", ["environment.name"],
         "'environment' is a value and has nothing below it", at="promotion.environmentSpecific[0]"),
]  # fmt: skip
