"""What the platform demands of Kubernetes objects and Azure resources, as rules that run offline and under the engine.

Rules are plain functions of plain data (`policy/rule.py` says how to write one). `policy/evaluation.py` runs them with
three verdicts, `policy/pack.py` hands them to Pulumi's policy engine. Nothing here but the pack loads the SDK, and no
other room is imported.
"""
