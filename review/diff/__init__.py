"""What is different between two plans, by meaning rather than by text.

`review.diff.changes.changes(base, head, findings)` gives a `Differences`: one `review.report.Change` for each resource
that is not the same, `unchanged`, and `notes` on what was left out on purpose.

What counts as the same is told by the API that the value goes to: `shapes` asks the OpenAPI schemas of Kubernetes,
`defaults` knows what the API server fills in, `azure` what Azure takes for equal. A type without a schema, such as a
custom resource or the values of a chart, is compared as text, items of lists by `name` where they have one.
"""
