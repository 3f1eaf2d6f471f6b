"""Every value of a stack can be traced to the line that sets it, or to its default."""

from pathlib import Path

import pytest

from settings.explain import UnknownKeyError, explain, source_of, steps_of
from settings.load import check, read_sources
from tests.settings.rich import SHOP as SHOP_TEXT
from tests.settings.rich import rich_files

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def prod():
    sources = read_sources(ROOT, "prod")
    return check(sources), sources


def line_of(file, text):
    return next(
        number
        for number, line in enumerate((ROOT / file).read_text().splitlines(), 1)
        if text in line
    )


@pytest.mark.parametrize(
    ("key", "value", "file", "text"),
    [
        ("cluster.tier", "Standard", "Pulumi.prod.yaml", "tier: Standard"),
        ("workloads.blob-service.autoscale.cpu", 70, "workloads/blob-service.yaml", "cpu: 70"),
        ("workloads.blob-service.autoscale.max", 8, "Pulumi.prod.yaml", "{min: 3, max: 8}"),
        (
            "workloads.blob-service.routes[0].host",
            "public",
            "workloads/blob-service.yaml",
            "host: public",
        ),
        ("aks-platform:settings.nodePools.wg1.max", 6, "Pulumi.prod.yaml", "max: 6"),
    ],
)
def test_a_value_is_traced_to_the_file_and_line_that_won(prod, key, value, file, text):
    [found] = explain(*prod, key)
    assert (found.value, found.source) == (value, f"{file}:{line_of(file, text)}")
    assert found.reason


def test_a_value_nobody_wrote_is_a_default_with_its_reason(prod):
    [found] = explain(*prod, "nodePools.wg1.mode")
    assert (found.value, found.source, found.reason) == (
        "User",
        "default",
        "`System` carries the cluster's own pods and no workload.",
    )


def test_a_null_that_removes_what_the_catalogue_says_is_named(prod):
    [found] = explain(*prod, "workloads.authentication.replicas")
    line = line_of("Pulumi.prod.yaml", "replicas: null")
    assert (found.value, found.source) == (
        None,
        f"Pulumi.prod.yaml:{line} (null removes it), default",
    )


def test_a_key_with_keys_below_it_explains_each(prod):
    found = explain(*prod, "nodePools.wg1")
    assert {it.key: it.value for it in found}["nodePools.wg1.vmSize"] == "Standard_D8ds_v5"
    assert len(found) > 10


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("nodePool.wg1", "did you mean 'nodePools'?"),
        ("nodePools.wg2", "did you mean 'wg1'?"),
        ("cluster.tier.x", "has nothing below it"),
        ("workloads.blob-service.routes[7]", "known: [0]"),
        ("cluster..tier", "not a key path"),
    ],
)
def test_an_unknown_key_is_answered_with_what_is_there(prod, key, answer):
    with pytest.raises(UnknownKeyError) as caught:
        explain(*prod, key)
    assert answer in str(caught.value)


def test_a_key_path_has_names_indexes_and_quoted_names():
    assert steps_of('a.b[0]["x.y"].c') == ("a", "b", 0, "x.y", "c")


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    root = tmp_path_factory.mktemp("rich")
    for name, text in rich_files().items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    for path in ROOT.glob("workloads/**/*.*"):
        copy = root / path.relative_to(ROOT)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(path.read_text())
    sources = read_sources(root, "dev")
    return check(sources), sources, root


