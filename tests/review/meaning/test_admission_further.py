"""Admission to the last word: what each kind of change says, and what is no news."""

import pytest

from review.meaning import admission
from review.plan import UNKNOWN
from tests.review.guard.plans import adding, edited, obj, plan, without
from tests.review.meaning.admitting import ENFORCE, PRIVILEGED, labelled, limits, safeguard
from tests.review.meaning.telling import (
    WEB,
    facts,
    findings,
    messages,
    one,
    rules,
    told,
    with_container,
    with_pod,
)

WEB_TITLE = "Deployment course/web"


def namespace(name, **labels):
    found = obj("v1", "Namespace", name, {}, namespace=None)
    found.inputs["metadata"]["labels"] = {
        f"pod-security.kubernetes.io/{key.replace('_', '-')}": it for key, it in labels.items()
    }
    return found


def unknown_labels(name="course-namespace"):
    def unknown(inputs):
        inputs["metadata"]["labels"][ENFORCE] = UNKNOWN

    return edited(plan(), name, unknown)


def test_of_many_refusals_three_are_said_and_the_rest_is_counted():
    head = with_pod(WEB, hostNetwork=True, hostPID=True)
    head = with_container(WEB, head, securityContext=PRIVILEGED)

    it = one(findings(admission, head))
    assert it.message == (
        "its pods would be refused in course, which enforces restricted v1.35: hostNamespaces, hostPorts, privileged, "
        "allowPrivilegeEscalation, capabilities_restricted (pod must not set hostNetwork=true; "
        'pod must not set hostPID=true; container "web" uses hostPort 8080; and 3 more)'
    )


def test_three_refusals_are_all_said():
    it = one(findings(admission, with_container(WEB, securityContext=PRIVILEGED)))

    assert it.message.count("; ") == 2
    assert "more" not in it.message


def test_the_remedy_is_that_of_the_first_control():
    it = one(findings(admission, with_pod(WEB, hostNetwork=True)))

    assert it.remedy == "remove it; or let the namespace enforce a lower level, with its reason"
    assert it.urn.endswith(f"::{WEB}")


def test_pods_that_pass_again_say_which_controls_are_mended_each_once():
    base = with_pod(WEB, hostNetwork=True)
    base = with_container(WEB, base, ports=[{"containerPort": 80, "hostPort": 80}])

    it = one(told(admission, plan(), base))
    assert it.message == (
        f"pods of {WEB_TITLE} pass Pod Security now (restricted v1.35): hostNamespaces, hostPorts is mended"
    )


def test_pods_that_pass_because_nothing_is_enforced_any_more_are_told_as_that():
    base = with_container(WEB, securityContext=PRIVILEGED)

    found = messages(facts(admission, labelled(enforce=None, base=base), base))
    assert f"pods of {WEB_TITLE} pass Pod Security now (nothing is enforced): " in found[0]


def test_pods_refused_for_less_than_before_are_no_news():
    base = with_pod(WEB, with_container(WEB, securityContext=PRIVILEGED), hostNetwork=True)

    assert told(admission, with_container(WEB, securityContext=PRIVILEGED), base) == []


def test_a_new_workload_that_would_be_refused_is_told():
    head = with_pod(WEB, hostNetwork=True)

    it = one(findings(admission, head, without(head, WEB)))
    assert it.message.startswith("its pods would be refused in course")


def test_pods_that_a_limit_range_refused_before_are_no_news():
    base = limits(max={"memory": "100Mi"})

    head = with_pod(WEB, base, hostNetwork=True)
    assert rules(findings(admission, head, base)) == ["admission-pod-security"]


def test_another_bound_that_refuses_is_told_beside_the_one_that_did():
    base = limits(max={"memory": "100Mi"})
    bare = without(base, "course-limits")
    quota_only = with_container(WEB, bare, resources={})

    it = one(findings(admission, quota_only, base), resource=WEB_TITLE)
    assert "by ResourceQuota quota" in it.message
    assert f"pods of {WEB_TITLE} pass" not in str(messages(facts(admission, quota_only, base)))


