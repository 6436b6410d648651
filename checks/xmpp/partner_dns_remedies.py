"""What mends a partner whose records lead nowhere: mostly lines to send there."""

from collections.abc import Iterable

from checks.model import Remedy
from checks.xmpp.partner_lines import ask_partner
from checks.xmpp.service_records import PORT, ServiceRecords

_RERUN = "check again (r)"


def ask_for_record(records: ServiceRecords) -> Remedy:
    return ask_partner(
        records.domain,
        (
            f"Our server cannot find yours: the public DNS has no SRV record {records.name}.",
            f"Please create one that names your XMPP server and the port on which it takes other servers (normally {PORT}).",
        ),
    )


def ask_whether_meant(records: ServiceRecords) -> Remedy:
    return ask_partner(
        records.domain,
        (
            f"Your SRV record {records.name} has the target “.”, which says that {records.domain} takes no XMPP from others.",
            "If you do, please let it name your server.",
        ),
    )


def ask_for_address(records: ServiceRecords, hosts: Iterable[str]) -> Remedy:
    return ask_partner(
        records.domain,
        (
            f"Your SRV record {records.name} names {', '.join(hosts)}, which has no address in the public DNS.",
            "Please give it an A record, or let the SRV record name a host that has one.",
        ),
    )


def ask_for_name(records: ServiceRecords, target: str, what: str) -> Remedy:
    return ask_partner(
        records.domain,
        (
            f"Your SRV record {records.name} names {target}, which is {what}; RFC 2782 wants a name with an A or AAAA record.",
            "Please let it name your server by such a name.",
        ),
    )


def check_spelling(domain: str) -> Remedy:
    return Remedy(
        action=f"Compare {domain} with what stands behind the @ of the partner's addresses, and with the allowed partner "
        "(Get-CsXmppAllowedPartner).",
        who="you",
        risk="none: it only looks",
        verify=_RERUN,
    )


def clear_proxy(domain: str) -> Remedy:
    return Remedy(
        cmdlet="Set-CsXmppAllowedPartner",
        parameters={"Identity": domain, "ProxyFqdn": None},
        who="member of RTCUniversalServerAdmins",
        risk="the Edge then finds the partner by DNS alone; ask first why somebody set it",
        verify=f"Get-CsXmppAllowedPartner {domain}, then {_RERUN}",
    )
