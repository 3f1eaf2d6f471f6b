# ruff: noqa: N802  (the SDK names its RPC methods in CamelCase)
"""Keeps secrets out of whatever leaves a recording as text: errors, logs, what the program prints, the plan itself."""

import base64
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, Final
from urllib.parse import quote

from pulumi.runtime.proto import engine_pb2

MASKED: Final = "[secret]"
"""As the engine writes it."""

SHORTEST: Final = 3
"""Characters of a secret; the engine does not mask shorter ones in text either, they occur everywhere."""


_HEAD: Final = 12
"""Characters of a form that are looked for before all of it."""


class Mask:
    """Puts `[secret]` in the place of any of `secrets`: plain, base64, escaped for a URL, JSON or Python."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret)}
        self._forms = sorted(forms, key=len, reverse=True)
        self._heads = {it[:_HEAD] for it in self._forms}
        self._pattern = re.compile("|".join(map(re.escape, self._forms)))

    def __call__(self, text: str) -> str:
        # Of a plan of 12 MB `in` takes 1 ms a form, the pattern 80 ms. The stand-ins of all secrets begin alike: the
        # 200 forms of 50 have four heads.
        held = any(it in text for it in self._heads) and any(it in text for it in self._forms)
        return self._pattern.sub(MASKED, text) if held else text

    def stream(self, under: IO[str]) -> "io.TextIOBase":
        """Writes to `under` line by line, so that no secret is cut in two; closing it leaves `under` open."""
        return _MaskedStream(self, under)


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield json.dumps(secret)[1:-1]
    yield repr(secret)[1:-1]
    yield quote(secret, safe="")
    data = secret.encode()
    for lead in range(3):
        # Inside a longer text base64 has three spellings; the characters at the ends depend on the neighbours.
        spelled = base64.b64encode(b"\0" * lead + data).decode().rstrip("=")
        inner = spelled[(lead * 8 + 5) // 6 : len(spelled) - (1 if (lead + len(data)) % 3 else 0)]
        if len(inner) >= 2 * SHORTEST:
            yield inner
            yield inner.translate(_URL_SAFE)


_URL_SAFE: Final = str.maketrans("+/", "-_")


class _MaskedStream(io.TextIOBase):
    def __init__(self, mask: Mask, under: IO[str]) -> None:
        self._mask = mask
        self._under = under
        self._line = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._under.write(self._mask(line) + "\n")
        return len(text)

    def close(self) -> None:
        if not self.closed and self._line:
            self._under.write(self._mask(self._line) + "\n")
        super().close()


Said = Callable[[str, str], None]
"""Takes what a program logs: `info`, `warning` or `error`, and the text."""


def to_stderr(severity: str, text: str) -> None:
    """The `Said` of whoever does not ask."""
    print(f"{severity}: {text}", file=sys.stderr)


class Engine:
    """The engine's log: what the program says to people, masked; the rest is not asked for."""

    def __init__(self, mask: Mask, said: Said = to_stderr) -> None:
        self._mask = mask
        self._said = said

    def Log(self, request: Any) -> None:
        names = {engine_pb2.WARNING: "warning", engine_pb2.ERROR: "error", engine_pb2.INFO: "info"}
        if name := names.get(request.severity):
            self._said(name, self._mask(request.message))

    def RequirePulumiVersion(self, _request: Any) -> None:
        """There is no CLI to be too old."""
