"""What the tables of order and defaults say of a field is about a field that there is."""

import pytest

from review.diff import defaults, order
from review.diff.shapes import Listing, of_kind
from review.kubernetes_schemas import newest


def short(name):
    parts = name.split(".")
    return f"{parts[-3]}.{parts[-1]}" if len(parts) > 2 else name


KNOWN = {}
for name, schema in newest().definitions.items():
    KNOWN.setdefault(short(name), {}).update(schema.get("properties", {}))


def types(schema):
    found = schema.get("type", ())
    return [found] if isinstance(found, str) else found


@pytest.mark.parametrize(
    "place", sorted((*order.UNORDERED, *order.ORDERED, *order.NAMED)), ids=".".join
)
def test_a_list_of_the_tables_is_a_list_of_the_schemas(place):
    definition, key = place

    assert "array" in types(KNOWN[definition][key])


@pytest.mark.parametrize(
    ("place", "key"),
    [(place, key) for place, keys in order.UNORDERED.items() for key in keys],
    ids=str,
)
def test_what_names_an_item_is_a_field_of_the_item(place, key):
    definition, field = place
    at = KNOWN[short(KNOWN[definition][field]["items"]["$ref"])]
    *above, last = key.split(".")
    for step in above:
        at = KNOWN[short(at[step].get("$ref", ""))]

    assert last in at


@pytest.mark.parametrize("definition", [*defaults.ALWAYS, *defaults.DEPENDS])
def test_defaults_are_of_fields_that_there_are(definition):
    assert set(defaults.ALWAYS.get(definition, {})) <= set(KNOWN[definition])


def listing(*path, kind=("apps/v1", "Deployment")):
    shape = of_kind(*kind)
    for key in path:
        shape = shape.item() if key == "[]" else shape.field(key)
    return shape.listing


POD = ("spec", "template", "spec")
CONTAINER = (*POD, "containers", "[]")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((*POD, "containers"), Listing(keys=("name",), ordered=False)),
        ((*POD, "initContainers"), Listing(keys=("name",), ordered=True)),
        ((*POD, "volumes"), Listing(keys=("name",), ordered=False)),
        ((*POD, "hostAliases"), Listing(keys=("ip",), ordered=False)),
        ((*POD, "imagePullSecrets"), Listing(keys=("name",), ordered=False)),
        ((*POD, "topologySpreadConstraints"),
         Listing(keys=("topologyKey", "whenUnsatisfiable"), ordered=False)),
        ((*CONTAINER, "env"), Listing(keys=("name",), ordered=True)),
        ((*CONTAINER, "ports"), Listing(keys=("containerPort", "protocol"), ordered=False)),
        ((*CONTAINER, "volumeMounts"), Listing(keys=("mountPath",), ordered=False)),
        ((*CONTAINER, "volumeDevices"), Listing(keys=("devicePath",), ordered=False)),
        ((*CONTAINER, "command"), Listing(keys=("name",), ordered=True)),
        (("metadata", "finalizers"), Listing(keys=(), ordered=False)),
        (("metadata", "ownerReferences"), Listing(keys=("uid",), ordered=False)),
        (("status", "conditions"), Listing(keys=("type",), ordered=False)),
    ],
)  # fmt: skip
def test_the_keys_are_those_by_which_kubernetes_merges(path, expected):
    assert listing(*path) == expected


def test_the_ports_of_a_service_are_known_by_port_and_protocol():
    found = listing("spec", "ports", kind=("v1", "Service"))

    assert found == Listing(keys=("port", "protocol"), ordered=False)
