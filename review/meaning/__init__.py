"""What a change means in the running system: each module reads one plan into plain data, then compares two of those.

`of_plan(plan)` gives a `Side` that can be pickled and hangs on nothing but the plan, so that the side of a base is
kept between runs; `compare(before, after)` gives findings and facts, and is quick.
"""
