"""Whatever is done to a valid file, loading gives settings that can be rendered, or faults; soon, and no traceback."""

import gc
import string
import time
from copy import deepcopy
from functools import cache
from unittest.mock import patch

import pytest
import yaml
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from manifests import Values
from manifests.estate import groups
from settings import yaml_source
from settings.faults import SettingsError
from settings.forms import LONG_TAG
from settings.load import load
from tests.settings.estate import PARSE, Folder, dump, folder, stack_file
from tests.settings.rich import rich_files

MOST_SECONDS = 1
"""Of processor time for a file: what else the machine does is not the loader's fault."""

WORDS = (
    "none", "null", "~", "tcp", "grpc", "/readyz", "ha", "single", "canary", "blueGreen", "gray", "recreate",
    "complete", "healthy", "main", "limits.cpu", "metadata.name", "1.2@sha256:0", "Indexed", "job", "cronjob",
    "statefulset", "daemonset", "5m", "100%", "-5%", "Off", "course", "redis", "shop-kv", "internet", "kubernetes",
    "0-2,5", LONG_TAG, "candidate", "10.0.0.0/8", "NodePort", "LoadBalancer", "VirtualServer", "requests",
    "0 0 31 2 *", "=", "{}", "ключ", "\u202e", "🙂", "a\nb", "\u0000", "x" * 3000, "%s", "{rule}", "__class__",
    "1" * 400,
)  # fmt: skip
NUMBERS = (
    0, -1, 1, 2, 7, 30080, 65536, 2**31 - 1, 2**31, 2**63, 10**30, 1.5, -0.0, 1e308, float("inf"), float("nan"),
)  # fmt: skip
SCALARS = (
    st.sampled_from(WORDS) | st.sampled_from(NUMBERS) | st.sampled_from([None, True, False])
    | st.text(max_size=8) | st.integers()
)  # fmt: skip
ODD = st.recursive(
    SCALARS,
    lambda it: st.lists(it, max_size=3) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), it, max_size=3),
    max_leaves=5,
)  # fmt: skip


@cache
def files():
    """Texts of the shipped estate with the rich workloads in it, by file."""
    return {**estate().texts, **rich_files()}


@cache
def estate():
    """An estate on disk for this module alone: the rich workloads stay in it."""
    fuzzed = Folder(folder().root.parent / "fuzzed")
    for name, text in rich_files().items():
        fuzzed._put(name, text)
        fuzzed.texts[name] = text
    return fuzzed


WORKLOADS = (
    "shop",
    "batch",
    "redis",
    "log-agent",
    "blob-service",
    "public-nginx",
    "regression-tests",
    "web",
)
FILES = st.sampled_from(
    ["workloads/shop.yaml"] * 6 + [f"workloads/{it}.yaml" for it in WORKLOADS] + [stack_file("dev")] * 4
)  # fmt: skip


def outcome(texts):
    """What comes of the stack `dev` with `texts` for files of it, and the seconds it took."""
    fuzzed, whole = estate(), files()
    try:
        for name, text in texts.items():
            (fuzzed.root / name).write_bytes(text.encode("utf-8", "surrogatepass"))
        # The garbage of ten thousand tests in this process is not the file's.
        gc.disable()
        start = time.process_time()
        with patch.object(yaml_source, "parse", PARSE):
            try:
                settings = load(fuzzed.root, "dev")
            except SettingsError as error:
                settings = error
        return settings, time.process_time() - start
    finally:
        gc.enable()
        for name in texts:
            (fuzzed.root / name).write_text(whole[name])


def holds(texts):
    """Assert that loading `texts` gives settings that render or faults that can be read."""
    found, seconds = outcome(texts)
    if seconds >= MOST_SECONDS:
        # Models are built when first used, and a busy machine only ever adds: what is too long is so twice.
        found, seconds = outcome(texts)
    assert seconds < MOST_SECONDS
    if isinstance(found, SettingsError):
        assert found.faults
        for fault in found.faults:
            said = str(fault)
            assert fault.rule
            assert fault.line is None or fault.line >= 1
            assert LONG_TAG not in fault.key or any(LONG_TAG in it for it in texts.values())
            assert "pydantic" not in said
            assert said.isprintable()
    else:
        values = Values(client_ids=dict.fromkeys(found.workloads, "?"))
        assert list(groups(found, values))


def places(data, path=()):
    """Every key path in `data`."""
    below = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, value in below:
        yield (*path, key)
        yield from places(value, (*path, key))


def at(data, path):
    for step in path:
        data = data[step]
    return data


def delete(_draw, data, path, _other):
    """Without the key."""
    del at(data, path[:-1])[path[-1]]


def misspell(draw, data, path, _other):
    """The key spelt another way; an item of a list is put before all others."""
    holder, key = at(data, path[:-1]), path[-1]
    value = holder.pop(key)
    if isinstance(holder, list):
        holder.insert(0, value)
    else:
        spelt = [f"{key}s", str(key)[1:], str(key).upper(), f"{key}.x", f" {key}"]
        holder[draw(st.sampled_from(spelt))] = value


def swap(_draw, data, path, other):
    """The values of two keys in each other's place."""
    mine, theirs = deepcopy(at(data, path)), deepcopy(at(data, other))
    at(data, other[:-1])[other[-1]] = mine
    if path[: len(other)] != other:
        at(data, path[:-1])[path[-1]] = theirs


