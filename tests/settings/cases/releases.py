"""Cases of `settings/checks/releases.py`."""

from tests.settings.cases.common import DISK, NO_ROUTES, case

LONG = "w" * 54
ONE_DISK = ("dev", "namespaces.course.quota.persistentVolumeClaims", 1)
HEADER = {"header": "X-Candidate", "value": "yes"}


def running(strategy, track):
    """The workload `web` with a second version."""
    return (
        ("web", "release.strategy", strategy),
        ("dev", f"images.web-course-main.tracks.{track}", "5.2.0"),
    )


CANARY, GRAY = running("canary", "candidate"), running("gray", "candidate")
BY_REQUESTS = (
    ("dev", "ingress.routing", "VirtualServer"),
    *CANARY,
    ("web", "release.by", "requests"),
)
CASES = [
    case("redis", "release", "recreate", "recreate goes with deployment only; remove it or change 'kind: statefulset'"),
    case("authentication", "release", "recreate", "must not be recreate with 'availability: ha': it stops every pod "
         "before the first new one starts; got 'recreate'", before=(("authentication", "availability", "ha"),)),
    case("web", "release.step", 1, "goes with canary and gray only; remove it or change 'strategy: rolling'"),
    case("web", "release.active", "green", "goes with blueGreen only; remove it or change 'strategy: canary'",
         before=CANARY),
    case("web", "release.steps", [25, 25, 100], "must rise and end in 100; got [25, 25, 100]", before=CANARY),
    case("web", "release.steps", [25, 50], "must rise and end in 100; got [25, 50]", before=GRAY),
    case("web", "release.step", 5, "must not exceed 4, the number of 'steps'; got 5; write 'step: 4' for 100 %",
         before=CANARY),
    case("web", "release.steps", [25, 51, 100], "at most as many candidates as stable pods, 50 %; got 51; remove it, "
         "or write 'strategy: canary'", at="release.steps[1]", before=GRAY),
    case("web-candidate", "", {**NO_ROUTES, "name": "web-candidate"}, "canary calls the second version web-candidate, "
         "which is the name of another workload of namespace course", at=("web", "release"), before=CANARY),
    case(LONG, "", {**NO_ROUTES, "name": LONG, "release": "gray"}, "gray needs a name of at most 53 characters: with "
         "'-candidate' it has 64, and 63 is the most", at="release"),
    case("web", "release.match", HEADER, "needs 'by: requests'", before=CANARY),
    case("web", "release.match", {"value": "yes"}, "must have exactly one of header, cookie",
         before=BY_REQUESTS),
    case("web", "release.by", "requests", "must be pods with ingress routing Ingress, which cannot share out requests; "
         "got 'requests'; remove it, or write 'ingress.routing: VirtualServer' in the stack", before=CANARY),
    case("web", "routes", [], "must be pods for a workload without 'routes'", at="release.by",
         before=BY_REQUESTS),
    case("web", "release.step", 1, "needs the version of candidate in 'images.web-course-main.tracks.candidate' of the "
         "stack; got 1; add 'candidate: <version>' there, or write 'step: 0'",
         before=(("web", "release.strategy", "canary"),)),
    case("web", "release.active", "green", "needs the version of green in 'images.web-course-main.tracks.green' of the "
         "stack; got 'green'; add 'green: <version>' there, or write 'active: blue'",
         before=(("web", "release.strategy", "blueGreen"),)),
    case("dev", "images.web-course-main.tracks", {"candidate": "5.2.0"}, "is the version of nothing: no workload of "
         "this image has 'release: canary or gray'", at="images.web-course-main.tracks.candidate"),
    case("dev", "images.web-course-main.tracks.green", "5.2.0", "has 'release: blueGreen'", before=CANARY),
    case("dev", "images.web-course-main.rollback", "5.1.0", "must be another version than 'tag'; got '5.1.0'"),
    case("web", "volumes.data", DISK, "must be recreate for a deployment with a disk: the old pod holds it; got "
         "'canary'", at="release", before=(ONE_DISK, *CANARY)),
]  # fmt: skip
