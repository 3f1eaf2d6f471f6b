"""How a secret in clear is told from what merely sounds like one. No value is ever part of a message."""

import re
from typing import Any, Final

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAMED: Final = re.compile(
    r"(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|SECRET|SECRET_?KEY|TOKEN|API_?KEY|ACCESS_?KEY"
    r"|ACCOUNT_?KEY|PRIVATE_?KEY|SHARED_?KEY|ENCRYPTION_?KEY|SIGNING_?KEY|CREDENTIALS?"
    r"|CONNECTION_?STRING|CONN_?STR|SAS)"
    r"(?:_(?:\d+|BASE64|B64|VALUE|OLD|NEW|PRIMARY|SECONDARY))?"
)
_NO_SECRET: Final = re.compile(r"(?:OLD)?PWD|(?:ETCD_)?INITIAL_CLUSTER_TOKEN")
"""Of every shell, the folder it is in; of etcd, what tells its clusters apart."""

_EMPTY: Final = re.compile(
    r"|true|false|yes|no|none|null|\d{1,3}|\$\([A-Za-z_]\w*\)|\$\{[A-Za-z_]\w*\}|<[^>]*>",
    re.IGNORECASE,
)
"""Values that hold no secret: nothing, a switch, a reference to another variable, a blank to be filled in."""

_PATH: Final = re.compile(r"(?:/[a-z0-9][a-z0-9._-]*){2,}/?")
"""Where a secret lies, `/var/run/secrets/key.json`; in lower case, for base64 has slashes, too."""

# Values are anybody's, and a ConfigMap holds up to 1 MiB: each pattern below is one for which a search takes time in
# proportion to the text, so none may begin with what a text can have anywhere, and as long as it likes.
_FILLED_LATER: Final = re.compile(r"\$\{[A-Za-z][\w.-]*\}|^ENC\[")
"""As `./aks render` and SOPS write what they put in afterwards."""

_CREDENTIALS: Final = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
    r"|[a-z0-9+.-]://[^\s/:@$<{]*:(?!\$|<|\{)[^\s/:@]+@"
    r"|\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=(?!\$|<|\{)[^;\s]{8,}"
    r"|(?:^|;)\s*(?:Password|Pwd)\s*=\s*(?!\$|<|\{)[^;\s]+",
    re.IGNORECASE,
)
"""Private keys, passwords in addresses and connection strings."""


def is_named_as_secret(name: Any) -> bool:
    """Whether a variable or key is named as one that holds a secret: `DB_PASSWORD`, `apiKey`, but not
    `PASSWORD_FILE` or `TOKEN_LIFETIME_MINUTES`."""
    if not isinstance(name, str):
        return False
    snake = re.sub(r"[-.\s]+", "_", _CAMEL.sub("_", name)).upper()
    found = _NAMED.search(snake)
    while found and found.end() != len(snake):
        found = _NAMED.search(snake, found.start() + 1)
    return bool(found) and not _NO_SECRET.fullmatch(snake)


def is_plain_text(value: Any) -> bool:
    """Whether a value says something by itself."""
    return (
        isinstance(value, str)
        and not _EMPTY.fullmatch(value.strip())
        and not _PATH.fullmatch(value.strip())
        and not is_filled_later(value)
    )


def is_filled_later(value: Any) -> bool:
    """Whether a text has a blank of a template in it, or is encrypted: it is no secret as it stands."""
    if not isinstance(value, str):
        return False
    in_template = (line.partition("{{")[2] for line in value.splitlines() if "{{" in line)
    return any("}}" in it for it in in_template) or bool(_FILLED_LATER.search(value))


def holds_credentials(value: Any) -> bool:
    """Whether a text has a private key, or a password in an address or a connection string, in it."""
    return isinstance(value, str) and bool(_CREDENTIALS.search(value))
