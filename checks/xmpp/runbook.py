"""How the steps of the runbook `xmpp` follow each other, in causal order."""

from typing import Any

from checks.model import Runbook, Stage, Status, Step
from checks.xmpp import (
    certificate,
    dns,
    events,
    federation,
    gateway,
    listening,
    message,
    negotiation,
    partner,
    partner_certificate,
    partner_dns,
    partner_ports,
    partner_stream,
    permissions,
    policy,
    ports,
    product,
    replication,
    route,
    services,
    stream,
    stream_judging,
)
from checks.xmpp.circumstances import CIRCUMSTANCES
from checks.xmpp.symptoms import SYMPTOMS

_NO_XMPP = {product.STEP.id: frozenset({"not-on-this-version", "edge-without-xmpp"})}
"""What all that is of Lync stands on."""
_NO_PROXY = frozenset({"proxy-absent", "proxy-disabled", "proxy-stopped", "proxy-starting"})
"""Answers of “Services” after which nothing can listen on the Edge."""
_NOT_LISTENING = frozenset({"none", "only-external", "only-internal", "other-process", "loopback-only"})
"""Answers of “Edge listens” after which a closed port is no news."""
_NO_ROUTE = {route.STEP.id: frozenset({"no-route"})}
"""Without a route neither service is set up, and nothing listens."""
_NO_ROUTE_HERE = {route.STEP.id: frozenset({"no-route", "edge-unknown", "leads-elsewhere"})}
"""The same for the one Edge that the walk looks at: an Edge that no route leads to has nothing of XMPP."""
_NO_WAY_IN = {
    **_NO_XMPP,
    **_NO_ROUTE,
    services.STEP.id: _NO_PROXY,
    listening.STEP.id: _NOT_LISTENING - {"only-external"},
    dns.STEP.id: frozenset({"missing", "disabled", "dangling", "leads-inside", "wrong-port"}),
    ports.STEP.id: frozenset({"refused", "unreachable"}),
}
"""Answers after which no partner reaches the Edge, whatever it would say to one."""
_GONE = {partner.STEP.id: frozenset({"gone"})}
"""What a domain still shows that no longer federates is no news."""
_NOBODY_TO_CALL = frozenset({"not-found", "disabled", "dangling", "by-proxy"})
"""Answers of “Partner DNS” after which there is no server of the partner to try."""
_NO_WAY_OUT = {
    **_GONE,
    partner_dns.STEP.id: _NOBODY_TO_CALL,
    partner_ports.STEP.id: frozenset({"refused", "unreachable"}),
}
"""Answers after which no stream to the partner can be opened."""


def _failed(step: Step[Any]) -> frozenset[str]:
    """The answers of a step that are faults."""
    return frozenset(answer.name for answer in step.answers if answer.status is Status.FAILED)


_NO_MESSAGE = {
    one.id: _failed(one)
    for one in (
        # The route first, because it explains the two that are looked at before it.
        *(route.STEP, services.STEP, listening.STEP, replication.STEP, federation.STEP, policy.STEP),
        *(partner_ports.STEP, partner_stream.STEP, certificate.STEP, partner_certificate.STEP, negotiation.STEP),
    )
} | {
    product.STEP.id: _failed(product.STEP) | {"not-on-this-version"},
    partner.STEP.id: _failed(partner.STEP) | {"gone", "limit-zero"},
    partner_dns.STEP.id: _failed(partner_dns.STEP) | {"proxy-missing"},
    ports.STEP.id: frozenset({"gateway-refused", "gateway-unreachable"}),
}
"""Answers after which no message goes out, so that sending one tells nothing new."""

XMPP = Runbook(
    name="xmpp",
    title="XMPP federation",
    purpose="partners on other chat systems",
    stages=(
        Stage(step=permissions.STEP, otherwise=product.STEP.id),
        Stage(step=product.STEP, next={"not-on-this-version": None}, otherwise=services.STEP.id),
        Stage(
            step=services.STEP,
            otherwise=listening.STEP.id,
            stands_on=_NO_XMPP,
            explained_by=_NO_ROUTE_HERE,
            explained=_NO_PROXY,
        ),
        Stage(
            step=listening.STEP,
            otherwise=route.STEP.id,
            stands_on={**_NO_XMPP, services.STEP.id: _NO_PROXY},
            explained_by=_NO_ROUTE_HERE,
            explained=frozenset({"none"}),
        ),
        Stage(step=route.STEP, otherwise=replication.STEP.id, stands_on=_NO_XMPP),
        Stage(step=replication.STEP, otherwise=federation.STEP.id, stands_on=_NO_XMPP),
        Stage(step=federation.STEP, otherwise=policy.STEP.id, stands_on=_NO_XMPP),
        Stage(step=policy.STEP, otherwise=partner.STEP.id, stands_on=_NO_XMPP),
        Stage(step=partner.STEP, otherwise=gateway.STEP.id, stands_on=_NO_XMPP),
        Stage(step=gateway.STEP, otherwise=dns.STEP.id, stands_on=_NO_XMPP),
        Stage(step=dns.STEP, otherwise=partner_dns.STEP.id, stands_on=_NO_XMPP),
        Stage(step=partner_dns.STEP, otherwise=ports.STEP.id, stands_on=_GONE),
        Stage(
            step=ports.STEP,
            otherwise=partner_ports.STEP.id,
            stands_on={
                **_NO_XMPP,
                **_NO_ROUTE,
                services.STEP.id: _NO_PROXY,
                listening.STEP.id: _NOT_LISTENING,
                dns.STEP.id: frozenset({"leads-inside"}),
            },
        ),
        Stage(
            step=partner_ports.STEP,
            otherwise=stream.STEP.id,
            stands_on={**_GONE, partner_dns.STEP.id: _NOBODY_TO_CALL},
        ),
        Stage(step=stream.STEP, otherwise=partner_stream.STEP.id, stands_on=_NO_WAY_IN),
        Stage(step=partner_stream.STEP, otherwise=certificate.STEP.id, stands_on=_NO_WAY_OUT),
        Stage(
            step=certificate.STEP,
            otherwise=partner_certificate.STEP.id,
            stands_on={**_NO_WAY_IN, stream.STEP.id: stream_judging.BROKEN},
        ),
        Stage(
            step=partner_certificate.STEP,
            otherwise=negotiation.STEP.id,
            stands_on={**_NO_WAY_OUT, partner_stream.STEP.id: stream_judging.BROKEN},
        ),
        Stage(
            step=negotiation.STEP,
            otherwise=events.STEP.id,
            stands_on={
                **_NO_WAY_OUT,
                partner.STEP.id: partner.REFUSED,
                partner_stream.STEP.id: stream_judging.BROKEN,
            },
        ),
        Stage(step=events.STEP, otherwise=message.STEP.id, stands_on=_NO_XMPP),
        # It names no cause, so it comes when all that may be one was looked at.
        Stage(step=message.STEP, otherwise=None, stands_on=_NO_MESSAGE),
    ),
    symptoms=SYMPTOMS,
    circumstances=CIRCUMSTANCES,
)
