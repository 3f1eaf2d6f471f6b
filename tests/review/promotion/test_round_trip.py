"""Whatever a stack file looks like: what was promoted is the same afterwards, and every other byte is as it was."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from review.promotion.differences import leaves
from tests.review.promotion.stacks import ROOT, digest, project, proposed, stack, with_digests


@pytest.fixture(scope="module")
def here():
    with TemporaryDirectory() as folder:
        yield project(Path(folder))


NAMES = [
    "admin-authorization",
    "authentication",
    "blob-service",
    "business-data-sync",
    "redis",
    "web",
    "web-feature-login",
]
TAGS = st.sampled_from(["1.0.0", "1.4.3", "9.9.9", "2026.11.30", "0.9.12"])
STYLES = {
    "flow": "{{tag: {tag}, digest: {digest}}}",
    "block": "\n        tag: {tag}   # \tthe version \u2192 \u65e5\u672c\n        digest: {digest}",
    "tag alone": "{{tag: {tag}}}  # no digest yet",
    "merged": "{{<<: *older, tag: {tag}}}",
}


@st.composite
def stacks(draw):
    """Texts of dev and prod: other versions of some images, in other styles, with CRLF or no end of line."""
    dev = with_digests((ROOT / "Pulumi.dev.yaml").read_text())
    prod = (ROOT / "Pulumi.prod.yaml").read_text()
    if draw(st.booleans()):
        prod = prod.replace(
            'fluent-bit: {tag: "4.1.1"}',
            f'fluent-bit: &older {{tag: "4.1.1", digest: "{digest("f")}"}}',
        )
        dev = dev.replace(digest("fluent-bit:4.1.1"), digest("f"))
        styles = list(STYLES)
    else:
        styles = list(STYLES)[:3]
    lines = prod.split("\n")
    for at, line in enumerate(lines):
        if (
            line.startswith("      ")
            and ": {tag: " in line
            and "fluent-bit" not in line
            and draw(st.booleans())
        ):
            name = line.strip().split(":")[0]
            quote = draw(st.sampled_from(["'", '"', ""]))
            tag = f"{quote}{draw(TAGS)}{quote}"
            style = draw(st.sampled_from(styles if name > "fluent-bit" else styles[:3]))
            lines[at] = f"      {name}: " + STYLES[style].format(tag=tag, digest=digest(name))
    prod = "\n".join(lines)
    if draw(st.booleans()):
        prod = prod.replace(
            "config:\n",
            "config:\n  aks-platform:business-data-registry-credentials:\n    secure: AAABc4naryciphertext==\n",
            1,
        )
    if draw(st.booleans()):
        prod = prod.replace("\n", "\r\n")
    if draw(st.booleans()):
        prod = prod.rstrip("\r\n")
    return dev, prod


@settings(max_examples=15, deadline=None, phases=[Phase.generate])
@given(stacks(), st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
def test_what_differs_afterwards_is_what_differed_before_less_what_was_promoted(here, texts, names):
    dev, prod = texts
    (here / "Pulumi.dev.yaml").write_bytes(dev.encode())
    (here / "Pulumi.prod.yaml").write_bytes(prod.encode())
    before = stack(here, "prod")
    found = proposed(here, workloads=names, allow_downgrade=True)
    if {it.rule for it in found.refusals} == {"not-writable"}:
        return
    assert found.refusals == ()
    if not found.moves:
        assert found.text == ""
        return
    source = stack(here, "dev")
    moved_paths = {it.path for it in found.moves}
    apart = {path for path, *_ in leaves(source.values, before.values)}
    (here / "Pulumi.prod.yaml").write_bytes(found.text.encode())
    after = stack(here, "prod")
    assert {path for path, *_ in leaves(source.values, after.values)} == apart - moved_paths
    assert {path for path, *_ in leaves(before.values, after.values)} == moved_paths

    # A second time there is nothing to do.
    again = proposed(here, workloads=names, allow_downgrade=True)
    assert (again.moves, again.refusals) == ((), ())

    # Every line without a promoted key is the old one, its end included; comments and secrets are all there.
    old, new = prod.splitlines(keepends=True), found.text.splitlines(keepends=True)
    assert len([it for it in new if it not in old]) <= 2 * len(moved_paths)
    for mark in ("#", "secure:", "\u65e5\u672c", "\t", "&older", "*older", "\r"):
        assert found.text.count(mark) >= prod.count(mark), mark
    assert found.text.endswith("\n") == prod.endswith("\n")
    assert "c4nary" not in repr(found.moves) + repr(found.notes)
