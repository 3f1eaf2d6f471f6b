"""Ways between boxes: they pass every other box, begin and end where they shall, and keep apart."""

import re

from hypothesis import given
from hypothesis import strategies as st

from review.renderers.html.ways import Place, Ways

COLUMNS, ROWS = 5, 6
BOXES = [
    [Place(20 + column * 220, 20 + row * 50, 120, 30) for row in range(ROWS)]
    for column in range(COLUMNS)
]
HEIGHT = 20.0 + ROWS * 50
NAMES = st.tuples(st.integers(0, COLUMNS - 1), st.integers(0, ROWS - 1))


def within(point, box):
    x, y = point
    return box.left < x < box.left + box.width and box.top + 0.1 < y < box.top + box.height - 0.1


@given(st.sets(NAMES, min_size=2), st.data())
def test_no_way_runs_through_a_box(names, data):
    boxes = [BOXES[column][row] for column, row in sorted(names)]
    ways = Ways(boxes, HEIGHT)
    for _ in range(12):
        source, target = data.draw(st.sampled_from(boxes)), data.draw(st.sampled_from(boxes))
        points = ways.way(source, source.top + 10, target, target.top + 20).points

        assert not [(it, box) for it in points for box in boxes if within(it, box)]
        assert points[0][1] == source.top + 10
        assert points[-1][1] == target.top + 20


def test_a_way_is_one_path_through_its_points():
    [source, target] = BOXES[0][0], BOXES[2][0]
    way = Ways([source, BOXES[1][0], target], HEIGHT).way(source, 35, target, 35)
    numbers = [float(it) for it in re.findall(r"-?\d+\.\d", way.path)]

    assert way.path.startswith("M140.0 35.0C")
    assert numbers[-2:] == [460.0, 35.0]
    assert re.fullmatch(r"[MCH\d. -]+", way.path)


def test_ways_past_one_column_keep_apart():
    source, target = BOXES[0][1], BOXES[2][1]
    ways = Ways([source, BOXES[1][1], target], HEIGHT)
    passed = [
        {y for x, y in ways.way(source, 80 + it, target, 80 + it).points if 240 < x < 360}
        for it in range(5)
    ]
    heights = [next(iter(it)) for it in passed]

    assert all(len(it) == 1 for it in passed)
    assert all(abs(a - b) > 4 for a in heights for b in heights if a is not b)


def nearest(boxes, height, used, wanted):
    """What `Ways` promises of the height at which a way passes a column, said as plainly as can be."""
    steps = range(int(height / 5) + 1)
    clear = [
        y
        for step in steps
        for y in (wanted + step * 5, wanted - step * 5)
        if 0 < y < height and all(y < it.top - 4 or y > it.top + it.height + 4 for it in boxes)
    ]
    apart = [y for y in clear if all(abs(y - it) >= 4.5 for it in used)]
    return next(iter(apart or clear), wanted)


@given(
    st.lists(st.tuples(st.integers(0, 260), st.integers(10, 60)), max_size=6),
    st.lists(st.integers(2, 290), min_size=1, max_size=60),
)
def test_a_way_passes_at_the_nearest_height_that_is_free(walls, wanted):
    boxes = [Place(240, float(top), 120, float(high)) for top, high in walls]
    one, other = Place(20, 0, 120, 300), Place(460, 0, 120, 300)
    ways = Ways([one, *boxes, other], 300)
    used = []
    for y in wanted if boxes else []:
        points = ways.way(one, y, other, y).points
        used.append(nearest(boxes, 300, used, y))

        assert (236, used[-1]) in points


def test_a_box_that_calls_itself_has_a_loop_at_its_right():
    box = BOXES[0][0]
    points = Ways([box], HEIGHT).way(box, 30, box, 40).points

    assert min(x for x, _ in points) == box.left + box.width
    assert max(x for x, _ in points) <= box.left + box.width + 24.1
