"""How the steps of the runbook `mobility` follow each other, in causal order."""

from typing import Any

from checks.mobility import (
    affinity,
    autodiscover,
    certificates,
    client,
    dns_records,
    hairpin,
    hybrid,
    media,
    permissions,
    policy,
    ports,
    push,
    registrar,
    reverse_proxy,
    service_url,
    services,
    sign_in,
    timeouts,
    transaction,
    ucwa_application,
    user_document,
    user_enabled,
    web_applications,
    windows_auth,
)
from checks.mobility.circumstances import CIRCUMSTANCES
from checks.mobility.symptoms import SYMPTOMS
from checks.model import Runbook, Stage, Status, Step


def _failed(step: Step[Any]) -> frozenset[str]:
    """The answers of a step that are faults."""
    return frozenset(answer.name for answer in step.answers if answer.status is Status.FAILED)


_WEB_CLOSED = frozenset({"web-refused", "web-unreachable"})
"""Answers of “Ports” after which nothing at the external web FQDN can be asked."""
_LED_ASTRAY = frozenset({"external-leads-inside"})
"""The same of “DNS records”, seen from outside: whatever answers there is not what phones outside are meant to reach."""
_HAIRPIN_CLOSED = frozenset({"dropped", "refused", "only-by-proxy"})
"""The same of “Hairpin”."""
_NOBODY_HOME = frozenset({"pre-authentication", "sent-away", "not-lync", "pool-unreached", "silent", "loop"})
"""Answers of “Autodiscover” after which whatever is asked of the same server gives the same."""
_NO_WAY_IN = {autodiscover.STEP.id: _NOBODY_HOME, reverse_proxy.STEP.id: _failed(reverse_proxy.STEP)}
"""Answers after which the services at the external web FQDN are not seen, but what stands before them."""
_NO_TLS = frozenset({"tls-failed", "old-protocol"})
"""Answers of “Certificates” after which not even a client that accepts any certificate gets further."""
_NOT_ACCEPTED = _failed(certificates.STEP) - {"assigned-expired"}
"""Answers of “Certificates” after which a client that verifies gets no further."""
_NO_SIGN_IN = {
    user_enabled.STEP.id: frozenset({"no-such-user", "not-enabled", "no-registrar-pool", "homed-online"}),
    dns_records.STEP.id: _LED_ASTRAY | {"web-missing"},
    ports.STEP.id: _WEB_CLOSED,
    **_NO_WAY_IN,
    # A phone that is not told where to sign in does not sign in.
    autodiscover.STEP.id: _NOBODY_HOME | {"not-found", "forbidden", "server-error", "incomplete"},
    hairpin.STEP.id: _HAIRPIN_CLOSED,
    # A password is sent to a server whose certificate verifies, and to no other: here a weak one does not.
    certificates.STEP.id: _NOT_ACCEPTED | {"weak"},
    windows_auth.STEP.id: frozenset({"nothing-enabled", "service-silent", "service-error", "no-challenge"}),
}
"""Answers after which nobody can sign in as a phone does."""
_NOBODY_SIGNED_IN = frozenset(one.name for one in sign_in.STEP.answers) - {"signed-in", "one-way-only"}
_NO_TEST = {
    user_enabled.STEP.id: frozenset({"no-such-user", "not-enabled", "no-registrar-pool", "homed-online"}),
}
"""Answers after which the server's own tests with these two users tell nothing new. They need no way from outside."""
_NO_WAY_NEEDED: dict[str, frozenset[str]] = dict.fromkeys(
    (
        dns_records.STEP.id,
        certificates.STEP.id,
        autodiscover.STEP.id,
        reverse_proxy.STEP.id,
        hairpin.STEP.id,
        windows_auth.STEP.id,
    ),
    frozenset(),
)
"""Steps whose faults keep a phone outside, and leave the server's own tests as they are."""
_UCWA_DOWN = frozenset({"application-pool-stopped", "overloaded", "web-config", "server-error", "ucwa-missing"})
"""Answers of “Web applications” of which an application of UCWA that is not created tells nothing more."""
_NO_UCWA_LINK = frozenset(
    {"user-unknown", "redirect-loop", "ticket-not-accepted", "document-error"}
    | {"ucwa-missing", "other-host", "version-needed", "not-seen"}
)
"""Answers of “User document” after which no phone knows where UCWA is, or looks for it in the wrong place."""

