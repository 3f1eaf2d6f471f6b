"""Data of which a part is not known, such that no check decides by what it cannot know.

`view` wraps what a plan holds. Reading a value that is only known after a deployment raises `Undecided`; a check
neither asks for marks nor catches that. A list hands out its known items first and raises behind them, so that `any`
and `all` decide where the known ones suffice. A secret is there (it is true, and `is_secret` tells it), but nothing can
be read out of it: comparing or printing it raises, too, so no secret's value is ever part of a verdict.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, NoReturn, SupportsIndex

UNKNOWN: Final[Mapping[str, bool]] = {"$unknown": True}
"""Stands in a plan for what is only known once something has been deployed."""

SECRET: Final[Mapping[str, bool]] = {"$secret": True}
"""Stands in a plan for a secret, known or not."""

COVERED: Final[Mapping[str, bool]] = {"$covered": True}
"""Stands for what an engine hides because a secret is beside it: it may be no secret itself."""

MARKS: Final = ('"$unknown"', '"$secret"', '"$covered"')
"""What the JSON of a resource holds where it has a mark: without them it can be read as it is."""

LATER: Final = "is known after a deployment only"
HIDDEN: Final = "is a secret, which is not looked at"
BESIDE_SECRET: Final = "is hidden by the provider, as a secret is in the same list"

_BY_NAME: Final[Mapping[str, tuple[str, ...]]] = {
    "ports": ("containerPort", "port"),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
}
"""What names the items of a list that have no name; as Kubernetes merges them."""


class Undecided(Exception):  # noqa: N818 - no error, but a verdict
    """A check came to something it cannot know; the verdict of its subject is `unknown`.

    A check may raise one itself where only the running system tells: `raise Undecided("a chart may make it")`.
    """

    def __init__(self, reason: str, path: str = "", resource: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        """What must be known: `is known after a deployment only`."""

        self.path = path
        """From the root of the resource that hides it; empty where no single property does."""

        self.resource = resource
        """Title of that resource; empty where the check raised this itself."""

    def __str__(self) -> str:
        return " ".join(filter(None, [self.path, self.reason]))


def item_name(field: str, position: int, item: Any) -> str:
    """What names an item of the list `field` in a path: its name, else its merge key, else its position."""
    if issubclass(type(item), dict):  # not isinstance, which asks a secret for its class
        for key in ("name", *_BY_NAME.get(field, ())):
            found = dict.get(item, key)
            if type(found) in (str, int) and found != "":
                return str(found)
    return str(position)


class _Opaque:
    """Something that is there and cannot be read: whatever is asked of it raises `Undecided`."""

    __slots__ = ("_args",)

    def __init__(self, reason: str, path: str, resource: str) -> None:
        object.__setattr__(self, "_args", (reason, path, resource))

    def undecided(self) -> Undecided:
        """Why nothing can be read."""
        return Undecided(*object.__getattribute__(self, "_args"))

    def _raise(self, *_args: object, **_options: object) -> NoReturn:
        raise _Opaque.undecided(self)

    def __getattribute__(self, name: str) -> Any:
        raise _Opaque.undecided(self)

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __len__ = __iter__ = _raise
    __contains__ = __getitem__ = __call__ = __hash__ = __str__ = __format__ = __int__ = _raise
    __float__ = __index__ = __add__ = __radd__ = __sub__ = __rsub__ = __mod__ = __repr__ = _raise


class _Unknown(_Opaque):
    __slots__ = ()
    __bool__ = _Opaque._raise


class _Secret(_Opaque):
    __slots__ = ()

    def __bool__(self) -> bool:
        return True


def is_secret(value: object) -> bool:
    """Whether a plan hides `value` as a secret: it is there, and no more may be asked."""
    return type(value) is _Secret


def view(value: Any, resource: str, path: str = "", field: str = "") -> Any:
    """`value` with its marks in force. `Undecided` names `resource`, its title, and `path`, where the value stands."""
    if isinstance(value, Mapping):
        if len(value) == 1:
            if value == UNKNOWN:
                return _Unknown(LATER, path, resource)
            if value == SECRET:
                return _Secret(HIDDEN, path, resource)
            if value == COVERED:
                return _Unknown(BESIDE_SECRET, path, resource)
        return _Map(
            {
                key: view(it, resource, f"{path}.{key}" if path else str(key), str(key))
                for key, it in value.items()
            }
        )
    if isinstance(value, list | tuple):
        return _List(
            view(it, resource, f"{path}[{item_name(field, at, it)}]", field)
            for at, it in enumerate(value)
        )
    return value


def _known(value: Any) -> Any:
    if type(value) is _Unknown:
        raise _Opaque.undecided(value)
    return value


class _Map(dict[str, Any]):
    """A dict that raises where an unknown is read; which keys there are is known."""

    __slots__ = ()

    def __getitem__(self, key: str) -> Any:
        return _known(dict.__getitem__(self, key))

    def get(self, key: str, default: Any = None) -> Any:
        return _known(dict.get(self, key, default))

    def __iter__(self) -> Iterator[str]:
        return iter(dict.keys(self))

    def values(self) -> Any:
        return iter(_List(dict.values(self)))

    def items(self) -> Any:
        return _pairs(dict.items(self))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return False
        if dict.keys(self) != other.keys():
            return False
        return every(*(partial(_same, self, other, key) for key in dict.keys(self)))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __or__(self, other: Any) -> Any:
        return _Map({**_raw(self), **_raw(other)})

    def __ror__(self, other: Any) -> Any:
        return _Map({**_raw(other), **_raw(self)})

    def copy(self) -> "_Map":
        return _Map(_raw(self))


class _List(list[Any]):
    """A list that hands out its known items, then raises where one is unknown; its length is known."""

    __slots__ = ()

    def __getitem__(self, at: SupportsIndex | slice) -> Any:
        found = list.__getitem__(self, at)
        return _List(found) if isinstance(at, slice) else _known(found)

    def __iter__(self) -> Iterator[Any]:
        for _, item in positions(self):
            yield item

    def __contains__(self, wanted: object) -> bool:
        return any(it == wanted for it in self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, list):
            return False
        if len(self) != len(other):
            return False
        return every(*(partial(_same, self, other, at) for at in range(len(self))))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __add__(self, other: Any) -> Any:
        return [*self, *other]

    def __radd__(self, other: Any) -> Any:
        return [*other, *self]

    def index(self, *args: Any) -> int:
        return [self[at] for at in range(len(self))].index(*args)

    def count(self, value: Any) -> int:
        return [*self].count(value)

    def __reversed__(self) -> Iterator[Any]:
        return iter([*self][::-1])

    def copy(self) -> list[Any]:
        return [*self]


def positions(items: list[Any]) -> Iterator[tuple[int, Any]]:
    """`enumerate` of any list: the known items with where they stand, then `Undecided` if one is unknown."""
    if type(items) is not _List:
        yield from enumerate(items)
        return
    hidden = None
    for at in range(len(items)):
        item = list.__getitem__(items, at)
        if type(item) is _Unknown:
            hidden = item if hidden is None else hidden
        else:
            yield at, item
    if hidden is not None:
        raise _Opaque.undecided(hidden)


def parts(items: list[Any]) -> Iterator[tuple[int, Any]]:
    """Every item with where it stands; an unknown one as the `Undecided` that reading it raises."""
    for at in range(len(items)):
        item = list.__getitem__(items, at)
        yield at, _Opaque.undecided(item) if type(item) is _Unknown else item


def _pairs(pairs: Any) -> Iterator[tuple[str, Any]]:
    hidden = None
    for key, value in pairs:
        if type(value) is _Unknown:
            hidden = value if hidden is None else hidden
        else:
            yield key, value
    if hidden is not None:
        raise _Opaque.undecided(hidden)


def _raw(value: Any) -> dict[str, Any]:
    return {key: dict.__getitem__(value, key) for key in dict.keys(value)}


def _same(one: Any, other: Any, key: Any) -> bool:
    return bool(one[key] == other[key])


def every(*tests: Callable[[], Any]) -> bool:
    """Whether all hold: one that does not decides, whatever another cannot know."""
    hidden = None
    for test in tests:
        try:
            if not test():
                return False
        except Undecided as undecided:
            hidden = hidden or undecided
    if hidden:
        raise hidden
    return True


def either(*tests: Callable[[], Any]) -> bool:
    """Whether one holds: one that does decides, whatever another cannot know."""
    return not every(*(partial(_not, test) for test in tests))


def _not(test: Callable[[], Any]) -> bool:
    return not test()
