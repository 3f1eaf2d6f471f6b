"""From files to settings: every fault of every file in one run, each where its reader has to look."""

from datetime import date
from types import MappingProxyType

import pytest

from settings.faults import SettingsError
from settings.load import check, load, read_sources, stacks
from tests.settings.estate import (
    GONE,
    ROOT,
    SETTINGS,
    STACKS,
    change,
    changed,
    dump,
    folder,
    line_of,
    settings_of,
    shipped,
    told,
    told_of,
)

DEV = "Pulumi.dev.yaml"
AT = f"{SETTINGS}."


def line_in(file, *path, files=()):
    return line_of({**folder().texts, **dict(files)}[file], path)


@pytest.mark.parametrize("stack", STACKS)
def test_the_shipped_stacks_load_with_every_workload(stack):
    settings = load(ROOT, stack)
    assert settings.environment == stack
    assert set(settings.workloads) == {path.stem for path in ROOT.glob("workloads/*.yaml")}


def test_stacks_are_the_files_that_are_there(tmp_path):
    assert stacks(ROOT) == ["dev", "local", "prod"]
    for name in (
        "Pulumi.yaml",
        "Pulumi.b.yaml",
        "Pulumi.a-1.yaml",
        "Pulumi.c.yml",
        "Pulumi..yaml.swp",
    ):
        (tmp_path / name).touch()
    assert stacks(tmp_path) == ["a-1", "b"]


def test_every_fault_of_every_file_is_told_in_one_run():
    files = changed(
        ("dev", "environment", "Dev"),
        ("dev", "nodePools.wg1.maxPodz", 110),
        ("dev", "namespaces.testing.quota.pods", 0),
        ("dev", "network.podCidr", "10.40.0.0/17"),
        ("dev", "workloads.web.replicaz", 2),
        (DEV, ("config", "azure-native:location"), "West Europe"),
        ("blob-service", "autoscale.min", 9),
        ("blob-service", "probes.readiness.httpGet.pathh", "/"),
        ("authentication", "routes[0].host", "publik"),
        ("redis", "pool", "system"),
    )
    files["workloads/web-feature-login.yaml"] = "name: web-feature-login\n\tversion: 1\n"
    files["workloads/log-agent.yaml"] = ""

    def line(file, *path):
        return line_of(files[file], path)

    root = ("config", SETTINGS)
    assert [(it.file, it.line, it.key) for it in folder().faults("dev", files)] == sorted(
        [
            (DEV, line(DEV, "config", "azure-native:location"), "azure-native:location"),
            (DEV, line(DEV, *root, "environment"), f"{AT}environment"),
            (DEV, line(DEV, *root, "nodePools", "wg1", "maxPodz"), f"{AT}nodePools.wg1.maxPodz"),
            (
                DEV,
                line(DEV, *root, "namespaces", "testing", "quota", "pods"),
                f"{AT}namespaces.testing.quota.pods",
            ),
            (DEV, line(DEV, *root, "network", "podCidr"), f"{AT}network.podCidr"),
            (DEV, line(DEV, *root, "workloads", "web", "replicaz"), f"{AT}workloads.web.replicaz"),
            *(
                (f"workloads/{name}.yaml", line(f"workloads/{name}.yaml", *path), key)
                for name, path, key in (
                    ("blob-service", ("autoscale", "min"), "autoscale.min"),
                    (
                        "blob-service",
                        ("probes", "readiness", "httpGet", "pathh"),
                        "probes.readiness.httpGet.pathh",
                    ),
                    ("authentication", ("routes", 0, "host"), "routes[0].host"),
                    ("redis", ("pool",), "pool"),
                )
            ),
            ("workloads/log-agent.yaml", 1, ""),
            ("workloads/web-feature-login.yaml", 2, ""),
        ]
    )


def test_a_missing_stack_is_one_fault_that_names_the_nearest():
    assert told_of("prd", {}) == [
        "Pulumi.prd.yaml: there is no such stack file; did you mean 'prod'?"
    ]
    assert told_of("zzz", {}) == [
        "Pulumi.zzz.yaml: there is no such stack file; stacks here: dev, local, prod"
    ]
    assert told_of("../dev", {}) == [
        "Pulumi.../dev.yaml: there is no such stack file; did you mean 'dev'?"
    ]


