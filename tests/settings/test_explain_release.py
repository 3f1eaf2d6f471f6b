"""`./aks explain release.<workload>`: true about what runs, and about what its lines would do."""

import shutil

import pytest
import yaml

from settings.explain import UnknownKeyError
from settings.explain_release import explained, line_to_write
from settings.load import check, read_sources
from settings.release_moves import Write, moves, needs, shares
from settings.tracks import running
from tests.settings.estate import GONE, ROOT, changed, folder
from tests.settings.test_edges import ROOMY

FOUR = ("dev", "workloads.web.replicas", 4)
SCALED = (
    ("dev", "workloads.web.replicas", None),
    ("dev", "workloads.web.autoscale", {"min": 3, "max": 8, "cpu": 70}),
)
CANDIDATE = ("dev", "images.web-course-main.tracks.candidate", "5.2.0")
GREEN = ("dev", "images.web-course-main.tracks.green", "5.2.0")
BACK = ("dev", "images.web-course-main.rollback", "5.0.9")
PINNED = ("dev", "images.web-course-main.digest", f"sha256:{'a' * 64}")


def strategy(name):
    return ("web", "release.strategy", name)


def step(number):
    return ("dev", "workloads.web.release.step", number)


STATES = {
    "rolling": (),
    "rolled back": (BACK,),
    "canary, nothing named": (strategy("canary"),),
    **{f"canary {it}": (strategy("canary"), CANDIDATE, FOUR, step(it)) for it in range(5)},
    **{f"gray {it}": (strategy("gray"), CANDIDATE, FOUR, step(it)) for it in range(5)},
    "canary 2 with an autoscaler": (strategy("canary"), CANDIDATE, *SCALED, step(2)),
    "canary 4 of a digest": (strategy("canary"), CANDIDATE, PINNED, FOUR, step(4)),
    "canary 1 rolled back": (strategy("canary"), CANDIDATE, BACK, FOUR, step(1)),
    "canary 4 rolled back": (strategy("canary"), CANDIDATE, BACK, FOUR, step(4)),
    "blue alone": (strategy("blueGreen"),),
    "blue": (strategy("blueGreen"), GREEN),
    "blue with a version": (
        strategy("blueGreen"),
        GREEN,
        ("dev", "images.web-course-main.tracks.blue", "5.1.1"),
    ),
    "green": (strategy("blueGreen"), GREEN, ("dev", "workloads.web.release.active", "green")),
}


@pytest.fixture
def written(tmp_path):
    """Writes the shipped estate with changes; what it loads to, and its sources."""
    shutil.copytree(ROOT / "workloads", tmp_path / "workloads")

    def written(*changes):
        for name, text in {**folder().texts, **changed(*changes)}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        sources = read_sources(tmp_path, "dev")
        return check(sources), sources

    return written


def told(written, *changes):
    settings, sources = written(*changes)
    return explained(settings, sources, "web")


def about(lines, name):
    """The lines of one move."""
    start = next(index for index, it in enumerate(lines) if it.startswith(f"  {name}"))
    end = next(
        (index for index in range(start + 1, len(lines)) if lines[index][2] != " "), len(lines)
    )
    return [it.strip() for it in lines[start:end]]


@pytest.mark.parametrize("changes", STATES.values(), ids=STATES)
def test_the_lines_of_every_move_make_of_the_stack_what_it_says(written, changes):
    settings, _ = written(ROOMY, *changes)
    found = list(moves(settings, settings.workloads["web"]))
    assert found
    for move in found:
        lines = [
            ("dev", it.path, GONE if it.value is None else str(it.value).replace("<version>", "9.9.9")
             if isinstance(it.value, str) else it.value)
            for it in move.writes
        ]  # fmt: skip
        after, _ = written(ROOMY, *changes, *lines)
        expected = move.after.images["web-course-main"].model_dump_json()
        assert after.workloads["web"] == move.after.workloads["web"], move.name
        assert after.images["web-course-main"].model_dump_json() == expected.replace(
            "<version>", "9.9.9"
        )


@pytest.mark.parametrize("changes", STATES.values(), ids=STATES)
def test_every_version_that_runs_is_told_with_its_object_its_image_and_whether_it_serves(
    written, changes
):
    settings, sources = written(*changes)
    lines = explained(settings, sources, "web")
    image = settings.images["web-course-main"]
    for track in running(settings, settings.workloads["web"]):
        [row] = [it for it in lines if it.startswith(f"    {track.name} ")]
        cells = row.split()
        assert cells[1] == track.of("web")
        assert f":{image.version(track.name).tag}" in cells[2]
        assert cells[-1] == ("yes" if track.serves else "no")


@pytest.mark.parametrize("changes", STATES.values(), ids=STATES)
def test_real_shares_are_those_of_the_pods_that_serve(written, changes):
    settings, _ = written(*changes)
    workload = settings.workloads["web"]
    runs = running(settings, workload)
    found = shares(workload, runs)
    for bound, part in (("fewest", "lowest"), ("most", "highest")):
        total = sum(getattr(it, bound) for it in runs if it.serves)
        for it in runs:
            exact = 100 * getattr(it, bound) * it.serves / total
            assert abs(float(getattr(found[it.name], part)) - exact) <= 0.05
    assert sum(it.asked for it in found.values()) == 100


