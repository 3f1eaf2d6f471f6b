"""Facts and findings of the chapter on data."""

from typing import Final

from review.meaning.telling import Telling

VOLUMES: Final = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/"

_TELLING: Final = Telling("data", VOLUMES)
fact = _TELLING.fact
finding = _TELLING.finding
