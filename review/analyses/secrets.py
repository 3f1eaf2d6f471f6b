"""Secret values a stack has a use for but does not have yet."""

from collections.abc import Iterator, Mapping
from typing import Any

from review.findings import Finding
from settings.secret_keys import secret_keys
from settings.stack import PROJECT, Settings


def secret_findings(settings: Settings, config: Mapping[str, Any], stack: str) -> Iterator[Finding]:
    """One finding for each unset value, with the command that sets it. `config` is the stack file's own."""
    for secret in secret_keys(settings):
        if f"{PROJECT}:{secret.key}" in config:
            continue
        effect = {
            "pull": "holds no credentials: only the registries that nodes can read anyway are pulled from",
            "vault": f"stands in for {secret.vault} with the text 'unset'",
        }[secret.use]
        yield Finding(
            rule="secret-unset",
            severity="advisory",
            resource=f"secret {secret.namespace}/{secret.name}",
            message=f"{effect}; set it with: pulumi config set --stack {stack} --secret {secret.key}",
        )
