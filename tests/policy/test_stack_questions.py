"""What many objects of a stack ask is answered once, and as often as it is asked."""

import pytest

from policy.evaluation import Rules
from policy.objects import object_of
from policy.rules.references.ref_policy_peer import RULE
from policy.stack import Stack
from policy.unknown import Undecided
from review.policies import object_in
from tests.program import STACKS, planned


def test_a_question_is_answered_once():
    stack, asked = Stack(()), []

    def answer():
        asked.append(1)
        yield "a"

    assert [stack.once("q", answer), stack.once("q", answer), stack.once("other", answer)] == [
        ("a",)
    ] * 3
    assert len(asked) == 2


def test_what_cannot_be_decided_is_said_to_everybody_who_asks():
    stack = Stack(())

    def answer():
        raise Undecided("who knows")
        yield

    for _ in range(2):
        with pytest.raises(Undecided, match="who knows"):
            stack.once("q", answer)


def asked_anew(_stack, _question, answer):
    return tuple(answer())


@pytest.mark.parametrize("stack", STACKS)
def test_the_peers_of_policies_are_told_as_if_each_were_asked_for_itself(stack, monkeypatch):
    rows = planned(stack).resources
    # Without its workloads and namespaces nearly every peer is missing.
    gone = ("Deployment", "StatefulSet", "Namespace")
    for kept in (rows, [it for it in rows if it.inputs.get("kind") not in gone]):
        objects = [it for row in kept if (it := object_in(row))]

        def told(objects=objects):
            found = Rules([RULE]).of_stack(Stack(objects))
            return [(it.title, result) for it, result in found]

        once = told()
        with monkeypatch.context() as patch:
            patch.setattr(Stack, "once", asked_anew)
            assert told() == once
    assert once


def policy(namespace, peer):
    return object_of(
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": "p", "namespace": namespace},
            "spec": {"podSelector": {}, "ingress": [{"from": [peer]}]},
        },
        f"NetworkPolicy {namespace}/p",
    )


def test_a_peer_without_namespaces_is_another_in_each_namespace():
    pod = object_of(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "web", "namespace": "a", "labels": {"app": "web"}},
            "spec": {"containers": []},
        },
        "Pod a/web",
    )
    peer = {"podSelector": {"matchLabels": {"app": "web"}}}
    stack = Stack([pod, policy("a", peer), policy("b", peer)])

    found = list(Rules([RULE]).of_stack(stack))

    assert [it.title for it, _ in found] == ["NetworkPolicy b/p"]