def test_amounts_that_are_filled_in_no_longer_are_told_with_what_they_were():
    base = with_container(WEB, resources={})
    head = with_container(WEB, resources={"limits": {"cpu": "250m"}})

    it = one(told(admission, head, base))
    assert it.message == (
        f"the LimitRange of course fills in for {WEB_TITLE}: limits.cpu for web no longer (250m), requests.cpu for "
        "web no longer (50m)"
    )
    assert it.sign == "changed"


def test_a_pod_that_says_all_its_amounts_again_is_told_as_a_loss():
    it = one(told(admission, plan(), with_container(WEB, resources={})))

    assert it.sign == "lost"
    assert "requests.memory for web no longer (64Mi)" in it.message


def test_what_was_undecided_before_is_no_news():
    base = with_container(WEB, securityContext=UNKNOWN)

    head = with_pod(WEB, base, hostNetwork=True)
    assert rules(findings(admission, head, base)) == ["admission-pod-security"]


def test_what_is_undecided_by_labels_has_no_path_of_its_own():
    gone = without(plan(), "course-namespace", "logging-namespace")

    assert one(findings(admission, gone)).path == ""


def test_a_namespace_that_is_new_and_unknown_is_a_fact():
    head = unknown_labels()

    found = messages(facts(admission, head, without(plan(), "course-namespace")))
    assert found == [
        "Namespace course is new and enforces a level that is known after deployment only"
    ]


def test_a_namespace_whose_labels_stay_unknown_is_no_news():
    base = unknown_labels()

    assert told(admission, base, base) == []
    assert findings(admission, labelled(warn="baseline", base=base), base) == []


def test_a_level_that_is_known_now_is_told_beside_what_was_not():
    it = one(facts(admission, plan(), unknown_labels()), resource="Namespace course")

    assert it.message == (
        "Namespace course enforces restricted (v1.35); before, only a deployment told its level"
    )
    assert it.sign == "changed"


@pytest.mark.parametrize(
    ("level", "said"),
    [("baseline", "baseline (v1.35)"), ("privileged", "privileged (v1.35)"), (None, "nothing")],
)
def test_every_new_namespace_below_restricted_is_a_finding(level, said):
    labels = {"enforce": level, "enforce_version": "v1.35"} if level else {}
    it = one(told(admission, adding(plan(), namespace("bare", **labels))))

    assert (it.rule, it.severity, it.path) == ("admission-level-low", "advisory", "metadata.labels")
    assert it.message == (
        f"is new and enforces {said}: pods with more rights than restricted allows are let in"
    )


def test_nothing_and_privileged_let_in_the_same():
    bare, free = (
        adding(plan(), namespace("bare", **labels))
        for labels in ({}, {"enforce": "privileged", "enforce_version": "v1.35"})
    )

    assert told(admission, free, bare) == []
    assert told(admission, bare, free) == []


def test_a_pin_that_goes_leaves_the_rules_to_the_cluster():
    it = one(told(admission, labelled(enforce_version="latest")))

    assert it.message == (
        "holds pods to the rules of the cluster's own version where it held them to those of v1.35"
    )


def test_a_label_that_says_nothing_of_the_level_may_be_unknown():
    def change(inputs):
        inputs["metadata"]["labels"]["team"] = UNKNOWN

    assert told(admission, edited(plan(), "course-namespace", change)) == []


def test_an_unknown_label_that_warns_is_said_without_its_mark():
    it = one(told(admission, labelled(warn=UNKNOWN)))

    assert "warn=known after deployment only" in it.message


def test_labels_that_warn_and_audit_are_told_before_and_after():
    it = one(
        told(admission, labelled(warn=None, warn_version=None, audit=None, audit_version=None))
    )
    assert it.message.startswith("Namespace course warns of and audits nothing where it did audit=")

    it = one(told(admission, labelled(warn="baseline")))
    assert it.message == (
        "Namespace course warns of and audits audit=restricted, audit-version=v1.35, warn=baseline, "
        "warn-version=v1.35 where it did audit=restricted, audit-version=v1.35, warn=restricted, warn-version=v1.35"
    )


