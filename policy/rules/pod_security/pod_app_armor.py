"""No AppArmor profile is off.

Profiles stand in fields and, as before Kubernetes 1.30, in annotations of the pod.
"""

from collections.abc import Iterator
from typing import Any, Final

from policy.kinds import WORKLOADS
from policy.objects import Object, Pod, dig, mapping, pods
from policy.rule import Parameters, Rule, Subjects, Violation
from policy.rules._turns import in_turn, of_contexts

_ANNOTATION: Final = "container.apparmor.security.beta.kubernetes.io/"
_PROFILES: Final = ("RuntimeDefault", "Localhost")


def _pods(it: Object) -> Subjects:
    """The pod, with paths from the object: annotations stand beside its spec."""
    for path, pod in pods(it):
        yield ("", (path.removesuffix("spec"), pod)) if isinstance(pod, Pod) else (path, pod)


def _check(it: tuple[str, Pod], _parameters: Parameters) -> Iterator[Violation]:
    path, pod = it

    def fields() -> Iterator[Violation]:
        for place, message in of_contexts(pod, "appArmorProfile", _look):
            yield f"{path}spec.{place}", message

    def annotations() -> Iterator[Violation]:
        for key, value in mapping(pod.metadata, "annotations").items():
            if key.startswith(_ANNOTATION) and not (
                value in ("", "runtime/default") or str(value).startswith("localhost/")
            ):
                yield f'{path}metadata.annotations["{key}"]', "turns AppArmor off"

    yield from in_turn(fields, annotations)


def _look(profile: Any) -> Iterator[Violation]:
    if dig(profile, "type") not in _PROFILES:
        yield "type", "is no profile that confines"


RULE = Rule(
    id="pod-app-armor",
    title="No AppArmor profile is off",
    area="pod-security",
    severity="mandatory",
    kinds=WORKLOADS,
    each=_pods,
    check=_check,
    why="Unconfined is less than a node gives by itself.",
    remedy="remove appArmorProfile, or name RuntimeDefault or Localhost",
    source="https://kubernetes.io/docs/tutorials/security/apparmor/",
)
