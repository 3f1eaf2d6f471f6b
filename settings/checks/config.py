"""Configuration keys beside the settings object: the Azure location, and secrets by name."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from settings.faults import Fault, did_you_mean
from settings.secret_keys import secret_keys
from settings.stack import PATH, PROJECT, Settings

if TYPE_CHECKING:
    from settings.load import Sources

LOCATION_KEY = "azure-native:location"


def check(settings: Settings, sources: "Sources") -> Iterator[Fault]:
    """Unknown keys of this project, secrets in plain text, and a missing or misspelt location."""
    document, config = sources.document, sources.config
    known = {f"{PROJECT}:{secret.key}" for secret in secret_keys(settings)}
    for key, value in config.items():
        if not str(key).startswith(f"{PROJECT}:") or key == PATH:
            continue
        line = document.line(("config", key))
        if key not in known:
            remedy = did_you_mean(str(key), [PATH, *known]) or "remove it"
            yield Fault(document.file, line, str(key), "no such configuration key", remedy=remedy)
        elif not (isinstance(value, dict) and set(value) == {"secure"}):
            name = str(key).removeprefix(f"{PROJECT}:")
            yield Fault(
                document.file,
                line,
                str(key),
                "is a secret and stands here in plain text",
                remedy=f"'pulumi config set --stack {sources.stack} --secret {name}', and treat the old "
                "value as known to others",
            )
    location = config.get(LOCATION_KEY)
    if settings.target == "aks" and sources.given is None:
        line = document.line(("config", LOCATION_KEY))
        if location is None:
            yield Fault(
                document.file,
                line,
                LOCATION_KEY,
                "is required with target aks",
                remedy="add it, for example 'azure-native:location: westeurope'",
            )
        elif not isinstance(location, str) or not re.fullmatch("[a-z]+[a-z0-9]*", location):
            yield Fault(
                document.file,
                line,
                LOCATION_KEY,
                "must be an Azure location in its short form, for example 'westeurope'",
                repr(location),
                "correct the value",
            )
