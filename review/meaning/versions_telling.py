"""Facts and findings of the chapter on versions."""

from typing import Final

from review.meaning.telling import Telling

UPGRADE: Final = "https://learn.microsoft.com/azure/aks/upgrade-aks-cluster"

_TELLING: Final = Telling("versions", UPGRADE)
fact = _TELLING.fact
finding = _TELLING.finding