SHOP, DEV = "workloads/shop.yaml", "Pulumi.dev.yaml"


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("shop.probes.readiness.httpGet", [("path", "/readyz", SHOP, "readiness: /readyz"), ("port", None, "default"),
                                           ("scheme", "HTTP", "default"), ("headers", {}, "default")]),
        ("shop.release", [("strategy", "canary", SHOP, "release:"), ("steps", [25, 50, 100], SHOP, "release:"),
                          ("step", 2, DEV, "step: 2"), ("by", "pods", "default"), ("match", None, "default"),
                          ("active", "blue", "default")]),
        ("shop.preStop", [("exec.command", ["stop"], DEV, "command:")]),
        ("shop.env.MODE", [("field", "metadata.namespace", DEV, "field: metadata.namespace")]),
        ("shop.env.POD", [("field", "metadata.name", SHOP, "POD:")]),
        ("shop.scratch", [("/tmp", "32Mi", DEV, "/tmp: 32Mi")]),
        ("shop.mounts./srv/work", [("volume", "work", SHOP, "/srv/work: work"), ("subPath", None, "default"),
                                   ("readOnly", False, DEV, "readOnly: false")]),
        ("shop.containers.migrate.before", [("main", "complete", SHOP, "before: complete")]),
        ("shop.service.ports.http", [("port", 80, SHOP, " http: 80\n"), ("protocol", None, "default"),
                                     ("targetPort", None, "default"), ("nodePort", None, "default")]),
        ("shop.ports", [("grpc.port", 9000, SHOP, "grpc: 9000"), ("grpc.protocol", "TCP", "default"),
                        ("http.port", 8080, SHOP, "http: 8080"), ("http.protocol", "TCP", "default"),
                        ("quic.port", 8080, SHOP, "quic: {port"), ("quic.protocol", "UDP", SHOP, "quic: {port")]),
        ("shop.volumes.pod.projected[0].downward", [("labels.field", "metadata.labels", SHOP, "labels: metadata"),
                                                    ("cpu.resource", "limits.cpu", SHOP, "cpu: limits.cpu")]),
        ("batch.job.cases", [("count", 4, DEV, "cases: 4"), ("mountPath", "/etc/case", "default")]),
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)  # fmt: skip
def test_what_a_short_form_stands_for_is_traced_to_its_line(rich, key, values):
    settings, sources, root = rich

    def place(file, text=""):
        lines = (root / file).read_text().splitlines(keepends=True) if text else []
        return f"{file}:{next(n for n, it in enumerate(lines, 1) if text in it)}" if text else file

    key = f"workloads.{key}"
    found = {it.key: (it.value, it.source) for it in explain(settings, sources, key)}
    assert found == {f"{key}.{below}": (value, place(*at)) for below, value, *at in values}


@pytest.mark.parametrize("key", ["replicas", "spread.zones", "spread.nodes"])
def test_what_availability_stands_for_names_its_line(rich, key):
    settings, sources, _ = rich
    [found] = explain(settings, sources, f"workloads.shop.{key}")
    assert found.source == f"availability: ha in {SHOP}:{line_in(SHOP_TEXT, 'availability: ha')}"


def test_an_override_that_says_availability_or_takes_back_what_it_would_imply_is_named(
    rich, tmp_path
):
    _, _, root = rich
    files = {
        "Pulumi.dev.yaml": (root / DEV).read_text().replace(
            "      shop:\n        release",
            "      shop:\n        availability: single\n        spread: null\n        release",
        ),
        SHOP: SHOP_TEXT.replace("kind: deployment", "kind: deployment\nspread: {zones: DoNotSchedule}"),
    }  # fmt: skip
    for path in root.rglob("*.*"):
        copy = tmp_path / path.relative_to(root)
        copy.parent.mkdir(exist_ok=True, parents=True)
        copy.write_text(files.get(str(path.relative_to(root)), path.read_text()))
    sources = read_sources(tmp_path, "dev")
    settings = check(sources)
    single = line_in(files[DEV], "availability: single")
    [replicas] = explain(settings, sources, "workloads.shop.replicas")
    assert (replicas.value, replicas.source) == (1, f"availability: single in {DEV}:{single}")
    [zones] = explain(settings, sources, "workloads.shop.spread.zones")
    source = f"{DEV}:{single + 1} (null removes it), default"
    assert (zones.value, zones.source) == ("ScheduleAnyway", source)


def line_in(text, part):
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_short_form_in_the_stack_hides_what_the_catalogue_says_below_it(rich):
    settings, sources, _ = rich
    [found] = explain(settings, sources, "workloads.batch.job.cases.mountPath")
    assert found.source == "default"
    assert source_of(("workloads", "batch", "job", "cases", "list"), sources) == "default"
    assert source_of(("workloads", "shop", "preStop", "sleepSeconds"), sources) == "default"
