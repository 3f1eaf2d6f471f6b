"""What is told of data to the last word: what survives, what nobody can say, and what is no news."""


from review.meaning import data
from review.plan import UNKNOWN
from tests.review.guard.plans import edited
from tests.review.meaning.losing import with_claim
from tests.review.meaning.telling import findings, one, told


def test_a_claim_whose_class_only_a_deployment_tells_may_be_made_anew():
    it = one(told(data, with_claim(storage_class=UNKNOWN), with_claim()))

    assert (it.rule, it.verdict, it.path) == ("data-unknown", "unknown", "spec.storageClassName")
    assert "whether it is deleted and made anew, empty, hangs on spec.storageClassName" in it.message


def test_a_claim_that_is_made_anew_and_may_be_for_more_is_told_once():
    base = with_claim()
    head = with_claim(storage_class="managed-csi-premium")
    head = edited(head, "files", lambda it: it["spec"].update(volumeMode=UNKNOWN))

    assert [it.rule for it in findings(data, head, base)] == ["data-claim-lost"]