MOBILITY = Runbook(
    name="mobility",
    title="Mobility",
    purpose="phones that cannot sign in",
    stages=(
        Stage(step=permissions.STEP, otherwise=services.STEP.id),
        Stage(step=services.STEP, otherwise=user_enabled.STEP.id),
        Stage(step=user_enabled.STEP, otherwise=policy.STEP.id),
        Stage(
            step=policy.STEP,
            otherwise=dns_records.STEP.id,
            stands_on={user_enabled.STEP.id: frozenset({"no-such-user"})},
        ),
        Stage(step=dns_records.STEP, otherwise=ports.STEP.id),
        Stage(
            step=ports.STEP,
            otherwise=certificates.STEP.id,
            stands_on={services.STEP.id: frozenset({"no-web-server"}), dns_records.STEP.id: _LED_ASTRAY},
        ),
        Stage(
            step=certificates.STEP,
            otherwise=autodiscover.STEP.id,
            stands_on={
                services.STEP.id: frozenset({"no-web-server"}),
                dns_records.STEP.id: _LED_ASTRAY,
                ports.STEP.id: _WEB_CLOSED | {"internal-refused", "internal-unreachable"},
            },
        ),
        Stage(
            step=autodiscover.STEP,
            otherwise=reverse_proxy.STEP.id,
            stands_on={
                services.STEP.id: frozenset({"no-web-server"}),
                dns_records.STEP.id: _LED_ASTRAY,
                ports.STEP.id: _WEB_CLOSED | {"internal-refused", "internal-unreachable"},
                certificates.STEP.id: _NOT_ACCEPTED,
            },
        ),
        Stage(
            step=reverse_proxy.STEP,
            otherwise=hairpin.STEP.id,
            stands_on={
                services.STEP.id: frozenset({"no-web-server"}),
                dns_records.STEP.id: _LED_ASTRAY | {"web-missing"},
                ports.STEP.id: _WEB_CLOSED,
                certificates.STEP.id: _NOT_ACCEPTED,
                autodiscover.STEP.id: _NOBODY_HOME,
            },
        ),
        Stage(
            step=hairpin.STEP,
            otherwise=windows_auth.STEP.id,
            stands_on={
                dns_records.STEP.id: frozenset({"same-names", "web-missing", "web-internal-address"}),
                ports.STEP.id: _WEB_CLOSED,
                certificates.STEP.id: _NOT_ACCEPTED,
                autodiscover.STEP.id: frozenset({"silent"}),
            },
        ),
        Stage(
            step=windows_auth.STEP,
            otherwise=sign_in.STEP.id,
            stands_on={
                ports.STEP.id: _WEB_CLOSED,
                certificates.STEP.id: _NO_TLS,
                **_NO_WAY_IN,
                hairpin.STEP.id: _HAIRPIN_CLOSED,
            },
        ),
        Stage(step=sign_in.STEP, otherwise=user_document.STEP.id, stands_on=_NO_SIGN_IN),
        Stage(
            step=user_document.STEP,
            otherwise=service_url.STEP.id,
            stands_on={sign_in.STEP.id: _NOBODY_SIGNED_IN},
        ),
        Stage(
            step=service_url.STEP,
            otherwise=web_applications.STEP.id,
            stands_on={
                services.STEP.id: frozenset({"no-web-server"}),
                ports.STEP.id: _WEB_CLOSED,
                certificates.STEP.id: _NO_TLS,
                **_NO_WAY_IN,
                hairpin.STEP.id: _HAIRPIN_CLOSED,
            },
        ),
        Stage(
            step=web_applications.STEP,
            otherwise=transaction.STEP.id,
            stands_on={
                services.STEP.id: frozenset({"no-web-server"}),
                # Asked of the pool itself, whatever the public DNS says.
                dns_records.STEP.id: frozenset(),
                ports.STEP.id: frozenset({"internal-refused", "internal-unreachable"}),
            },
        ),
        Stage(
            step=transaction.STEP,
            otherwise=ucwa_application.STEP.id,
            stands_on={
                services.STEP.id: frozenset({"no-web-server"}),
                policy.STEP.id: _failed(policy.STEP),
                **_NO_TEST,
                **_NO_WAY_NEEDED,
                ports.STEP.id: frozenset({"internal-refused", "internal-unreachable"}),
                # The account is closed then: no password is refused twice.
                sign_in.STEP.id: frozenset({"refused"}),
                service_url.STEP.id: frozenset({"not-installed"}),
                web_applications.STEP.id: _failed(web_applications.STEP),
            },
        ),
        Stage(
            step=ucwa_application.STEP,
            otherwise=affinity.STEP.id,
            stands_on={
                web_applications.STEP.id: _UCWA_DOWN,
                policy.STEP.id: _failed(policy.STEP),
                sign_in.STEP.id: _NOBODY_SIGNED_IN,
                user_document.STEP.id: _NO_UCWA_LINK,
            },
        ),
        Stage(
            step=affinity.STEP,
            otherwise=timeouts.STEP.id,
            stands_on={
                services.STEP.id: frozenset({"no-web-server"}),
                dns_records.STEP.id: _LED_ASTRAY | {"web-missing", "web-internal-missing"},
                ports.STEP.id: _WEB_CLOSED | {"internal-refused", "internal-unreachable"},
                certificates.STEP.id: _NOT_ACCEPTED,
                **_NO_WAY_IN,
                hairpin.STEP.id: _HAIRPIN_CLOSED,
            },
        ),
        Stage(step=timeouts.STEP, otherwise=registrar.STEP.id),
        Stage(
            step=registrar.STEP,
            otherwise=media.STEP.id,
            stands_on={
                **_NO_TEST,
                # Registering takes neither mobility nor a web application.
                policy.STEP.id: frozenset(),
                web_applications.STEP.id: frozenset(),
                transaction.STEP.id: frozenset(
                    {
                        "other-account",
                        "credentials",
                        "user-not-enabled",
                        "dns-missing",
                        "registrar-unreachable",
                        "wrong-target",
                    }
                ),
            },
        ),
        # What follows keeps no phone from signing in, so it comes last.
        Stage(step=media.STEP, otherwise=push.STEP.id),
        Stage(step=push.STEP, otherwise=hybrid.STEP.id),
        Stage(step=hybrid.STEP, otherwise=client.STEP.id),
        Stage(step=client.STEP, otherwise=None),
    ),
    symptoms=SYMPTOMS,
    circumstances=CIRCUMSTANCES,
)
