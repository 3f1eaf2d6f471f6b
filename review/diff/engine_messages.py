"""What the engine says in a preview beside its steps: messages, violations of policies, and whether it failed.

The kinds of events: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from review.diff.engine_rows import RowError, clean

_SUMS_UP: Final = frozenset({"preview failed", "update failed"})
"""What the engine says last of a run in which something went wrong, policies included."""

_COLORS: Final = re.compile(r"<\{%[^%]*%\}>")
"""https://github.com/pulumi/pulumi/blob/master/sdk/go/common/diag/colors/colors.go"""

_OFF: Final = ("disabled", "none")


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """A message of the engine, a provider or the program."""

    severity: str
    message: str
    urn: str = ""


@dataclass(frozen=True, kw_only=True)
class PolicyEvent:
    """A violation that a policy pack told in the preview."""

    pack: str
    policy: str
    level: str
    """`advisory`, `mandatory`, `remediate` or `disabled`."""

    message: str
    urn: str = ""
    exceptions: tuple[str, ...] = ()
    """Why it fails nothing all the same: `EXC-42: moved next week`."""


class Messages:
    """Collects them."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.policy: list[PolicyEvent] = []
        self.summary: Mapping[str, Any] = {}
        self.summed = False
        self._errors: list[str] = []
        self._result = ""
        self._remediated = Counter[str]()
        self._ran = False

    def message(self, entry: Mapping[str, Any]) -> None:
        """One event of the streamed form; kinds that say nothing to a reviewer pass."""
        self.diagnostic(entry.get("diagnosticEvent"))
        self._policy(entry.get("policyEvent"))
        if isinstance(told := entry.get("policyRemediationEvent"), Mapping):
            self._remediated[_rule(told)] += 1
        if isinstance(told := entry.get("errorEvent"), Mapping):
            self._errors.append(_message(told.get("error")) or "an error of the engine's own")
        if isinstance(told := entry.get("resOpFailedEvent"), Mapping):
            self._errors.append("an operation failed")
        if isinstance(told := entry.get("summaryEvent"), Mapping):
            self._summary(told)

    def diagnostic(self, entry: Any) -> None:
        """A message; an error means that the preview failed."""
        if not isinstance(entry, Mapping) or not isinstance(entry.get("message"), str):
            return
        severity = str(entry.get("severity") or "info")
        # The digest has the prefix in the message, the streamed form beside it.
        message = _message(entry["message"]).removeprefix(f"{severity}: ")
        if severity == "error":
            self._errors.append(message)
        if severity == "error" and message in _SUMS_UP:
            return
        urn = clean(entry["urn"]) if isinstance(entry.get("urn"), str) else ""
        self.diagnostics.append(Diagnostic(severity=severity, message=message, urn=urn))

    def failure(self) -> str:
        """Why the preview failed; empty where it did not, and where only mandatory policies made it fail.

        Of those the engine tells all, and goes on: every step is there.
        """
        if told := [it for it in self._errors if it not in _SUMS_UP]:
            return told[0]
        if self.refused() and self._result in ("", "its result is 'failed'"):
            return ""
        return next(iter(self._errors), self._result)

    def refused(self) -> bool:
        """Whether a mandatory policy refuses what is previewed."""
        return any(it.level == "mandatory" and not it.exceptions for it in self.policy)

    def summed_up(self) -> bool:
        """Whether all that is said of a failure is that there was one."""
        return bool(self._errors) and {*self._errors} <= _SUMS_UP

    def notes(self) -> Iterator[str]:
        """What a reader must know of the preview as a whole."""
        for rule, count in sorted(self._remediated.items()):
            yield (
                f"{rule} changed {count} resource{'s' if count > 1 else ''} before the preview: they are told as it "
                "left them, not as the program has them."
            )
        if (self._result or self._errors) and not self.failure():
            yield "The engine calls the preview failed, for what mandatory policies say; all of its steps are told."
        if self._ran:
            yield "These are the events of an update that ran, not those of a preview."

    def _summary(self, told: Mapping[str, Any]) -> None:
        if self.summed:
            raise RowError("a second summary: two previews in one file; name one of them")
        self.summed, self._ran = True, told.get("isPreview") is False
        changes, result = told.get("resourceChanges"), told.get("result")
        self.summary = changes if isinstance(changes, Mapping) else {}
        if result not in (None, "", "succeeded"):
            self._result = f"its result is {result!r}"

    def _policy(self, entry: Any) -> None:
        if not isinstance(entry, Mapping) or (level := _text(entry, "enforcementLevel")) in _OFF:
            return
        self.policy.append(
            PolicyEvent(
                pack=_text(entry, "policyPackName"),
                policy=_text(entry, "policyName"),
                level=level,
                message=_message(entry.get("message")),
                urn=_text(entry, "resourceUrn"),
                exceptions=tuple(_exceptions(entry.get("exceptions"))),
            )
        )


def _exceptions(value: Any) -> Iterator[str]:
    for it in value if isinstance(value, list) else ():
        if isinstance(it, Mapping):
            yield ": ".join(filter(None, (_text(it, "id"), _text(it, "reason"))))


def _rule(entry: Mapping[str, Any]) -> str:
    return f"{_text(entry, 'policyPackName')}/{_text(entry, 'policyName')}"


def _text(entry: Mapping[str, Any], key: str) -> str:
    return clean(it) if isinstance(it := entry.get(key), str) else ""


def _message(value: Any) -> str:
    """What people are told, without the engine's directives for colors."""
    return _COLORS.sub("", clean(value)).strip() if isinstance(value, str) else ""