def test_a_missing_stack_hides_no_fault_of_the_catalogue():
    assert len(told("prd", ("web", "replicas", -1))) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Pulumi.dev.yaml:1: is empty; write 'config:' with 'aks-platform:settings:' below it"),
        ("# x\n", "Pulumi.dev.yaml:1: is empty"),
        ("- a\n", "Pulumi.dev.yaml:1: must be a map; got a list"),
        ("password:hunter2\n", "Pulumi.dev.yaml:1: must be a map; got a text; write"),
        ("{}\n", "Pulumi.dev.yaml:1: config: is required"),
        ("environment: [a]\nconfig:\n", "Pulumi.dev.yaml:2: config: must be a map; got null"),
        ("environment: [a]\nconfig: [a]\n", "Pulumi.dev.yaml:2: config: must be a map; got a list"),
        (
            "config: {a: b}\n",
            f"Pulumi.dev.yaml:1: {SETTINGS}: is required; add it: all that differs between stacks",
        ),
        (
            "config:\n  aks-platform:setings: {}\n",
            f"{SETTINGS}: is required; rename 'aks-platform:setings'",
        ),
        ("config:\n  settings: {}\n", f"{SETTINGS}: is required; rename 'settings'"),
        (f"config:\n  {SETTINGS}:\n", f"Pulumi.dev.yaml:2: {SETTINGS}: must be a map; got null"),
        (
            f"config:\n  {SETTINGS}: hunter\n",
            f"Pulumi.dev.yaml:2: {SETTINGS}: must be a map; got a text",
        ),
        (
            f"config:\n  {SETTINGS}: {{secure: v1:hunter2}}\n",
            f"Pulumi.dev.yaml:2: {SETTINGS}: is a secret",
        ),
        ("config: 'a\n", "Pulumi.dev.yaml:1: is not valid YAML: a quote opens here"),
        (b"\xff", "Pulumi.dev.yaml:1: is not UTF-8 text"),
    ],
    ids=str,
)
def test_a_stack_file_of_the_wrong_shape_is_one_fault(text, says):
    [found] = told_of("dev", {DEV: text})
    assert says in found
    assert "hunter2" not in found


def test_a_key_that_stands_twice_is_told_beside_the_other_faults_under_the_settings_name():
    text = (
        folder()
        .texts[DEV]
        .replace("    environment: dev\n", "    environment: dev\n    environment: Dev\n    x: 1\n")
    )
    keys = [(it.line, it.key) for it in folder().faults("dev", {DEV: text})]
    assert keys == [
        (line_of(text, ("config", SETTINGS, "x")) - 1, f"{AT}environment"),
        (6, f"{AT}x"),
    ]


def test_another_key_at_the_top_of_a_stack_file_is_named():
    text = f"{folder().texts[DEV]}encryptionSalt: v1:x\n"
    assert (
        "no such key in a stack file; did you mean 'encryptionsalt'?"
        in told_of("dev", {DEV: text})[0]
    )
    for key in ("encryptionsalt", "secretsprovider", "encryptedkey", "environment"):
        assert told_of("dev", {DEV: f"{folder().texts[DEV]}{key}: x\n"}) == []


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("web2.yaml", "", "workloads/web2.yaml:1: is empty; describe one workload, from 'name:' on"),
        ("web2.yaml", "- a\n", "workloads/web2.yaml:1: must be a map; got a list"),
        ("web2.yaml", "a: 'b\n", "workloads/web2.yaml:1: is not valid YAML"),
        ("web2.yaml", b"\xff", "workloads/web2.yaml:1: is not UTF-8 text"),
        ("web2.yaml", {"name": "web"},
         "name: is the name of the workload in workloads/web.yaml, too; got 'web'; write "
         "'name: web2'"),
        ("web2.yaml", {"name": "web3"},
         "name: must be the file's own name without its ending; got 'web3'; write 'name: "
         "web2' or rename the file to web3.yaml"),
        ("Web2.yaml", {"name": "web2"}, "got 'web2'; rename the file to web2.yaml"),
        ("Web2.yaml", {"name": "Web2"}, "name: must be an RFC 1123 label"),
        ("web2.yaml", {"name": "Web 2"}, "name: must be an RFC 1123 label"),
        ("web2.yaml", {"name": 2}, "name: must be an RFC 1123 label"),
        ("web2.yaml", {"name": None}, "name: must be an RFC 1123 label"),
        ("web2.yaml", {"name": GONE}, "workloads/web2.yaml:1: name: is required; add it: Name of every object"),
        ("web.yml", {"name": "web"},
         "workloads/web.yml:1: name: is the name of the workload in workloads/web.yaml, too; "
         "got 'web'; remove one of the two"),
        ("web2.YAML", "", "workloads/web2.YAML:1: is empty"),
    ],
    ids=str,
)  # fmt: skip
def test_a_workload_file_that_is_wrong_as_a_whole_is_one_fault(name, content, says):
    if isinstance(content, dict):
        data = shipped()["workloads/web.yaml"]
        del data["routes"]
        content = dump(change(data, ["name"], content["name"]))
    [found] = told_of("prod", {f"workloads/{name}": content})
    assert says in found