def test_a_step_says_pods_shares_quota_and_the_line(written):
    lines = told(written, *STATES["canary 3"])
    assert lines[0] == (
        "release.web = canary, step 3 of 4 [5, 25, 50, 100]: 50 % to the candidate, by pods"
    )
    head, stable, candidate, quota, line = about(lines, "forward")
    assert head == "forward   step 4 of 4: 100 %"
    assert stable == "stable: 2 -> 0 pods; 50 % -> 0 % of requests"
    assert candidate == "candidate: 2 -> 4 pods; 50 % -> 100 % of requests"
    assert quota.startswith(
        "quota of course at the peak: pods 23 -> 25 of 30, requests.cpu 2950m -> 3050m of 4,"
    )
    assert line.partition(": ")[2] == "write 'step: 4'"


def test_rounding_is_told(written):
    assert "  note      5 % of 4 pods is 0.2, rounded to 1 pod: 25 %" in told(
        written, *STATES["canary 1"]
    )
    assert "  note      25 % beside 4 pods, rounded to 2 pods: 33.3 %" in told(
        written, *STATES["gray 2"]
    )
    single = told(written, strategy("canary"), CANDIDATE, step(1))
    assert (
        "  note      one pod cannot be shared: the candidate's comes beside it, and 5 % is 50 %"
        in single
    )
    assert not any("note" in it for it in told(written, *STATES["canary 2"]))


def test_shares_of_requests_are_those_asked_for(written):
    lines = told(
        written,
        ("dev", "ingress.routing", "VirtualServer"),
        ("web", "release.by", "requests"),
        *STATES["canary 1"],
    )
    assert lines[0].endswith("5 % to the candidate, by requests")
    rows = {it.split()[0]: it.split() for it in lines if "registry.example" in it}
    assert rows["stable"][-5:] == ["95", "%", "95", "%", "yes"]
    assert rows["candidate"][-5:] == ["5", "%", "5", "%", "yes"]
    assert any("callers inside the cluster use the Service" in it for it in lines)


def test_a_step_that_moves_no_pod_says_so(written):
    assert "no pod moves: in whole pods the share is the same" in about(
        told(written, *STATES["canary 1"]), "forward"
    )


def test_an_autoscaler_has_a_share_at_each_end(written):
    lines = told(written, *STATES["canary 2 with an autoscaler"])
    [row] = [it for it in lines if it.startswith("    candidate")]
    assert "1 to 2 of 3 to 8" in row
    assert "33.3 % at the fewest, 25 % at the most" in row


def test_what_does_not_fit_the_quota_is_told_before_it_hangs(written):
    tight = ("dev", "namespaces.course.quota.pods", 23)
    assert "pods 23 -> 26 of 23 TOO MUCH" in " ".join(
        about(told(written, tight, *STATES["canary 4"]), "back")
    )
    assert "TOO MUCH" not in " ".join(about(told(written, *STATES["canary 4"]), "back"))


@pytest.mark.parametrize(
    ("state", "name", "fewest"),
    [("canary 0", "forward", 3), ("canary 3", "forward", 4), ("canary 2", "forward", 3), ("canary 4", "back", 4),
     ("gray 3", "forward", 8), ("blue", "flip", 1)],
)  # fmt: skip
def test_pods_that_serve_while_a_move_goes_on_are_those_that_neither_come_nor_go(
    written, state, name, fewest
):
    settings, _ = written(ROOMY, *STATES[state])
    workload = settings.workloads["web"]
    [move] = [it for it in moves(settings, workload) if it.name == name]
    assert needs(settings, workload, move).fewest == fewest


@pytest.mark.parametrize("changes", STATES.values(), ids=STATES)
def test_no_move_leaves_a_moment_without_a_pod_that_serves(written, changes):
    settings, _ = written(ROOMY, *changes)
    workload = settings.workloads["web"]
    for move in moves(settings, workload):
        assert needs(settings, workload, move).fewest >= 1, move.name


@pytest.mark.parametrize(
    ("changes", "path", "value", "line"),
    [((step(2),), ("workloads", "web", "release", "step"), 3, "write 'step: 3'"),
     ((), ("workloads", "web", "release", "step"), 3, "below 'workloads.web' add 'release: {step: 3}'"),
     ((("dev", "workloads.web.release", "canary"),), ("workloads", "web", "release", "step"), 3,
      "write 'release: {strategy: canary, step: 3}'"),
     ((), ("workloads", "redis-2", "release", "step"), 3, "below 'workloads' add 'redis-2: {release: {step: 3}}'"),
     ((), ("images", "web-course-main", "tag"), "5.2", "write 'tag: \"5.2\"'"),
     ((CANDIDATE,), ("images", "web-course-main", "tracks"), None, "remove 'tracks'")],
)  # fmt: skip
def test_a_line_is_written_where_it_stands_or_below_what_is_there(
    written, changes, path, value, line
):
    _, sources = written(strategy("canary"), CANDIDATE, *changes)
    found = line_to_write(sources, Write(path=path, value=value))
    assert found.startswith("Pulumi.dev.yaml:")
    assert found.partition(": ")[2] == line


def test_a_line_can_be_read_back(written):
    _, sources = written()
    found = line_to_write(
        sources, Write(path=("images", "web", "tracks", "candidate"), value="5.2")
    )
    added = found.partition("add '")[2].rstrip("'")
    assert yaml.safe_load(added) == {"web": {"tracks": {"candidate": "5.2"}}}


def test_a_workload_that_is_not_there_is_told_with_the_nearest(written):
    settings, sources = written()
    with pytest.raises(
        UnknownKeyError, match="no workload 'webb' in this stack; did you mean 'web'"
    ):
        explained(settings, sources, "webb")


def test_every_workload_of_the_estate_has_an_answer(written):
    settings, sources = written()
    for name in settings.workloads:
        assert explained(settings, sources, name)[0].startswith(f"release.{name} = ")
