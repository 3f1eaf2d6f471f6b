"""The permission matrix."""

from review.renderers.html.rights import MOST_COLUMNS, MOST_ROWS, SHORT, matrix
from review.report import Right


def right(subject="dev", namespace="course", resources="pods", before=(), after=("get",)):
    return Right(
        subject=subject,
        namespace=namespace,
        resources=resources,
        verbs_before=before,
        verbs_after=after,
    )


def test_verbs_are_parted_into_those_that_came_went_and_stay():
    [(_, _, [[cell]])] = matrix([right(before=("list", "get"), after=("watch", "get"))]).rows

    assert (cell.gained, cell.lost, cell.kept) == (("watch",), ("list",), ("get",))


def test_subjects_go_down_and_namespaces_across_with_the_whole_cluster_first():
    found = matrix([right(), right(namespace=""), right("ops", resources="secrets")])

    assert found.columns == ["whole cluster", "course"]
    assert [
        (subject, [[it.resources for it in cell] for cell in cells])
        for subject, _, cells in found.rows
    ] == [("dev", [["pods"], ["pods"]]), ("ops", [[], ["secrets"]])]


def test_of_many_namespaces_the_matrix_becomes_a_list():
    many = range(MOST_COLUMNS + 1)
    found = matrix([right(namespace=f"team-{it:02}", resources=f"kind-{it}") for it in many])

    assert found.listed
    assert [namespace for _, namespace, _ in found.rows][:2] == ["team-00", "team-01"]
    assert {len(cells) for _, _, cells in found.rows} == {1}


def test_namespaces_with_the_same_for_everybody_share_a_column():
    same = [right(who, namespace) for who in ("dev", "ops") for namespace in ("a", "b", "c")]
    found = matrix([*same, right("ops", "c", "secrets")])

    assert found.columns == ["a, b", "c"]
    assert [[len(cell) for cell in cells] for _, _, cells in found.rows] == [[1, 1], [1, 2]]


def test_namespaces_with_the_same_for_one_share_a_row_of_the_list():
    apart = [right("dev", f"team-{it:02}", f"kind-{it}") for it in range(MOST_COLUMNS + 1)]
    found = matrix([*apart, *(right("ops", f"team-{it:02}") for it in range(20))])

    assert [names for subject, names, _ in found.rows if subject == "ops"] == [
        ", ".join(f"team-{it:02}" for it in range(12)) + " and 8 more"
    ]


def test_many_kinds_of_resources_are_folded_and_all_there():
    kinds = ", ".join(f"kind-{it}" for it in range(SHORT + 1))
    [(_, _, [[cell]])] = matrix([right(resources=kinds)]).rows
    [(_, _, [[few]])] = matrix([right(resources="pods, pods/log")]).rows

    assert (cell.brief, cell.resources) == ("kind-0, kind-1, kind-2, kind-3 and 3 more", kinds)
    assert few.brief == ""


def test_rows_beyond_what_can_be_read_are_counted():
    found = matrix([right(f"group {it:04}") for it in range(MOST_ROWS + 5)])

    assert (len(found.rows), found.left_out) == (MOST_ROWS, 5)


def test_without_a_difference_there_is_no_matrix():
    assert matrix([]) is None
