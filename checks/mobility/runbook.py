"""How the steps of the runbook `mobility` follow each other, in causal order."""

from checks.mobility import dns_records, permissions, policy, push, service_url, services, user_enabled, windows_auth
from checks.model import Runbook, Stage

_NO_WEB_SERVER = frozenset(
    answer.name
    for answer in service_url.OUTCOMES.answers
    if answer.name in {"name-not-found", "unreachable", "refused", "not-http", "not-lync", "redirect-loop"}
    or (answer.name.startswith("tls-") and answer.name != "tls-weak")
)
"""Answers after which nothing else can be asked of the same host. A silent or failing Mcx alone is not among them."""

MOBILITY = Runbook(
    name="mobility",
    title="Mobility",
    purpose="phones that cannot sign in",
    stages=(
        Stage(step=permissions.STEP, otherwise=services.STEP.id),
        Stage(step=services.STEP, otherwise=service_url.STEP.id),
        Stage(
            step=service_url.STEP,
            otherwise=dns_records.STEP.id,
            stands_on={services.STEP.id: frozenset({"no-web-server"})},
        ),
        Stage(step=dns_records.STEP, otherwise=user_enabled.STEP.id),
        Stage(step=user_enabled.STEP, otherwise=policy.STEP.id),
        Stage(
            step=policy.STEP,
            otherwise=windows_auth.STEP.id,
            stands_on={user_enabled.STEP.id: frozenset({"no-such-user"})},
        ),
        Stage(step=windows_auth.STEP, otherwise=push.STEP.id, stands_on={service_url.STEP.id: _NO_WEB_SERVER}),
        # No sign-in ever fails for the want of a notification, so it comes last and nothing stands on it.
        Stage(step=push.STEP, otherwise=None),
    ),
)
