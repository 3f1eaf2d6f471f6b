"""Plan a stack offline and say what it means: recorder, analyses, renderers.

Nothing here imports the components; what review knows of a program is the recorded plan.
"""
