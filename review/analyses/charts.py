"""What the values of charts give away: they stand in the plan, in the release and in Helm's record of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from review.analyses.pods import release_key, releases
from review.findings import Finding
from review.plan import Plan
from settings.faults import dotted

_PASSWORDS = (
    "password", "passwd", "passphrase", "token", "privatekey", "apikey", "accesskey", "accountkey", "sharedkey",
    "connectionstring",
)  # fmt: skip
"""Ends of keys. Not `secret`: most charts say the name of a Secret so."""

_NAMES = ("existing", "use", "enable", "mount")
"""Beginnings of keys that say where a secret is, or whether there is one."""


def chart_findings(plan: Plan) -> Iterator[Finding]:
    """Values that look like secrets in plain text, by their keys alone: a chart may call one otherwise."""
    for row in releases(plan):
        for path in _plain(row.inputs.get("values", {}), ()):
            yield Finding(
                rule="chart-secret",
                severity="advisory",
                resource=f"Release {'/'.join(release_key(row))}",
                message=f"values.{dotted(path)} looks like a secret in plain text, which all who may see the plan or "
                "the release can read; let the chart read a Secret that exists",
            )


def _plain(node: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _plain(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _plain(value, (*path, index))
    elif isinstance(node, str) and node:
        key = next((it for it in reversed(path) if isinstance(it, str)), "")
        plain = key.lower().replace("_", "").replace("-", "")
        if plain.endswith(_PASSWORDS) and not plain.startswith(_NAMES):
            yield path
