"""What `manifests/` says of a stack, registered with the engine: one component a Group, and the provider under them.

Every object is in wire form and on the one explicit provider. Logical names are the objects' own, so that a plan reads
like the cluster: a tenant is its namespace, a workload `{namespace}-{workload}`.
"""
