"""What is different between two plans, by meaning rather than by text (docs/review-diff.md).

`changes.changes(base, head, findings)` gives a `Differences`: one `review.report.Change` for each resource that is not
the same, how many are `unchanged`, and `notes` on what was left out on purpose. `walk.differences` does so for any two
values, and `walk.normal` gives the one spelling of all that mean the same.

What counts as the same is told by the API that the value goes to: `shapes` asks the OpenAPI schemas of Kubernetes,
`order` and `defaults` add what no schema says, `azure` what Azure takes for equal. A type without a schema, such as a
custom resource or the values of a chart, is compared as text, items of lists by `name` where they have one.

`pulumi_preview.read(path)` gives a `Plan`, a `State` or a `Previewed` of whatever file people have; both sides of a
preview are plans, so that every analysis runs on them. `engine_says.told(previewed, changes)` puts the engine's own
operations, reasons, policies and messages over ours. What cannot be read raises `review.guard.base.BaseError`.
"""
