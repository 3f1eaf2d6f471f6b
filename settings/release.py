"""How a new version replaces the old one, and how far it has come."""

from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field

from settings.forms import ShortForm
from settings.section import Section
from settings.values import Count, HeaderName, IntOrPercent, Percent, Positive, Seconds

Strategy = Literal["rolling", "recreate", "blueGreen", "canary", "gray"]
TWO_TRACKS = ("blueGreen", "canary", "gray")
FLIPPED = ("blueGreen", "gray")
"""Strategies with a moment from which on the Service sends nothing to the first version any more."""


class Rollout(Section):
    """How the pods of one controller are exchanged."""

    max_surge: IntOrPercent = 1
    """Extra pods while rolling; counted against the quota. Not with `release: recreate`."""

    max_unavailable: IntOrPercent = 0
    """Pods that may be missing while rolling."""

    min_ready_seconds: Seconds = 0
    """How long a new pod must stay ready before it counts."""

    progress_deadline_seconds: Positive = 600
    """A rollout that does not move for this long is reported as failed."""

    revision_history_limit: Count = 10
    """Old ReplicaSets kept for a rollback."""


class Match(Section):
    """Requests that go to the candidate whatever its share: exactly one of the two, with `value`."""

    ONE_OF: ClassVar = ("header", "cookie")

    header: HeaderName | None = None
    """Request header, for example `X-Candidate`."""

    cookie: HeaderName | None = None
    """Cookie, for example `candidate`."""

    value: str = Field(min_length=1)
    """What it holds."""


def _word(value: Any) -> dict[str, str] | None:
    """`release: recreate` is short for `release: {strategy: recreate}`."""
    return {"strategy": value} if isinstance(value, str) else None


class Release(Section):
    """Which versions run side by side, and who gets which; one word stands for `{strategy: ...}`.

    The second version stands in the stack under `images.<name>.tracks`, and so does nothing but data: a step forward
    or back is one line of the stack file.
    """

    strategy: Strategy = "rolling"
    """`rolling` exchanges pods a few at a time. `recreate` stops the old ones first: downtime, but right for a disk
    only one pod may hold. `blueGreen` runs both whole and sends all requests to `active`. `canary` gives the
    candidate its share of the pods, taken from the stable ones. `gray` adds the candidate's pods beside the full
    number of stable ones, so that a step back needs no pod to start."""

    steps: list[Percent] = Field(default=[5, 25, 50, 100], min_length=1)
    """Shares of the candidate in percent, rising, the last 100. For canary and gray."""

    step: Count = 0
    """How far it has come: 0 is no candidate, 1 the first of `steps`."""

    by: Literal["pods", "requests"] = "pods"
    """What is shared out. `pods`: the share is that of the pods behind one Service, rounded to whole ones.
    `requests`: the ingress controller weighs each request; needs `ingress.routing: VirtualServer`."""

    match: Match | None = None
    """Requests that go to the candidate from step 1 on, whatever its share. With `by: requests` only."""

    active: Literal["blue", "green"] = "blue"
    """Which of the two gets the requests. For blueGreen."""


ReleaseOrWord = Annotated[
    Release,
    ShortForm(
        _word,
        f"must be one of {', '.join(get_args(Strategy))}, or a map of settings",
        Release | Strategy,
    ),
]
