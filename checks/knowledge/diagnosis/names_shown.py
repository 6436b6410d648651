"""What nslookup, dig and Resolve-DnsName showed of a name: missing, leading elsewhere, or as it should be."""

import ipaddress
from collections.abc import Iterator

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.paste import Paste
from checks.knowledge.pasted import resolver_output
from checks.knowledge.pasted.resolver_output import Resolved
from checks.text import clean

_KIND = "a DNS look-up"
_XMPP = "_xmpp-server._tcp."
_FEDERATION = "_sipfederationtls._tcp."
_EXPLAINS = frozenset({"name", "connection"})
_ONLINE = "online.lync.com"


def signs(paste: Paste) -> Iterator[Sign]:
    """The sign of the first look-up in the text; nothing where it shows none."""
    shown = resolver_output.recognise(paste.text)
    name = clean(shown.name, 253).lower().rstrip(".") if shown else ""
    if shown is None or not name:
        return
    match shown.records.outcome:
        case "found":
            yield from _found(name, shown)
        case "server-failure":
            yield _unanswered(name, shown)
        case "no-such-name" | "no-such-record":
            yield _missing(name, shown)


def _unanswered(name: str, shown: Resolved) -> Sign:
    likely = Likely(
        cause=f"The name server failed to look {name} up; whether the record exists is not known.",
        reason="It answered with a failure of its own.",
        command=f"Resolve-DnsName {name} -Type {shown.kind or 'A'} -Server <another resolver>",
        who=sides.DNS_ADMINISTRATOR,
    )
    return _sign(Clarity.NAMED, likely, f"It does not mean that {name} is missing.")


def _missing(name: str, shown: Resolved) -> Sign:
    target = clean(next((one.rstrip(".") for one in shown.records.values("CNAME")), ""), 253).lower()
    if target and _leaves(name, target):
        return _leads_away(name, target)
    record = f"{shown.kind} record" if shown.records.outcome == "no-such-record" and shown.kind else "entry"
    reason = f"{clean(shown.records.server, 60) or 'The name server'} says so."
    command, step = f"Resolve-DnsName {name} -Type {shown.kind or 'A'}", ""
    cause = f"{name} has no {record} in the DNS that was asked."
    if name.startswith(_XMPP):
        cause = f"{name} has no {record}: servers of other domains cannot find XMPP at {name.removeprefix(_XMPP)}."
        command, step = f"Resolve-DnsName -Type SRV {name} -Server <public resolver>", starts.XMPP_DNS
    elif target:
        cause, step = f"{name} leads to {target}, which has no address in the DNS that was asked.", starts.DNS
    elif name.startswith("lyncdiscoverinternal."):
        cause = f"{name} has no {record} in the DNS that was asked: inside, phones look for it first."
        reason += " It belongs to inside DNS alone; outside it must not exist."
        step = starts.DNS
    elif name.startswith("lyncdiscover."):
        cause = f"{name} has no {record} in the DNS that was asked: phones have no other way to find the server."
        step = starts.DNS
    elif name.startswith(_FEDERATION):
        cause = f"{name} has no {record} in the DNS that was asked: push notifications and other companies need it."
        command, step = f"Resolve-DnsName -Type SRV {name} -Server <public resolver>", starts.PUSH
    elif not name.startswith("_"):
        step = starts.DNS
    likely = Likely(cause=cause, reason=reason, step=step, command=command, who=sides.DNS_ADMINISTRATOR)
    return _sign(
        Clarity.DECISIVE, likely, "It does not mean a firewall or a stopped service: nothing was connected to."
    )


def _found(name: str, shown: Resolved) -> Iterator[Sign]:
    if name.startswith(_XMPP):
        yield from _xmpp(name, shown)
        return
    target = next((one.lower().rstrip(".") for one in shown.records.values("CNAME")), "")
    if target and _leaves(name, target):
        yield _leads_away(name, clean(target, 253))
        return
    addresses = [clean(address, 60) for address in shown.records.addresses[:4]]
    if not addresses:
        return
    private = name.startswith("lyncdiscover.") and all(_is_private(address) for address in addresses)
    yield Sign(
        kind=_KIND,
        clarity=Clarity.HINT,
        layer=Layer.NAME,
        explains=_EXPLAINS,
        in_order=(f"{name} has an address: {', '.join(addresses)}.",),
        not_meant=("A private address is right inside only; from outside nobody reaches it.",) if private else (),
        question=f"Does port 443 answer there? Run: curl.exe -i https://{name}/",
    )


def _leaves(name: str, target: str) -> bool:
    """True where a name of Autodiscover is an alias into another domain."""
    return name.startswith("lyncdiscover") and not target.endswith(f".{name.partition('.')[2]}")


def _leads_away(name: str, target: str) -> Sign:
    online = target.endswith(_ONLINE)
    where = "Microsoft's online service" if online else "another domain"
    return _sign(
        Clarity.NAMED,
        Likely(
            cause=f"{name} leads to {target}, in {where}: over HTTPS phones do not accept a certificate of that name.",
            reason="It is a CNAME that leaves the domain."
            + (" While users are homed here, it has to point here." if online else " It works over port 80 only."),
            step=starts.DNS,
            command=f"curl.exe -i http://{name}/",
            who=sides.DNS_ADMINISTRATOR,
        ),
        "It does not mean that the record is missing.",
    )


def _xmpp(name: str, shown: Resolved) -> Iterator[Sign]:
    records = [one for one in shown.records.records if one.kind == "SRV"]
    domain = name.removeprefix(_XMPP)
    off = next((one for one in records if one.value.strip() in {"", "."}), None)
    wrong = next((one for one in records if one.port and one.port != 5269), None)
    if off is not None:
        cause = f"{domain} declares that it has no XMPP service."
        reason = "The target of its SRV record is a single dot."
    elif wrong is not None:
        cause = f"The SRV record of {domain} names port {wrong.port}, where Lync listens on 5269."
        reason = f"Its target is {clean(wrong.value, 200)}:{wrong.port}."
    elif records:
        targets = ", ".join(f"{clean(one.value, 100)}:{one.port}" for one in records[:3])
        yield Sign(
            kind=_KIND,
            clarity=Clarity.HINT,
            layer=Layer.NAME,
            explains=_EXPLAINS,
            in_order=(f"{domain} can be found for XMPP, at {targets}.",),
            question=f"Does it answer there? Run: Test-NetConnection {clean(records[0].value, 200)} -Port {records[0].port}",
        )
        return
    else:
        return
    likely = Likely(
        cause=cause,
        reason=reason,
        step=starts.XMPP_DNS,
        command=f"Resolve-DnsName -Type SRV {name}",
        who=sides.DNS_ADMINISTRATOR,
    )
    yield _sign(Clarity.DECISIVE if off is not None else Clarity.NAMED, likely, "It does not mean the firewall.")


def _sign(clarity: Clarity, likely: Likely, not_meant: str) -> Sign:
    return Sign(
        kind=_KIND, clarity=clarity, layer=Layer.NAME, explains=_EXPLAINS, likely=(likely,), not_meant=(not_meant,)
    )


def _is_private(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False
