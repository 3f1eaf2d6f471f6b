import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.meaning import images
from review.meaning.images import is_lower, parsed
from review.plan import SECRET, UNKNOWN
from tests.review.guard.plans import plan, without
from tests.review.meaning.telling import (
    REDIS,
    WEB,
    facts,
    findings,
    messages,
    one,
    rules,
    shuffled,
    told,
    with_container,
    with_pod,
)

NAME = "registry.example/web-course-main"
OLD = f"{NAME}:5.0.4@sha256:d7e109fade7ecede9d5ee866f02eb7b532c9fa3ae90d2c6e29f82b6faa90cb38"
DIGEST = "sha256:" + "a" * 64


def web(image, base=None):
    return with_container(WEB, base, image=image)


def test_another_version_is_one_fact_with_both_tags_and_the_place():
    found = told(images, web(f"{NAME}:5.0.5@{DIGEST}"))

    [fact] = found
    assert fact.message == (
        f"{NAME}: 5.0.4@sha256:d7e109fade7e -> 5.0.5@sha256:aaaaaaaaaaaa in Deployment course/web (web)"
    )
    assert (fact.sign, fact.resource) == ("changed", "Deployment course/web")
    assert fact.path == "spec.template.spec.containers[web].image"
    assert fact.old == OLD


def test_an_image_of_many_workloads_is_told_of_once():
    head = plan()
    names = ["course-web-deployment", "course-web-feature-login-deployment", "course-authentication-deployment",
             "course-blob-service-deployment"]  # fmt: skip
    base = plan()
    for name in names:
        base = with_container(name, base, image=f"{NAME}:1.0@{DIGEST}")
        head = with_container(name, head, image=f"{NAME}:1.1@{DIGEST[:-1]}b")

    [fact] = told(images, head, base)
    assert (
        "in 4 workloads (Deployment course/authentication, Deployment course/blob-service, "
        in fact.message
    )
    assert fact.message.endswith("and 1 more)")
    assert fact.resource == f"image {NAME}"


def test_a_step_back_is_a_finding():
    it = one(findings(images, web(f"{NAME}:5.0.3@{DIGEST}")), rule="image-downgrade")

    assert "goes back from 5.0.4 to 5.0.3" in it.message
    assert it.severity == "advisory"


def test_a_digest_that_is_lost_is_a_finding():
    it = one(findings(images, web(f"{NAME}:5.0.5")))

    assert it.rule == "image-digest-lost"
    assert it.remedy == f"add the digest of {NAME}:5.0.5"


def test_another_registry_is_a_finding():
    it = one(findings(images, web(f"mirror.example/web-course-main:5.0.4@{DIGEST}")))

    assert it.rule == "image-registry"
    assert "pulls from mirror.example in place of registry.example" in it.message


def test_one_tag_with_another_digest_is_a_finding():
    it = one(findings(images, web(f"{NAME}:5.0.4@{DIGEST}")))

    assert it.rule == "image-tag-moved"


def test_another_tag_of_the_same_digest_is_the_same_content():
    image = OLD.replace("5.0.4", "5.0.5")

    [fact] = told(images, web(image))
    assert "5.0.4 -> 5.0.5 of one digest: the same content" in fact.message


def test_a_change_from_one_tag_to_another_without_a_digest_says_that_tags_move():
    found = findings(images, with_container(REDIS, image="docker.io/library/redis:8.2.4"))

    assert rules(found) == ["image-unpinned"]


def test_another_spelling_of_one_image_is_no_other_image():
    [fact] = facts(images, with_container(REDIS, image="redis:8.2.3"))

    assert fact.message.endswith("the same image")


def test_an_image_that_only_a_deployment_tells_is_unknown():
    it = one(told(images, web(UNKNOWN)))

    assert (it.rule, it.verdict) == ("image-unknown", "unknown")
    assert "spec.template.spec.containers[web].image must be known" in it.message


