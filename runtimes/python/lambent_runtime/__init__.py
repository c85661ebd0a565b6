"""The process inside an execution environment of a Python function (docs/reference/frame-protocol.md)."""
