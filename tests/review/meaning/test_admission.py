import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.analyses.pod_security import verdicts
from review.analyses.security_marks import named_path
from review.given import Given
from review.meaning import admission
from review.meaning.admission_pod import pod_verdict
from review.plan import SECRET, UNKNOWN
from settings.pod_security import LEVELS
from tests.review.guard.plans import adding, edited, obj, plan, without
from tests.review.meaning.admitting import ENFORCE, PRIVILEGED, labelled, limits, safeguard
from tests.review.meaning.telling import (
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


def test_a_pod_that_its_namespace_would_refuse_is_mandatory_and_names_the_control():
    it = one(told(admission, with_container(WEB, securityContext=PRIVILEGED)))

    assert (it.rule, it.severity, it.area) == ("admission-pod-security", "mandatory", "admission")
    assert it.message.startswith(
        "its pods would be refused in course, which enforces restricted v1.35: privileged, "
    )
    assert 'container "web" must not set securityContext.privileged=true' in it.message
    assert it.path == "spec.template.spec.containers[web].securityContext.privileged"


def test_a_pod_that_was_refused_and_passes_now_is_a_fact():
    base = with_container(WEB, securityContext=PRIVILEGED)

    it = one(told(admission, plan(), base))
    assert it.message.startswith(
        "pods of Deployment course/web pass Pod Security now (restricted v1.35)"
    )
    assert it.sign == "lost"


def test_what_was_refused_before_for_the_same_is_no_news():
    base = with_container(WEB, securityContext=PRIVILEGED)

    assert findings(admission, with_container(WEB, base, image="x:1"), base) == []


def test_what_is_refused_for_more_than_before_is():
    base = with_container(WEB, securityContext=PRIVILEGED)

    it = one(findings(admission, with_pod(WEB, base, hostNetwork=True), base))
    assert "would be refused for more in course" in it.message
    assert "hostNamespaces" in it.message


def test_a_stricter_namespace_refuses_what_ran_there():
    head = labelled("logging-namespace", enforce="restricted")

    it = one(findings(admission, head))
    assert it.resource == "DaemonSet logging/log-agent"
    assert "restrictedVolumes" in it.message
    assert (
        "Namespace logging enforces restricted (v1.35) where it enforced privileged (v1.35)"
        in messages(facts(admission, head))
    )


def test_a_lower_level_is_a_finding():
    it = one(findings(admission, labelled(enforce="baseline")))

    assert (it.rule, it.severity) == ("admission-level-lowered", "advisory")
    assert "enforces baseline (v1.35) where it enforced restricted (v1.35)" in it.message


def test_a_level_that_is_taken_away_lets_everything_in():
    head = labelled(enforce=None, base=with_container(WEB, securityContext=PRIVILEGED))

    it = one(findings(admission, head))
    assert (it.rule, it.message.partition(" where")[0]) == (
        "admission-level-lowered",
        "enforces nothing",
    )


def test_another_pinned_version_is_a_finding():
    it = one(findings(admission, labelled(enforce_version="v1.33")))

    assert it.rule == "admission-version-pin"
    assert "the rules of v1.33 where it held them to those of v1.35" in it.message


def test_a_version_decides_what_is_refused():
    probe = {"httpGet": {"path": "/", "port": 80, "host": "example.org"}}
    head = with_container(WEB, readinessProbe=probe)

    assert "hostProbesAndHostLifecycle" in one(findings(admission, head)).message
    old = labelled(enforce_version="v1.33", base=head)
    assert rules(findings(admission, old)) == ["admission-version-pin"]


def test_without_a_pin_the_version_of_the_cluster_counts():
    head = with_container(WEB, readinessProbe={"httpGet": {"port": 80, "host": "x"}})

    def older(inputs):
        inputs["kubernetesVersion"] = "1.33.2"

    base = labelled(enforce_version="latest")
    assert rules(findings(admission, labelled(enforce_version="latest", base=head), base)) == [
        "admission-pod-security"
    ]
    base, head = (
        edited(base, "aks-cluster-managed-cluster", older),
        edited(head, "aks-cluster-managed-cluster", older),
    )
    assert findings(admission, labelled(enforce_version="latest", base=head), base) == []


def test_what_is_warned_of_and_audited_is_a_fact():
    it = one(told(admission, labelled(warn="baseline")))

    assert "warn=baseline" in it.message


def test_new_namespaces_say_what_they_enforce():
    gone = without(plan(), "course-namespace")
    assert "Namespace course is new and enforces restricted (v1.35)" in messages(
        told(admission, plan(), gone)
    )
    assert "Namespace course is gone, with what it enforced (restricted (v1.35))" in messages(
        told(admission, gone)
    )

    bare = obj("v1", "Namespace", "bare", {}, namespace=None)
    it = one(findings(admission, adding(plan(), bare)))
    assert (it.rule, it.message.partition(":")[0]) == (
        "admission-level-low",
        "is new and enforces nothing",
    )


def test_a_pod_in_a_namespace_that_the_plan_lacks_is_undecided_unless_every_level_lets_it_in():
    gone = without(plan(), "course-namespace", "logging-namespace")

    it = one(findings(admission, gone))
    assert (it.rule, it.verdict, it.resource) == (
        "admission-unknown",
        "unknown",
        "DaemonSet logging/log-agent",
    )
    assert "hangs on the labels of Namespace logging" in it.message


@pytest.mark.parametrize(
    "fields",
    [
        {"securityContext": UNKNOWN},
        {
            "securityContext": {
                "privileged": UNKNOWN,
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
            }
        },
    ],
)
def test_what_hangs_on_an_unknown_value_is_undecided(fields):
    it = one(findings(admission, with_container(WEB, **fields)))
    assert (it.rule, it.verdict) == ("admission-unknown", "unknown")
    assert "spec.template.spec.containers[web].securityContext" in it.path


def test_an_unknown_value_does_not_hide_a_refusal_that_holds_whatever_it_is():
    head = with_pod(WEB, with_container(WEB, securityContext=UNKNOWN), hostNetwork=True)

    assert rules(findings(admission, head)) == ["admission-pod-security", "admission-unknown"]


def test_unknown_values_that_pod_security_does_not_look_at_say_nothing():
    head = with_container(WEB, env=UNKNOWN, image=UNKNOWN, args=[SECRET])

    assert told(admission, head) == []


def test_labels_of_a_namespace_that_are_not_known_are_said():
    def unknown(inputs):
        inputs["metadata"]["labels"][ENFORCE] = UNKNOWN

    found = findings(admission, edited(plan(), "course-namespace", unknown))
    assert one(found, rule="admission-namespace-unknown").verdict == "unknown"


def test_a_limit_range_that_refuses_pods_names_each_workload():
    found = findings(admission, limits(max={"memory": "100Mi"}))

    assert rules(found) == ["admission-amounts"]
    assert len(found) == 7
    it = one(found, resource="Deployment course/web")
    assert it.message == (
        "its pods would be refused in course by LimitRange container-limits: "
        "maximum memory usage per Container is 100Mi, but limit is 128Mi"
    )


def test_a_pod_whose_request_passes_its_limit_is_refused():
    resources = {
        "limits": {"cpu": "1", "memory": "64Mi"},
        "requests": {"cpu": "1", "memory": "1Gi"},
    }

    found = findings(admission, with_container(WEB, resources=resources))
    assert "by validation" in found[0].message


def test_a_quota_that_asks_for_what_no_one_fills_in_refuses_the_pods():
    base = without(plan(), "course-limits")

    it = one(findings(admission, with_container(WEB, base, resources={}), base))
    assert "by ResourceQuota quota: must specify limits.cpu for: web" in it.message


def test_pods_that_pass_the_bounds_again_are_facts():
    base = limits(max={"memory": "100Mi"})

    assert "pods of Deployment course/web pass LimitRange container-limits now" in messages(
        told(admission, plan(), base)
    )


def test_what_a_limit_range_fills_in_is_told_with_its_values():
    it = one(told(admission, with_container(WEB, resources={})))

    assert it.message == (
        "the LimitRange of course fills in for Deployment course/web: limits.cpu 250m for web, "
        "limits.memory 256Mi for web, requests.cpu 50m for web, requests.memory 64Mi for web"
    )
    assert it.sign == "gained"


def test_another_default_is_told_for_each_workload_that_takes_it():
    base = with_container(WEB, resources={"limits": {"memory": "128Mi"}})

    head = limits(base=base, default={"cpu": "1", "memory": "256Mi"})
    it = one(told(admission, head, base))
    assert "limits.cpu 250m -> 1 for web" in it.message


def test_an_amount_that_is_not_known_is_undecided():
    it = one(findings(admission, with_container(WEB, resources={"requests": {"cpu": UNKNOWN}})))

    assert it.path == "spec.template.spec.containers[web].resources.requests.cpu"


def test_safeguards_that_begin_to_refuse_are_a_finding_and_else_a_fact():
    it = one(told(admission, safeguard("Enforce"), safeguard("Warn")))
    assert (it.rule, it.message.partition(":")[0]) == (
        "admission-safeguards",
        "deployment safeguards go from Warn to Enforce",
    )

    it = one(told(admission, safeguard("Warn"), safeguard("Enforce")))
    assert it.message == "deployment safeguards go from Enforce to Warn"
    assert (
        one(told(admission, plan(), safeguard("Warn"))).message
        == "deployment safeguards go from Warn to off"
    )


def test_equal_plans_say_nothing_and_shuffled_ones_the_same():
    head = labelled(enforce="baseline", base=with_container(WEB, securityContext=PRIVILEGED))

    assert told(admission, plan(), shuffled(plan())) == []
    assert told(admission, shuffled(head), shuffled(plan(), 2)) == told(admission, head)


SECURITY = st.fixed_dictionaries(
    {},
    optional={
        "privileged": st.booleans(),
        "allowPrivilegeEscalation": st.booleans(),
        "runAsNonRoot": st.booleans(),
        "runAsUser": st.sampled_from([0, 1000]),
        "capabilities": st.sampled_from([{"drop": ["ALL"]}, {"add": ["NET_ADMIN"]}]),
        "seccompProfile": st.sampled_from([{"type": "RuntimeDefault"}, {"type": "Unconfined"}]),
    },
)


@settings(max_examples=25, deadline=None)
@given(SECURITY, st.sampled_from(LEVELS), st.sampled_from(["v1.20", "v1.33", "v1.35", "latest"]))
def test_refusals_are_those_of_the_analysis_of_manifests(context, level, version):
    head = labelled(
        base=with_container(WEB, securityContext=context), enforce=level, enforce_version=version
    )
    rows = [
        it.inputs for it in head.resources if it.inputs.get("kind") == "Namespace" or it.name == WEB
    ]
    given_ = [Given(manifest=copy.deepcopy(dict(it)), file="f", line=1) for it in rows]
    [expected] = [it for it in verdicts(given_, [], minor=35) if it.kind == "Deployment"]

    verdict = admission.of_plan(head).verdicts["Deployment course/web"]
    assert [it.control for it in verdict.security] == [it.control for it in expected.violations]


@settings(max_examples=25, deadline=None)
@given(
    SECURITY,
    st.sampled_from(["privileged", "runAsNonRoot", "allowPrivilegeEscalation", "capabilities"]),
)
def test_a_refusal_that_is_said_beside_an_unknown_holds_for_every_value_put_back(context, key):
    open_ = with_container(WEB, securityContext={**context, key: UNKNOWN})
    said = {
        it.control for it in admission.of_plan(open_).verdicts["Deployment course/web"].security
    }

    for value in (True, False, {"drop": ["ALL"]}, None):
        closed = with_container(WEB, securityContext={**context, key: value})
        found = {
            it.control
            for it in admission.of_plan(closed).verdicts["Deployment course/web"].security
        }
        assert said <= found


def test_paths_name_items_where_they_have_names():
    web = {"spec": {"containers": [{"name": "api", "ports": [{"hostPort": 1}]}]}}

    assert (
        named_path(web, "spec.containers[0].ports[0].hostPort")
        == "spec.containers[api].ports[0].hostPort"
    )
    assert pod_verdict({"spec": web["spec"]}, "baseline", 35)[0].control == "hostPorts"