def test_an_image_that_is_a_secret_is_never_told():
    assert rules(findings(images, web(SECRET))) == ["image-unknown"]


def test_images_of_new_and_gone_workloads_are_told():
    gone = without(plan(), WEB)

    assert messages(told(images, gone)) == [f"{OLD} no longer runs in Deployment course/web (web)"]
    [fact] = told(images, plan(), gone)
    assert fact.message == f"{OLD} runs from now on in Deployment course/web (web)"
    assert fact.sign == "gained"


def test_an_init_container_has_its_own_path():
    init = [{"name": "wait", "image": f"{NAME}:1@{DIGEST}"}]

    [fact] = told(images, with_pod(WEB, initContainers=init))
    assert fact.path == "spec.template.spec.initContainers[wait].image"


def test_equal_plans_say_nothing_and_shuffled_ones_the_same():
    head = web(f"{NAME}:5.0.3")

    assert told(images, plan(), plan()) == []
    assert told(images, shuffled(head), shuffled(plan(), 2)) == told(images, head)


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("redis", ("docker.io", "library/redis", "latest", "")),
        ("bitnami/redis:7", ("docker.io", "bitnami/redis", "7", "")),
        ("localhost/a/b", ("localhost", "a/b", "latest", "")),
        ("registry.example:5000/a", ("registry.example:5000", "a", "latest", "")),
        ("registry.example:5000/a:1@sha256:0", ("registry.example:5000", "a", "1", "sha256:0")),
        ("a.example/b@sha256:0", ("a.example", "b", "", "sha256:0")),
    ],
)
def test_references_are_read_as_runtimes_read_them(reference, expected):
    assert parsed(reference) == expected


@pytest.mark.parametrize(
    ("old", "new", "lower"),
    [
        ("1.2.3", "1.2.2", True),
        ("1.10", "1.9", True),
        ("1.9", "1.10", False),
        ("v2.0.0", "v1.9.9", True),
        ("1.0.0", "1.0.0-rc.1", True),
        ("1.0.0-rc.2", "1.0.0-rc.10", False),
        ("1.0.0-alpha", "1.0.0-1", True),
        ("2026.11.2", "2026.11.1", True),
        ("latest", "1.0", False),
        ("1.0", "main", False),
        ("1.0", "1.0", False),
    ],
)
def test_a_lower_version_is_one_by_semver(old, new, lower):
    assert is_lower(old, new) is lower


VERSIONS = st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){0,2}(-(rc|alpha)\.[0-9]{1,2})?", fullmatch=True)


@given(VERSIONS, VERSIONS)
def test_of_two_versions_at_most_one_is_lower(old, new):
    assert not (is_lower(old, new) and is_lower(new, old))


@pytest.mark.parametrize(
    ("old", "new", "lower"),
    [
        ("1.0.0-beta", "1.0.0-alpha", True),
        ("1.0.0-alpha.1", "1.0.0-alpha", True),
        ("1.0.0-rc.1", "1.0.0-beta.2", True),
        ("1.0.0+build.2", "1.0.0+build.1", False),
        ("1.0.0", "1.0", False),
        ("1.0.0.1", "1.0.0", True),
        ("1.0.0.0.1", "1.0", False),
        ("1.0-", "0.9", False),
    ],
)
def test_what_stands_before_a_release_is_ordered_by_its_parts(old, new, lower):
    assert is_lower(old, new) is lower


def test_tags_without_digests_are_said_bare():
    head, base = web(f"{NAME}:2"), web(f"{NAME}:1")

    assert one(facts(images, head, base)).message == (
        f"{NAME}: 1 -> 2 in Deployment course/web (web)"
    )


def test_a_side_without_an_image_is_empty_in_its_fact():
    gone = without(plan(), REDIS)

    assert (one(facts(images, gone)).new, one(facts(images, plan(), gone)).old) == ("", "")
