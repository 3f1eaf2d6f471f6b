"""Storage is spoken to by TLS 1.2 alone."""

from collections.abc import Iterator

from policy.objects import Object, dig
from policy.rule import Parameters, Rule, Violation
from policy.rules._turns import in_turn


def _check(it: Object, _parameters: Parameters) -> Iterator[Violation]:
    def clear() -> Iterator[Violation]:
        if dig(it.manifest, "enableHttpsTrafficOnly") is False:
            yield "enableHttpsTrafficOnly", "takes requests in clear"

    def old() -> Iterator[Violation]:
        if dig(it.manifest, "minimumTlsVersion") not in ("TLS1_2", "TLS1_3"):
            yield "minimumTlsVersion", "takes broken versions of TLS"

    yield from in_turn(clear, old)


RULE = Rule(
    id="storage-account-transport",
    title="Storage is spoken to by TLS 1.2 alone",
    area="azure",
    severity="mandatory",
    kinds=("azure-native:storage:StorageAccount",),
    check=_check,
    why="Data and keys go in clear, or by broken ciphers.",
    remedy="set enableHttpsTrafficOnly and minimumTlsVersion TLS1_2",
    source="https://learn.microsoft.com/azure/storage/common/transport-layer-security-configure-minimum-version",
)
