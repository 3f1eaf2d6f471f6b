"""Which findings are told whole, named and counted, and which changes."""

from dataclasses import replace

from review.renderers.html.changes import MOST_NAMED as MOST_CHANGES
from review.renderers.html.changes import MOST_PROPERTIES, grouped
from review.renderers.html.chapters import MOST_FACTS, MOST_NAMED, MOST_WHOLE, chapters
from review.report import AreaFinding, Change, Fact, Place, PropertyChange, in_order
from tests.review.renderers.reviews import empty, rich


def finding(number, severity="advisory", why="it matters", **rest):
    return AreaFinding(
        rule="some-rule",
        severity=severity,
        resource=f"Pod a/{number:05}",
        why=why,
        **{"message": "is wrong"} | rest,
    )


def lonely(number, severity="advisory"):
    """One that no other says the same as."""
    return finding(number, severity, why=f"of its own reason, {number}")


def told(*findings, facts=()):
    review = in_order(replace(empty(), findings=findings, facts=tuple(facts)))
    return chapters(review, {"urn:a": Place(file="a.yaml", line=3)})


def test_findings_that_say_the_same_stand_for_all_from_two_on():
    [chapter] = told(*(finding(it) for it in range(2)))
    [alone] = told(finding(0))

    assert [(it.count, len(it.about)) for it in chapter.told] == [(2, 2)]
    assert [(it.count, len(it.about)) for it in alone.told] == [(1, 0)]


def test_findings_of_other_severity_or_verdict_are_no_family():
    [chapter] = told(
        *(finding(it) for it in range(3)),
        *(finding(it, severity="mandatory") for it in range(3)),
        *(finding(it, verdict="unknown") for it in range(3)),
    )

    assert [it.count for it in chapter.told] == [3, 3, 3]


def test_messages_that_differ_are_each_told():
    [chapter] = told(*(finding(it, message=f"has {it} left") for it in range(3)))
    [family] = chapter.told

    assert family.message == "such as Pod a/00000: has 0 left"
    assert [it.message for it in family.about] == ["has 0 left", "has 1 left", "has 2 left"]


def test_what_messages_share_is_told_once_and_what_is_their_own_at_each():
    [chapter] = told(*(finding(it, message=f"asks for {it} cores of 3") for it in range(3)))
    [family] = chapter.told

    assert family.message == "asks for ... cores of 3"
    assert [it.message for it in family.about] == ["0", "1", "2"]


def test_the_guards_findings_on_one_kind_of_change_are_told_with_all_that_goes():
    first = next(it for it in rich().findings if it.rule == "guard-replaced")
    found = [
        replace(first, resource=f"AgentPool wg{it}", blast=replace(first.blast, pods=(it, it)))
        for it in range(4)
    ]
    [chapter] = told(*found)
    [family] = chapter.told

    assert family.message.startswith("is replaced: deleted first, made anew afterwards")
    assert ("Takes down", "9 workloads with 6 pods:") in [
        (label, text[:24]) for label, text in family.said
    ]
    assert {it.values for it in family.about} == {('"Standard_D4ds_v5"', '"Standard_D8ds_v5"')}


def test_a_family_names_where_each_of_it_is_written():
    [chapter] = told(*(finding(it, urn="urn:a" if it else "") for it in range(3)))

    assert [it.place and it.place.line for it in chapter.told[0].about] == [None, 3, 3]


def test_mandatory_findings_are_all_named_and_advisory_ones_counted_beyond_what_can_be_read():
    many = 2_000
    [chapter] = told(
        *(lonely(it, "mandatory") for it in range(many)), *(lonely(it) for it in range(many))
    )

    assert (chapter.mandatory, chapter.advisory) == (many, many)
    assert len(chapter.told) == MOST_WHOLE
    assert sum(it.severity == "mandatory" for it in chapter.named) == many - MOST_WHOLE
    assert sum(it.severity == "advisory" for it in chapter.named) == MOST_NAMED
    assert chapter.counted == [("some-rule", many - MOST_NAMED)]


def test_a_family_beyond_what_can_be_read_is_told_with_some_of_what_it_is_about():
    [chapter] = told(*(finding(it) for it in range(2_000)))

    assert [(it.count, len(it.about)) for it in chapter.told] == [(2_000, MOST_NAMED)]


def test_chapters_come_by_danger_and_only_where_there_is_something_to_tell():
    found = told(
        finding(1, area="images"),
        finding(2, area="data"),
        facts=[Fact(area="restarts", sign="changed", resource="a", message="b")],
    )

    assert [it.area for it in found] == ["data", "restarts", "images"]


def test_facts_beyond_what_can_be_read_are_counted():
    [chapter] = told(
        facts=[
            Fact(area="images", sign="changed", resource="a", message=f"{it} images")
            for it in range(MOST_FACTS + 4)
        ]
    )

    assert (len(chapter.facts), chapter.facts_left_out) == (MOST_FACTS, 4)


def change(number, operation="update", properties=()):
    return Change(
        operation=operation,
        resource=f"Pod a/{number:05}",
        type="kubernetes:core/v1:Pod",
        urn=f"urn:{number}",
        properties=properties,
    )


def test_what_goes_is_always_named_and_the_rest_as_far_as_it_can_be_read():
    many = 1_000
    groups = grouped(
        [change(it, operation) for operation in ("delete", "create") for it in range(many)], {}
    )

    assert [(it.title, it.count, len(it.rows), it.left_out) for it in groups] == [
        ("deleted", many, many, 0),
        ("created", many, MOST_CHANGES, many - MOST_CHANGES),
    ]
    assert groups[1].kinds == [("Pod", many - MOST_CHANGES)]


def test_properties_that_replace_come_first_and_those_without_room_are_counted():
    properties = [
        *(
            PropertyChange(path=f"a{it:03}", alters="changed", old="1", new="2")
            for it in range(MOST_PROPERTIES + 9)
        ),
        PropertyChange(path="z", alters="changed", replaces=True),
    ]
    [group] = grouped([change(1, properties=tuple(properties))], {})

    assert group.rows[0].properties[0].path == "z"
    assert (len(group.rows[0].properties), group.rows[0].left_out) == (MOST_PROPERTIES, 10)
