"""Cases of `settings/checks/names.py`."""

from tests.settings.cases.common import CRON_JOB, JOB, NO_ROUTES, PLENTY, REDIS, case
from tests.settings.estate import GONE

CASES = [
    case("redis-headless", "", {**NO_ROUTES, "name": "redis-headless"},
         "is the name of the headless Service of statefulset redis", at="name"),
    case("0redis", "", {**REDIS, "name": "0redis", "service": None, "volumes": {}, "probes": {}},
         "must begin with a letter", at="name",
         before=(("dev", "namespaces.course.quota", PLENTY | {"nodePorts": 1}),)),
    case("business-data-upload", "image", "registry.example/team/business-data",
         "shares its last part, and so its version "
         "in 'images', with registry.example/business-data"),
    case("web", "namespace", "cours",
         "must be one of this stack's: 'business-data', 'course', 'logging', 'testing'; got "
         "'cours'; did you mean 'course'?"),
    case("dev", "images.redis", GONE, "must have a version in 'images' of the stack", at=("redis", "image")),
    case("dev", "images.rediss", {"tag": "1"}, "is the version of no image in the catalogue; remove it"),
    case("web", ("labels", "app"), "x", "is set by the platform on every object"),
    case("web", ("labels", "app.kubernetes.io/name"), "x", "is set by the platform on every object"),
    case("c" * 53, "", {**CRON_JOB, "name": "c" * 53}, "must have at most 52 characters for a cronjob", at="name"),
    case("s" * 53, "", {**REDIS, "name": "s" * 53, "volumes": {}}, "must have at most 52 characters for a statefulset",
         at="name", before=(("dev", "namespaces.course.quota", PLENTY | {"nodePorts": 1}),)),
    case("i" * 62, "", {**JOB, "name": "i" * 62}, "must leave room for the index in the host name of a pod: 63",
         at="name", before=(("dev", "namespaces.testing.quota", PLENTY),)),
    case("2048", "", {**NO_ROUTES, "name": "2048"}, "must begin with a letter, as the name of its Service must",
         at="name"),
    case("web", "service.targetPort", "htp", "must be a name in 'ports', which has 'http'; got 'htp'; did you mean"),
]  # fmt: skip
