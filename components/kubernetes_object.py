"""The one seam between `manifests/` and the engine: any Kubernetes object, in wire form."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, cast

import pulumi

from manifests import Manifest, Part

SECRET_KEYS: Final = ("data", "stringData")
"""Of a Secret: encrypted in the state, and secret among its outputs, as the SDK's own class does it."""

_SECRET_OUTPUTS: Final = pulumi.ResourceOptions(additional_secret_outputs=[*SECRET_KEYS])

_OF_A_JOB: Final = pulumi.ResourceOptions(
    replace_on_changes=["spec.backoffLimitPerIndex", "spec.completionMode", "spec.successPolicy"],
    delete_before_replace=True,
)
"""Of a Job's fields that can never change the provider knows four, `completions`, `parallelism`, `selector` and
`template`: https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/diff.go . The others would be
sent as an update, which the API server refuses. Two of one name cannot stand side by side."""


class KubernetesObject(pulumi.CustomResource):
    """`manifest`, registered under the type token that the SDK's class for its kind has.

    The manifest is handed on as it is, without a copy: nobody may change it afterwards.
    """

    def __init__(
        self, name: str, manifest: Manifest, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        kind, version = manifest["kind"], manifest["apiVersion"]
        if kind == "Secret":
            hidden: dict[str, Any] = {
                key: pulumi.Output.secret(manifest[key]) for key in SECRET_KEYS if key in manifest
            }
            manifest = {**manifest, **hidden}
            opts = pulumi.ResourceOptions.merge(opts, _SECRET_OUTPUTS)
        elif kind == "Job":
            opts = pulumi.ResourceOptions.merge(opts, _OF_A_JOB)
        super().__init__(type_token(kind, version), name, manifest, opts)

    # No annotation: the SDK evaluates those of a class anew for each of its resources, 5 % of a plan.
    @property
    def metadata(self) -> pulumi.Output[dict[str, Any]]:
        """As the cluster holds it: whoever uses it waits for the object."""
        return cast("pulumi.Output[dict[str, Any]]", self.__dict__["metadata"])


def type_token(kind: str, version: str) -> str:
    """Of an object's kind and `apiVersion`, such as `kubernetes:apps/v1:Deployment`."""
    group = version if "/" in version else f"core/{version}"
    return f"kubernetes:{group}:{kind}"


def register(
    component: pulumi.ComponentResource,
    name: str,
    parts: Iterable[Part],
    *,
    before: Callable[[Part], Sequence[pulumi.Resource]] = lambda _: (),
    beside: Mapping[str, pulumi.Resource] = MappingProxyType({}),
    protected: Callable[[Part], bool] = lambda _: False,
    revision: Callable[[Part], str] = lambda _: "",
) -> dict[str, KubernetesObject]:
    """The objects of `parts` by role: children of `component`, named `{name}-{role}`.

    Wire form names other objects in plain text, so the engine sees no order. It is told: an object
    waits for the parts it names, made here or `beside`, and for what comes `before` it; it is deleted
    before them. `protected` parts cannot be deleted; the others are as protected as `component`. One
    that has a `revision` is named `{name}-{role}-{revision}`: each content is a resource of its own.
    """
    made: dict[str, KubernetesObject] = {}
    for part in parts:
        waits_for = [made[role] if role in made else beside[role] for role in part.after]
        logical, version = f"{name}-{part.role}", revision(part)
        opts = pulumi.ResourceOptions(
            parent=component,
            depends_on=[*before(part), *waits_for],
            protect=protected(part) or None,
            # Before there were revisions: without it the engine would make the object while it still stands.
            aliases=[pulumi.Alias(name=logical)] if version else None,
        )
        named = f"{logical}-{version}" if version else logical
        made[part.role] = KubernetesObject(named, part.manifest, opts)
    return made
