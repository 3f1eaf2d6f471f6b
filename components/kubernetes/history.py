"""The last versions of what is named by its content, so that a rollback still finds the configuration it had.

A Pulumi program says what there is now, and the engine deletes the rest. So the program keeps a history itself: as a
stack output, which it reads at the next run. Logical names hold the content's hash, like the objects' own: what was
the current object stays the same resource when it becomes an earlier one. docs/decisions/0006-config-history.md
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
from pulumi.runtime import invoke_async
from pulumi.runtime.rpc import UNKNOWN

from manifests import Manifest, Part

OUTPUT: Final = "configHistory"
"""Stack output, secret: JSON of `{component: {role: [version, ...]}}`, the newest first."""

READ: Final = "pulumi:pulumi:readStackOutputs"
"""The engine's own function behind a StackReference, which would be a resource, and a failed one ends the run."""

_KEPT: Final = ("apiVersion", "kind", "type", "data", "stringData")

Version = dict[str, Any]
"""One object: its `kind`, `apiVersion`, `name`, and its data under the key it has there."""


class History:
    """What earlier runs made, and what this one says of itself to the next."""

    def __init__(self, most: int, before: Mapping[str, Mapping[str, list[Version]]]) -> None:
        """`most` versions stay beside the current one; `before` is what the last run said."""
        self._most = most
        self._before = before
        self._now: dict[str, dict[str, list[Version]]] = {}

    @classmethod
    async def read(cls, most: int) -> "History":
        """With what the last `pulumi up` of this stack said; empty in its first, and offline.

        Whatever hinders the reading is a warning: the price is a rollback that does not resolve, and an
        update that cannot run would cost more.
        """
        name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
        try:
            answer = await invoke_async(READ, {"name": name})
            return cls(most, _checked((answer or {}).get("outputs", {}).get(OUTPUT)))
        except Exception as fault:
            # Without the text of the fault: it may quote what it failed to read.
            pulumi.log.warn(
                f"{OUTPUT}: the versions before this one cannot be read ({type(fault).__name__}): those that "
                "are deleted now are missing to a rollback; the next 'pulumi up' keeps them again"
            )
            return cls(most, {})

    def earlier(self, component: str, parts: Sequence[Part]) -> list[Part]:
        """The earlier versions that `component` keeps beside `parts`, role `{role}-{revision}`.

        Also notes `parts` for the next run. One that is not known yet, as a secret's name is offline, is left out.
        """
        current = {it.role: it for it in parts if revision(it)}
        before = self._before.get(component, {})
        if not current and not before:
            return []
        found, kept = [], {}
        metadata = parts[0].manifest["metadata"]
        for role in dict.fromkeys([*current, *before]):
            versions = [_version(current[role].manifest)] if role in current else []
            names = {it["name"] for it in versions}
            old = [it for it in before.get(role, ()) if it["name"] not in names][: self._most]
            kept[role] = versions + old
            found += [_part(role, it, metadata) for it in old]
        self._now[component] = kept
        return found

    @property
    def now(self) -> Mapping[str, Mapping[str, list[Version]]]:
        """What the next run has as `before`, of the components asked so far."""
        return self._now

    def output(self) -> pulumi.Output[str]:
        """`now` as stack output `OUTPUT`. Secret: what a Secret held is in it."""
        text = pulumi.Output.json_dumps(self._now, sort_keys=True, separators=(",", ":"))
        return pulumi.Output.secret(text)


def revision(part: Part) -> str:
    """The hash in the name of `part`; empty for what is not named by its content, or not known yet."""
    manifest = part.manifest
    name = manifest["metadata"]["name"]
    if not manifest.get("immutable") or name == UNKNOWN:
        return ""
    return str(name).rpartition("-")[2]


def _version(manifest: Manifest) -> Version:
    kept: dict[str, Any] = {key: manifest[key] for key in _KEPT if key in manifest}
    return {"name": manifest["metadata"]["name"], **kept}


def _part(role: str, version: Version, metadata: Mapping[str, Any]) -> Part:
    """With the labels of today: they say whose it is, and those of a version would be news at every change."""
    name = version["name"]
    manifest = {
        **{key: value for key, value in version.items() if key != "name"},
        "metadata": {
            "name": name,
            "namespace": metadata["namespace"],
            "labels": {**metadata["labels"]},
        },
        "immutable": True,
    }
    return Part(f"{role}-{name.rpartition('-')[2]}", manifest)


def _checked(text: object) -> dict[str, dict[str, list[Version]]]:
    """What an earlier run wrote; raises what a text that is none of its own raises."""
    found: dict[str, dict[str, list[Version]]] = json.loads(text) if isinstance(text, str) else {}
    for roles in found.values():
        for versions in roles.values():
            for it in versions:
                if it["kind"] not in ("ConfigMap", "Secret") or not isinstance(it["name"], str):
                    raise ValueError(it["kind"])
    return found
