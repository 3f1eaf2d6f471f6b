"""Changes to what admission hangs on, planted in a shipped stack's plan."""

from tests.review.guard.plans import adding, edited, made, plan

PRIVILEGED = {"privileged": True}
ENFORCE = "pod-security.kubernetes.io/enforce"


def labelled(name="course-namespace", base=None, **labels):
    """Another `enforce`, `enforce_version`, `warn` of one Namespace; None takes it away."""

    def change(inputs):
        for key, value in labels.items():
            label = f"pod-security.kubernetes.io/{key.replace('_', '-')}"
            inputs["metadata"]["labels"][label] = value
            if value is None:
                del inputs["metadata"]["labels"][label]

    return edited(base or plan(), name, change)


def limits(base=None, **fields):
    """Another LimitRange of the course's namespace."""

    def change(inputs):
        inputs["spec"]["limits"][0].update(fields)

    return edited(base or plan(), "course-limits", change)


def safeguard(level, base=None):
    """The plan with deployment safeguards of AKS."""
    token = "azure-native:containerservice:DeploymentSafeguard"
    return adding(base or plan(), made(token, "safeguards", {"level": level}))
