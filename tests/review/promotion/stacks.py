"""The shipped stacks in a folder of their own, edited as a test says."""

import hashlib
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from review.promotion.differences import Stack
from review.promotion.promoting import Wanted, propose
from settings.load import check, read_sources

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 21, 16, tzinfo=UTC)


def digest(name):
    return f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"


def with_digests(text):
    """Every image of a stack that has none gets the digest of its name and tag."""
    return re.sub(
        r'^( {6}(\S+): \{tag: "([^"]+)")\}',
        lambda it: f'{it[1]}, digest: "{digest(f"{it[2]}:{it[3]}")}"}}',
        text,
        flags=re.MULTILINE,
    )


def without_digests(text):
    """No image of a stack has one."""
    return re.sub(r', digest: "[^"]+"', "", text)


def project(folder, *, dev=lambda it: it, prod=lambda it: it):
    """The project's YAML in `folder`; `dev` and `prod` edit the text of the two stacks."""
    shutil.copytree(ROOT / "workloads", folder / "workloads")
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    shutil.copy(ROOT / "Pulumi.local.yaml", folder)
    texts = {
        "dev": dev((ROOT / "Pulumi.dev.yaml").read_text()),
        "prod": prod((ROOT / "Pulumi.prod.yaml").read_text()),
    }
    for name, text in texts.items():
        (folder / f"Pulumi.{name}.yaml").write_bytes(text.encode())
    return folder


def stack(folder, name):
    sources = read_sources(folder, name)
    return Stack(name, sources, check(sources))


def proposed(folder, at=NOW, **wanted):
    return propose(stack(folder, "dev"), stack(folder, "prod"), Wanted(**wanted), at)


def replaced(old, new, count=1):
    """An edit of a text that must have `old`."""

    def edit(text):
        assert text.count(old) >= 1, old
        return text.replace(old, new, count)

    return edit


def added(text):
    """An edit that puts settings behind the last ones."""
    return lambda it: f"{it.rstrip()}\n{text}"
