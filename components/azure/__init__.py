"""The AKS cluster and what it stands on, over azure-native; no other room imports that SDK.

A stack without Azure must not import this package's modules: the five SDK modules cost about a second of start.
Resources take dict literals, never the SDK's Args classes: those inject defaults, force-new ones among them.
"""