def test_an_unreadable_workload_is_still_a_workload_to_the_rest():
    for content in ("", "a: 'b\n", "- a\n"):
        [fault] = folder().faults("dev", {"workloads/redis.yaml": content})
        assert fault.file == "workloads/redis.yaml"


def test_other_files_and_hidden_ones_are_left_alone():
    files = {"workloads/README.md": "x", "workloads/.web.yaml": "'", "workloads/web.yaml.bak": "'"}
    assert told_of("dev", files) == []


@pytest.fixture
def bare(tmp_path):
    """A stack alone: no catalogue yet."""
    data = shipped()[DEV]
    data["config"][SETTINGS] |= {"workloads": {}, "images": {}}
    (tmp_path / DEV).write_text(dump(data))
    return tmp_path


def faults_in(root):
    with pytest.raises(SettingsError) as caught:
        load(root, "dev")
    return [str(it) for it in caught.value.faults]


def test_a_missing_catalogue_is_a_fault_for_else_every_workload_would_go(bare):
    [found] = faults_in(bare)
    assert found.startswith("workloads: there is no such folder; create it")


def test_an_empty_catalogue_is_an_estate_without_workloads(bare):
    (bare / "workloads").mkdir()
    assert load(bare, "dev").workloads == {}


def test_a_file_in_place_of_the_catalogue_is_a_fault(bare):
    (bare / "workloads").write_text("x")
    [found] = faults_in(bare)
    assert found.startswith("workloads: cannot be read")


def test_a_folder_in_the_catalogue_is_a_fault_for_what_is_in_it_would_not_run(bare):
    (bare / "workloads" / "course").mkdir(parents=True)
    (bare / "workloads" / "course" / "web.yaml").write_text("name: web\n")
    assert faults_in(bare) == [
        "workloads/course: is a folder, and the catalogue has none; move its files up"
    ]


def test_a_folder_of_cases_is_no_part_of_the_catalogue(bare):
    (bare / "workloads" / "cases").mkdir(parents=True)
    (bare / "workloads" / "cases" / "web.txt").write_text("one\n")
    assert load(bare, "dev").workloads == {}


@pytest.mark.parametrize("stack", STACKS)
def test_settings_from_the_engine_are_those_of_the_file(stack):
    assert load(ROOT, stack, MappingProxyType(settings_of(stack))) == load(ROOT, stack)


def test_a_fault_of_settings_from_the_engine_has_the_line_of_the_file():
    given = settings_of("dev")
    change(given, ["nodePools", "wg1", "min"], 9)
    change(given, ["workloads", "web", "pool"], "system")
    change(given, ["workloads", "blob-service"], {"autoscale": {"min": 9}})
    found = folder().faults("dev", {}, given)
    root = ("config", SETTINGS)
    assert [(it.file, it.line, it.key) for it in found] == [
        (DEV, line_in(DEV, *root, "nodePools", "wg1", "min"), f"{AT}nodePools.wg1.min"),
        (DEV, line_in(DEV, *root, "workloads"), f"{AT}workloads.blob-service.autoscale.min"),
        (DEV, line_in(DEV, *root, "workloads", "web"), f"{AT}workloads.web.pool"),
    ]


@pytest.mark.parametrize(
    "text", [None, "", "environment: [shared]\n", "config: {a:b: c}\n"], ids=repr
)
def test_settings_from_elsewhere_need_no_file_and_their_faults_have_no_line(text):
    given = settings_of("dev")
    assert told_of("dev", {DEV: text}, given) == []
    change(given, ["nodePools", "wg1", "min"], 9)
    [fault] = folder().faults("dev", {DEV: text}, given)
    assert (fault.file, fault.line, fault.key) == (DEV, None, f"{AT}nodePools.wg1.min")


def test_sources_that_were_read_once_can_be_checked_again():
    sources = read_sources(ROOT, "dev")
    assert check(sources) == check(sources) == load(ROOT, "dev")


@pytest.mark.parametrize(
    ("day", "faults"), [(31, 0), (1, 1)], ids=["its last day", "the day after"]
)
def test_an_exception_holds_through_the_last_day_that_it_names(tmp_path, day, faults):
    texts = {name: dump(it) for name, it in shipped().items()}
    texts |= changed(("log-agent", "security.exception.expires", "2027-01-31"))
    for name, text in texts.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    today = date(2027, 1 if day == 31 else 2, day)

    def found():
        try:
            load(tmp_path, "dev", today=today)
        except SettingsError as error:
            return [str(it) for it in error.faults if it.key == "security.exception.expires"]
        return []

    assert len(found()) == faults
    assert all("must not be past: today is 2027-02-01" in it for it in found())
