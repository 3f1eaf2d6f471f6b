"""Which line a property stands in."""

import json

import pytest

from review.reading import lines
from review.reading.lines import Lines

TEXT = """\
# a comment
apiVersion: v1
kind: Pod
metadata:
  labels:
    app: web
    app.kubernetes.io/name: web
spec:
  containers:
  - image: a
    name: web
    ports: [{containerPort: 80}, {name: x,
      containerPort: 81}]
    volumeMounts:
      - mountPath: /tmp
        name: tmp
---
apiVersion: v1
kind: List
items:
  - kind: Pod
    spec: {hostPID: true}
  - kind: Pod
    spec:
      hostPID: true
"""


@pytest.fixture
def line(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(TEXT)
    found = Lines()
    return lambda start, place: found.of(str(path), start, place)


@pytest.mark.parametrize(
    ("start", "path", "line_"),
    [
        (2, "", 2),
        (2, "kind", 3),
        (2, "metadata.labels.app", 6),
        (2, "metadata.labels.app.kubernetes.io/name", 7),
        (2, "spec.containers[web]", 10),
        (2, "spec.containers[web].name", 11),
        (2, "spec.containers[web].ports[80]", 12),
        (2, "spec.containers[web].ports[x].containerPort", 13),
        (2, "spec.containers[web].volumeMounts[tmp]", 15),
        (2, "spec.containers[web].securityContext.privileged", 10),
        (2, "spec.containers[api].image", 9),
        (2, "spec.hostPID", 8),
        (21, "spec.hostPID", 22),
        (23, "spec.hostPID", 25),
        (99, "spec", 99),
    ],
)
def test_a_property_is_found_or_what_is_nearest_to_it(line, start, path, line_):
    assert line(start, path) == line_


def test_json_is_read_as_well(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"kind": "Pod", "spec": {"hostPID": True}}, indent=2))

    assert Lines().of(str(path), 1, "spec.hostPID") == 4


@pytest.mark.parametrize("text", ["a: [", "", "- 3", "\x00"])
def test_what_cannot_be_parsed_has_the_line_of_its_object(tmp_path, text):
    path = tmp_path / "a.yaml"
    path.write_text(text)

    assert Lines().of(str(path), 1, "a.b") == 1


def test_a_file_that_is_gone_has_the_line_of_its_object(tmp_path):
    assert Lines().of(str(tmp_path / "none.yaml"), 7, "a") == 7


def test_what_is_too_much_has_the_line_of_its_object(line, monkeypatch):
    monkeypatch.setattr(lines, "MOST_DOCUMENTS", 1)

    assert line(2, "kind") == 3
    assert line(21, "spec.hostPID") == 21
