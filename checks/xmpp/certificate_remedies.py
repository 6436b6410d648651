"""What mends a certificate of XMPP: on the Edge the documented cmdlets in their order, at a partner a message."""

import re
from collections.abc import Iterable, Sequence

from checks.model import Remedy
from checks.xmpp.certificate_problems import Problem
from checks.xmpp.partner_lines import ask_partner

_EDGE_ADMINISTRATOR = "local Administrator on the Edge"
_LYNC_ADMINISTRATOR = "member of RTCUniversalServerAdmins, on the Edge"
_RERUN = "check again (r)"
USE = "AccessEdgeExternal"
_PLAIN = re.compile(r"[A-Za-z0-9*._-]{1,253}\Z")
"""What may stand in a list with commas."""
_MOST_NAMES = 60


def of_edge(problem: Problem, domains: Sequence[str], held: Iterable[str]) -> tuple[Remedy, ...]:
    """`held` are the names of the certificate that is there: a new one must not lose any."""
    match problem.answer:
        case "not-yet-valid":
            return (_look_at_clocks(), *renew(domains, held))
        case "incomplete-chain":
            return (_complete_chain(), *restart())
        case "untrusted":
            return (*renew(domains, held), _give_root())
        case "no-client-purpose":
            return (_for_clients(),)
    return renew(domains, held)


def renew(domains: Sequence[str], held: Iterable[str] = ()) -> tuple[Remedy, ...]:
    """A request with the documented settings, its import, its assignment and the restart without which it is not used."""
    kept = [name.lower() for name in held if _PLAIN.match(name)]
    names = list(dict.fromkeys((*(f"sip.{domain}" for domain in domains), *domains, *kept)))[:_MOST_NAMES]
    request = Remedy(
        cmdlet="Request-CsCertificate",
        parameters={
            "New": True,
            "Type": USE,
            "KeySize": 2048,
            "PrivateKeyExportable": True,
            # The Edge shows it as a client too, to the servers that it calls.
            "ClientEKU": True,
            # One text with commas: that is how the cmdlet takes several names.
            "DomainName": ",".join(names),
            "Output": "C:\\edge.req",
        },
        who=_LYNC_ADMINISTRATOR,
        risk="writes a request for a public CA, no more",
        verify="the CA's certificate has all these names",
    )
    bring = Remedy(
        cmdlet="Import-CsCertificate",
        parameters={"Path": "<file that the CA sent>", "PrivateKeyExportable": True},
        who=_LYNC_ADMINISTRATOR,
        risk="none: nothing uses it yet. Other Edges of the pool need the same one, exported with its key",
        verify="it stands in the computer's personal store, with its private key",
    )
    return (request, bring, assign(), *restart())


def assign() -> Remedy:
    return Remedy(
        cmdlet="Set-CsCertificate",
        parameters={"Type": USE, "Thumbprint": "<thumbprint of the certificate>"},
        who=_LYNC_ADMINISTRATOR,
        risk="the Edge services go on with the old one until they are restarted",
        verify="Get-CsCertificate on the Edge",
    )


def restart() -> tuple[Remedy, Remedy]:
    """All services of the Edge end and begin, for all of them present the certificate."""
    stop = Remedy(
        cmdlet="Stop-CsWindowsService",
        parameters={},
        who=_LYNC_ADMINISTRATOR,
        risk="everybody outside is cut off until Start-CsWindowsService",
        verify="Start-CsWindowsService at once",
    )
    start = Remedy(
        cmdlet="Start-CsWindowsService",
        parameters={},
        who=_LYNC_ADMINISTRATOR,
        risk="none",
        verify=f"{_RERUN} from outside",
    )
    return stop, start


def same_everywhere(server: str) -> tuple[Remedy, ...]:
    """For an Edge pool whose computers present different certificates, or one of which presents a bad one."""
    same = Remedy(
        action=f"Export the good certificate with its private key from one Edge, import it on the others behind {server}, and "
        "assign it there to the external interface.",
        who=_LYNC_ADMINISTRATOR,
        risk="none before it is assigned",
        verify="Get-CsCertificate on each Edge: the same thumbprint",
    )
    return (same, *restart())


def of_partner(partner: str, server: str, problem: Problem) -> tuple[Remedy, ...]:
    """The message to the partner; for a root that only this side lacks, a second way."""
    told = f"For {partner}, your XMPP server {server} presents a certificate that we cannot accept: {problem.sentence}."
    message = ask_partner(partner, (told, _ASKED.get(problem.answer, _ASKED["weak"]).format(partner=partner)))
    return (message, _take_root(partner)) if problem.answer == "untrusted" else (message,)


_NAMED = "Please use one that has {partner} itself among its names (subject alternative name, dNSName)."
_ASKED = {
    "expired": "Please renew it, and see that the server was restarted or reloaded since.",
    "not-yet-valid": "Please compare your clock with ours, or use the one before until this one begins.",
    "incomplete-chain": "Please let the server send its issuer's certificate (the intermediate) too.",
    "untrusted": "Please use one of a public authority, or send us the root to install.",
    "wrong-name": _NAMED,
    "common-name": _NAMED,
    "weak": "Please use one with an RSA key of 2048 bits or more.",
}


def _look_at_clocks() -> Remedy:
    return Remedy(
        action="Compare the clocks of this computer and of the Edge first. If both are right, assign the certificate that was in "
        "use before until the new one begins.",
        who=_EDGE_ADMINISTRATOR,
        risk="none, as long as the one before has not ended",
        verify=_RERUN,
    )


def _complete_chain() -> Remedy:
    return Remedy(
        action="On the Edge, import the issuer's certificate into Intermediate Certification Authorities of the computer.",
        who=_EDGE_ADMINISTRATOR,
        risk="none",
        verify=f"restart the Edge services, then {_RERUN}",
    )


def _give_root() -> Remedy:
    return Remedy(
        instead=True,
        action="Send the root to every partner for installation. If this computer alone lacks it, name it as the CA file "
        "(--ca-file).",
        who="certificate administrator",
        risk="none",
        verify=_RERUN,
    )


def _take_root(partner: str) -> Remedy:
    return Remedy(
        instead=True,
        action=f"Install the root of {partner} on the Edge (Trusted Root Certification Authorities of the computer). If this "
        "computer alone lacks it, name it as the CA file (--ca-file).",
        who=_EDGE_ADMINISTRATOR,
        risk="the Edge then trusts all that this authority issues",
        verify=_RERUN,
    )


def _for_clients() -> Remedy:
    return Remedy(
        action="Allow dialback for partners that refuse it (Set-CsXmppAllowedPartner -SupportDialbackNegotiation $true, "
        "-SaslNegotiation Optional), or get a certificate with the purpose clientAuth. Public authorities stop issuing those.",
        who="member of RTCUniversalServerAdmins",
        risk="dialback proves a domain by DNS and not by a certificate",
        verify="the step “Negotiation”",
    )
