"""A secret of the stack reaches no text that leaves a recording, in whatever form."""

import base64
import io
import json
from urllib.parse import quote

import pytest

from review.plan import SECRET, PlanError
from review.secrecy import Mask
from tests.review.programs import PROVIDER, planned, rows

PLANTED = 'p/anted "secret" wörd+~~~???'
FORMS = {
    "plain": PLANTED,
    "JSON": json.dumps(PLANTED),
    "repr": repr({"key": PLANTED}),
    "URL": quote(PLANTED, safe=""),
    "base64": base64.b64encode(PLANTED.encode()).decode(),
    "base64 inside": base64.b64encode(f"user:{PLANTED}:more".encode()).decode(),
    "base64 further inside": base64.b64encode(f"us:{PLANTED}".encode()).decode(),
    "base64 for a URL": base64.urlsafe_b64encode(f"u:{PLANTED}?".encode()).decode(),
}
CONFIG = {"app:password": {"secure": PLANTED}, "app:object": {"deep": [{"secure": PLANTED}]}}


def leaks(text):
    cores = [PLANTED, json.dumps(PLANTED)[1:-1], repr(PLANTED)[1:-1], quote(PLANTED, safe="")]
    for lead in range(3):
        spelled = base64.b64encode(b"x" * lead + PLANTED.encode()).decode()
        cores += [spelled[4:-4], spelled[4:-4].replace("/", "_").replace("+", "-")]
    return [core for core in cores if core in text]


def test_the_test_knows_a_leak_when_it_sees_one():
    assert all(leaks(form) for form in FORMS.values() if "-" not in form and "_" not in form)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_secret_is_masked(form):
    masked = Mask([PLANTED])(f"before {FORMS[form]} after")
    assert leaks(masked) == []
    assert masked.startswith("before ")
    assert "[secret]" in masked
    assert masked.endswith(" after")


def test_text_without_a_secret_stays_as_it_is():
    assert Mask([PLANTED])("nothing planted here") == "nothing planted here"
    assert Mask([])("anything") == "anything"


def test_text_that_only_begins_like_a_secret_stays_as_it_is():
    mask = Mask(["offline-secret-one", "offline-secret-two"])
    assert mask("offline-secret-three") == "offline-secret-three"
    assert mask("offline-secret-three, offline-secret-two") == "offline-secret-three, [secret]"


def test_of_two_secrets_the_longer_one_goes_first():
    assert Mask(["abc", "abcdef"])("abcdef") == "[secret]"


def test_a_secret_written_in_pieces_is_masked_and_the_last_line_is_kept():
    under = io.StringIO()
    with Mask(["planted"]).stream(under) as stream:
        print("a plan", end="", file=stream)
        print("ted and pla", end="", file=stream)
        print("nted", file=stream)
        stream.write("end")
    assert under.getvalue() == "a [secret] and [secret]\nend\n"


def test_the_password_config_is_a_secret_and_the_object_is_not_known_as_one_to_the_program(
    tmp_path,
):
    source = """
    config = pulumi.Config()
    hidden = config.require_secret("password")
    lost = config.require_object("object")["deep"][0]
    pulumi.export("hidden", hidden)
    pulumi.export("lost", lost)
    pulumi.export("inside", f"https://user:{lost}@example")
    pulumi.export("upper", hidden.apply(str.upper))
    one = kubernetes("Secret", "one", {"apiVersion": "v1", "stringData": {"a": hidden, "b": lost, "c": "open"}})
    kubernetes("ConfigMap", "two", {"apiVersion": "v1", "data": one.stringData, "immutable": True})
    pulumi.CustomResource("other:b:Thing", f"named-{lost}", {lost: 1})
    """
    plan = planned(tmp_path, source, begin=PROVIDER, config_overrides=CONFIG)
    assert plan.outputs == {"hidden": SECRET, "lost": SECRET, "inside": SECRET, "upper": SECRET}
    assert rows(plan)["one"].inputs["stringData"] == {"a": SECRET, "b": SECRET, "c": "open"}
    assert rows(plan)["two"].inputs["data"] == SECRET
    assert rows(plan)["named-[secret]"].inputs == {"[secret]": 1}
    for text in (plan.to_json(), repr(plan)):
        assert leaks(text) == []


def test_what_a_program_prints_and_logs_goes_to_stderr_and_is_masked(tmp_path, capfd):
    source = """
    import base64, logging, sys
    secret = pulumi.Config().require("password")
    print("printed", secret)
    print("error", secret, file=sys.stderr)
    pulumi.log.warn(f"warned {secret}")
    pulumi.log.info(f"told {secret}")
    pulumi.log.error(f"failed {secret}")
    pulumi.log.debug(f"whispered {secret}")
    logging.getLogger("app").warning("logged %s", base64.b64encode(secret.encode()).decode())
    """
    planned(tmp_path, source, config_overrides=CONFIG)
    out, err = capfd.readouterr()
    assert out == ""
    assert leaks(err) == []
    for word in ("printed [secret]", "error [secret]", "warning: warned [secret]", "info: told"):
        assert word in err
    assert "whispered" not in err, "the engine shows debug messages only when asked to"


FAILURES = {
    "an exception": 'raise ValueError(f"bad {secret!r}")',
    "its arguments": "raise KeyError(secret)",
    "a RunError": 'raise pulumi.RunError(f"bad {secret}")',
    "a cause": 'try: {}[secret]\nexcept KeyError as it: raise ValueError("bad") from it',
    "the SDK quoting an input": 'pulumi.CustomResource("other:b:Thing", "x", {"a": [secret, object()]})',
    "an exit": "raise SystemExit(secret)",
    "an apply": "hidden.apply(lambda it: int(it))",
    "a refusal": 'pulumi.CustomResource("kubernetes:core/v1:ConfigMap", "x", {secret: 1, "a": {"b": secret}})',
    "a schema": 'kubernetes("ConfigMap", "x", {"apiVersion": "v1", secret: 1, "data": secret, "typo": secret})',
    "an invoke": 'pulumi.runtime.invoke(f"a:b:{secret}", {"x": secret})',
    "a read": 'pulumi.CustomResource("other:b:Thing", "x", {}, pulumi.ResourceOptions(id=secret))',
}


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("failure", FAILURES)
def test_an_error_quotes_no_secret(tmp_path, capfd, failure, debug, monkeypatch):
    monkeypatch.setattr("tests.review.programs.record", _recording(debug))
    start = 'hidden = pulumi.Config().require_secret("password")\nsecret = pulumi.Config().require("password")\n'
    with pytest.raises(PlanError) as refused:
        planned(
            tmp_path,
            start + FAILURES[failure],
            begin=PROVIDER,
            config_overrides=CONFIG,
            kubernetes_version="1.35",
        )
    error = refused.value
    out, err = capfd.readouterr()
    for text in (str(error), repr(error), error.details, out, err, str(error.__cause__)):
        assert leaks(text) == []
    assert error.__context__ is None or error.__suppress_context__


def _recording(debug):
    from review.recorder import record

    return lambda *args, **rest: record(*args, debug=debug, **rest)