def copy(_draw, data, path, other):
    """The key in another map, too."""
    there, value = at(data, other), deepcopy(at(data, path))
    if isinstance(there, dict):
        there[str(path[-1])] = value


def nest(draw, data, path, _other):
    """The value a level, or many, deeper, or in a list."""
    holder, key = at(data, path[:-1]), path[-1]
    step = draw(st.sampled_from(WORDS) | st.just(str(key)))
    for _ in range(draw(st.sampled_from([1, 1, 2, 20, 90]))):
        holder[key] = {step: holder[key]}
    if draw(st.booleans()):
        holder[key] = [holder[key]] * draw(st.integers(0, 3))


def odd(draw, data, path, _other):
    """Another value."""
    at(data, path[:-1])[path[-1]] = deepcopy(draw(ODD))


@st.composite
def spoiled(draw):
    """A file as data with keys deleted, doubled, retyped, misspelt, swapped, nested or moved."""
    name = draw(FILES)
    data = yaml.safe_load(files()[name])
    for _ in range(draw(st.integers(1, 4))):
        if not (everywhere := list(places(data))):
            break
        how = draw(st.sampled_from([delete, misspell, swap, copy, nest, odd, odd]))
        how(draw, data, draw(st.sampled_from(everywhere)), draw(st.sampled_from(everywhere)))
    return {name: dump(data)}


SNIPPETS = (
    "\t", "&a ", "*a", "<<: *a\n", "<<: {replicas: 3}\n", "!!python/object:os.system ", "!x ", "!!binary aGk= ",
    "!!int ", "!!set {a}", "? ", "- ", "|", ">-\n", "'", '"', "{", "}", "[", "]", ": ", ":", "#", "---\n", "...\n",
    "%YAML 1.1\n", "\ufeff", "\x00", "\x07", "\r", "\u2028", "\ud800", "é", "0x1F", "0o17", "1_000", "12:30:45",
    "2024-01-01", "yes", ".inf", "&a [*a, *a]", "secure: v1:AAAA", "  ", "\n", "null", "@", "`",
)  # fmt: skip


@st.composite
def scribbled(draw):
    """A file as text with lines lost, doubled, moved or indented, odd characters put in, or its end cut off."""
    name = draw(FILES)
    text = files()[name]
    for _ in range(draw(st.integers(1, 4))):
        lines = text.splitlines(keepends=True) or [""]
        number = draw(st.integers(0, len(lines) - 1))
        line, there = lines[number], draw(st.integers(0, len(lines) - 1))
        key, colon, value = line.partition(": ")
        begin = draw(st.sampled_from([" ", "  ", "\t", "        ", "# "]))
        tag = draw(st.sampled_from(["&x ", "*x ", "!!str ", "!!map ", "!!float "]))
        lines[number : number + 1] = draw(
            st.sampled_from(
                [[], [line, line], [f"{begin}{line}"], [f"{key}{colon}{tag}{value}"], [line]]
            )
        )
        if draw(st.booleans()):
            lines.insert(there, line)
        text = "".join(lines)
        place = draw(st.integers(0, len(text)))
        letter = draw(st.sampled_from(string.ascii_letters + string.digits))
        ends = [
            text[place:],
            text[place:],
            letter + text[place + 1 :],
            draw(st.sampled_from(SNIPPETS)) + text[place:],
        ]
        text = text[:place] + draw(st.sampled_from([*ends, ""]))
    return {name: text}


MANY = hypothesis(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def test_the_rich_estate_is_valid_and_renders():
    found, _ = outcome({})
    assert not isinstance(found, SettingsError), found
    holds({})


@MANY
@given(spoiled())
def test_a_file_with_spoiled_keys_loads_and_renders_or_is_told(texts):
    holds(texts)


@MANY
@given(scribbled())
@example({"workloads/shop.yaml": ""})
@example({"workloads/shop.yaml": "&a [*a, *a]"})
def test_a_file_with_scribbled_text_loads_and_renders_or_is_told(texts):
    holds(texts)


@MANY
@given(st.data())
def test_every_key_takes_every_kind_of_value_or_tells_why_not(data):
    shop = yaml.safe_load(files()["workloads/shop.yaml"])
    path = data.draw(st.sampled_from(list(places(shop))))
    at(shop, path[:-1])[path[-1]] = data.draw(ODD)
    holds({"workloads/shop.yaml": dump(shop)})


def _nested(depth):
    return "a: " + "{a: " * depth + "1" + "}" * depth


def _laughs(levels):
    """Each line ten times the one before."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        _nested(50), _nested(5000), _laughs(8), "a: " + "[" * 20000, "a: " + "x" * 1_000_000, "? " * 3000 + "a",
        "a: &a {b: *a}", "\n".join(f"k{n}: {n}" for n in range(5000)), "- " * 5000 + "a", "a: '" + "\\n" * 10000,
        "env:\n" + "\n".join(f"  A{n}: &b{n} b" for n in range(5000)),
        "steps: " + "9" * 100_000, "replicas: 0x" + "f" * 50_000, "cpu: 1" + "0" * 5000 + ".5",
    ],
    ids=lambda it: it[:16],
)  # fmt: skip
@pytest.mark.parametrize("name", ["workloads/shop.yaml", stack_file("dev")])
def test_a_file_made_to_take_long_does_not(name, text):
    holds({name: text})
    holds({name: f"{files()[name]}\n{text}\n"})
