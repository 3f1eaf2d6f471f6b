"""What goes wrong with a control plane, in one line for its user."""


class ControlPlaneError(Exception):
    """The control plane cannot be built, started or kept; the message says what to do, without a final stop."""
