"""Resource options as the engine ends up with them: only what is set, what a parent hands down included.

`protect` and providers are handed down by the SDK already; `retainOnDelete`, `deletedWith` and the parent's aliases
only by the engine, hence here.
"""

from typing import Any, Final

from pulumi.runtime.proto import resource_pb2

from review import urn as urns
from review.wire import Reader

Request = resource_pb2.RegisterResourceRequest

_LISTS: Final = (
    ("additionalSecretOutputs", "additionalSecretOutputs"),
    ("hideDiffs", "hideDiffs"),
    ("ignoreChanges", "ignoreChanges"),
    ("replaceOnChanges", "replaceOnChanges"),
    ("replaceWith", "replace_with"),
)
_WORDS: Final = (("import", "importId"), ("pluginDownloadURL", "pluginDownloadURL"))


class Options:
    """Reads the options of one run's registrations, parents first."""

    def __init__(self, stack: str, project: str, reader: Reader) -> None:
        self._stack = stack
        self._project = project
        self._reader = reader
        self._handed_down: dict[str, dict[str, Any]] = {}
        self._aliases: dict[str, tuple[str, ...]] = {}

    def read(self, urn: str, request: Request) -> dict[str, Any]:
        """Keys as in the engine's state; aliases as sorted URNs."""
        options: dict[str, Any] = {}
        for key, field in _LISTS:
            if values := getattr(request, field):
                options[key] = list(values)
        for key, field in _WORDS:
            if text := getattr(request, field):
                options[key] = text
        if request.protect:
            options["protect"] = True
        if request.deleteBeforeReplaceDefined:
            options["deleteBeforeReplace"] = request.deleteBeforeReplace
        if aliases := self._all_aliases(urn, request):
            options["aliases"] = list(aliases)
        return options | self._objects(request) | self._inherited(urn, request)

    def _objects(self, request: Request) -> dict[str, Any]:
        options: dict[str, Any] = {}
        if request.HasField("customTimeouts"):
            timeouts = request.customTimeouts
            options["customTimeouts"] = {it.name: text for it, text in timeouts.ListFields()}
        if request.HasField("replacement_trigger"):
            options["replacementTrigger"] = self._reader.value(request.replacement_trigger)
        if request.hooks.ByteSize():
            options["hooks"] = {it.name: list(names) for it, names in request.hooks.ListFields()}
        return options

    def _inherited(self, urn: str, request: Request) -> dict[str, Any]:
        handed = dict(self._handed_down.get(request.parent, ()))
        if request.HasField("retainOnDelete"):
            handed["retainOnDelete"] = request.retainOnDelete
        if request.deletedWith:
            handed["deletedWith"] = request.deletedWith
        if handed:
            self._handed_down[urn] = handed
        return {key: value for key, value in handed.items() if value}

    def _all_aliases(self, urn: str, request: Request) -> tuple[str, ...]:
        """URNs the resource may have had: its own aliases, and what its parent's make of it."""
        above = self._aliases.get(request.parent, ())
        if not (request.aliases or request.aliasURNs or above):
            return ()
        found = {*request.aliasURNs, *(self._alias(it, request) for it in request.aliases)}
        names = [
            (request.type, request.name),
            *((urns.type_of(it), urns.name_of(it)) for it in found),
        ]
        for parent in above:
            for type_, name in names:
                rest = name.removeprefix(urns.name_of(request.parent))
                # `{parent}-role` follows its parent's former name; any other name stays.
                former = urns.name_of(parent) + rest if rest != name else name
                found.add(urns.moved(parent, type_, former))
        self._aliases[urn] = tuple(sorted(found - {urn}))
        return self._aliases[urn]

    def _alias(self, alias: Any, request: Request) -> str:
        if alias.urn:
            return str(alias.urn)
        spec = alias.spec
        parent = "" if spec.noParent else spec.parentUrn or request.parent
        stack, project = spec.stack or self._stack, spec.project or self._project
        return urns.of(stack, project, parent, spec.type or request.type, spec.name or request.name)