def test_new_safeguards_go_from_off_and_equal_ones_say_nothing():
    it = one(told(admission, safeguard("Warn")))
    assert it.message == "deployment safeguards go from off to Warn"
    assert it.urn.endswith("::safeguards")

    assert told(admission, safeguard("Enforce"), safeguard("Enforce")) == []
    gone = one(told(admission, plan(), safeguard("Warn")))
    assert gone.urn.endswith("::safeguards")


def test_safeguards_of_an_unknown_level_are_said_to_be():
    it = one(told(admission, safeguard(UNKNOWN)))

    assert it.message == "deployment safeguards go from off to known after deployment only"


def test_pods_of_a_namespace_whose_level_nobody_knows_are_undecided():
    found = findings(admission, unknown_labels("logging-namespace"))

    assert {(it.rule, it.resource) for it in found} == {
        ("admission-namespace-unknown", "Namespace logging"),
        ("admission-unknown", "DaemonSet logging/log-agent"),
    }


@pytest.mark.parametrize("at", ["metadata", "labels"])
def test_a_namespace_without_readable_labels_is_unknown(at):
    def change(inputs):
        if at == "metadata":
            inputs["metadata"] = UNKNOWN
        else:
            inputs["metadata"]["labels"] = UNKNOWN

    bare = adding(plan(), namespace("bare", enforce="restricted", enforce_version="v1.35"))
    head = edited(bare, "bare", change)

    assert "admission-namespace-unknown" in {it.rule for it in findings(admission, head, bare)}


def test_annotations_of_pods_are_held_against_the_level_too():
    def change(inputs):
        template = inputs["spec"]["template"]
        template["metadata"]["annotations"] = {
            "container.apparmor.security.beta.kubernetes.io/web": "unconfined"
        }

    it = one(findings(admission, edited(plan(), WEB, change)))
    assert "appArmorProfile" in it.message
    assert it.path.startswith("spec.template.metadata.annotations")


def test_a_version_of_two_numbers_is_a_version():
    probe = {"httpGet": {"port": 80, "host": "example.org"}}
    base = labelled(enforce_version="latest")

    def older(inputs):
        inputs["kubernetesVersion"] = "1.33"

    base = edited(base, "aks-cluster-managed-cluster", older)
    assert findings(admission, with_container(WEB, base, readinessProbe=probe), base) == []


def test_amounts_that_are_none_leave_it_open():
    it = one(findings(admission, with_container(WEB, resources={"limits": {"cpu": "much"}})))

    assert (it.verdict, it.path) == ("unknown", "spec.template.spec.containers.resources")


def test_what_a_quota_counts_already_is_no_matter_of_one_pod():
    def change(inputs):
        inputs["status"] = {"used": dict(inputs["spec"]["hard"])}

    assert findings(admission, edited(plan(), "course-quota", change)) == []


def test_a_request_that_follows_from_a_limit_is_not_filled_in_by_the_limit_range():
    head = with_container(WEB, resources={"limits": {"cpu": "200m", "memory": "128Mi"}})

    assert admission.of_plan(head).verdicts[WEB_TITLE].filled == ()


def test_amounts_that_are_filled_in_come_by_name_whatever_the_order_of_the_limit_range():
    turned = limits(default={"memory": "256Mi", "cpu": "250m"})

    head = with_container(WEB, turned, resources={})
    assert [it[1] for it in admission.of_plan(head).verdicts[WEB_TITLE].filled] == [
        *("limits.cpu", "limits.memory", "requests.cpu", "requests.memory"),
    ]


def test_namespaces_are_told_in_one_order():
    zoo, ark = (namespace(it) for it in ("zoo", "ark"))

    there, back = (
        messages(told(admission, adding(plan(), *it))) for it in ((zoo, ark), (ark, zoo))
    )
    assert there == back
    assert len(there) == 2
