"""What mends a certificate, on the machine that presents it."""

from collections.abc import Iterable, Sequence

from checks.knowledge.assigned_certificates import OF_WEB
from checks.mobility.phone_names import PhoneName
from checks.model import Remedy

_PROXY_ADMINISTRATOR = "administrator of the reverse proxy"
_LYNC_ADMINISTRATOR = "member of RTCUniversalServerAdmins and local Administrators, on the Front End"
_RERUN = "check again (r)"


def for_certificate(
    kind: str, names: Sequence[PhoneName], machine: str, domains: Sequence[str], held: Sequence[str] = ()
) -> tuple[Remedy, ...]:
    """What mends it on the machine that presents it. `held` are the names of the one that is there: a new one must not
    lose any of ours."""
    first = names[0]
    match kind:
        case "not-yet-valid":
            return (_wait_for_it(first, machine),)
        case "private-authority":
            return (_install_root(first),)
        case "expired" | "wrong-name" | "weak":
            return _renew(names, machine, domains, held)
        case "name-missing-http-used":
            return (*_renew(names, machine, domains, held), _keep_http(first))
        case "incomplete-chain":
            return (_complete_chain(first, machine),)
        case "old-protocol":
            return (_enable_tls(first, machine),)
    return (_give_trust(first),)


_REQUESTED = "requests a certificate; nothing uses it before it is assigned"
_CUT = ". Not all names of the present one were shown: add to -DomainName what it has beyond these"


def assign_again(hosts: Iterable[str], uses: Sequence[str] = OF_WEB, *, cut: bool = False) -> tuple[Remedy, ...]:
    """A new certificate for these uses, with these names beside those of every SIP domain.

    `cut`: not all names of the present one were shown, so the new one could lack some.
    """
    request = Remedy(
        cmdlet="Request-CsCertificate",
        parameters={
            "New": True,
            "Type": tuple(uses),
            "CA": "<server>\\<authority>",
            "AllSipDomain": True,
            # One text with commas: that is how Request-CsCertificate takes several names.
            "DomainName": ",".join(dict.fromkeys(hosts)),
        },
        who=_LYNC_ADMINISTRATOR,
        risk=_REQUESTED + (_CUT if cut else ""),
        verify="Get-CsCertificate",
    )
    return (request, _assign(uses))


def right_publication(name: PhoneName) -> Remedy:
    return Remedy(
        action=f"Find out which machine answers for {name.host}, and make it speak TLS on 443: on a reverse proxy by a rule that "
        "forwards 443 to the pool's port 4443, on a Front End by the binding of the web site in IIS.",
        who=_PROXY_ADMINISTRATOR if name.machine == "the reverse proxy" else "local Administrator on the Front End",
        risk="changes what this address publishes",
        verify=_RERUN,
    )


def lead_right(name: PhoneName, *, outside: bool) -> Remedy:
    """For a name that leads to the wrong machine, whose certificate rightly lacks it."""
    return Remedy(
        action=f"In the {'public' if outside else 'internal'} DNS zone, let {name.host} lead to {name.machine}. Its certificate is "
        "then judged anew.",
        who="DNS administrator",
        risk="clients that use this name go another way from then on: see first that it is open",
        verify=f"Resolve-DnsName {name.host}{' -Server <public name server>' if outside else ''}, then {_RERUN}",
    )


def _renew(names: Sequence[PhoneName], machine: str, domains: Sequence[str], held: Sequence[str]) -> tuple[Remedy, ...]:
    """A request by the machine: the reverse proxy's has to be exported to it, a Front End assigns its own."""
    wanted = _wanted(names, machine, domains, held)
    if machine == "the Front End":
        return assign_again(wanted)
    request = Remedy(
        cmdlet="Request-CsCertificate",
        parameters={
            "New": True,
            "Type": "WebServicesExternal",
            "DomainName": ",".join(wanted),
            "KeySize": 2048,
            "PrivateKeyExportable": True,
            "Output": f"C:\\{names[0].host}.req",
        },
        who=_LYNC_ADMINISTRATOR,
        risk="writes a request for a public CA, no more; a proxy that makes requests itself needs the same names",
        verify=_RERUN,
    )
    return (request, _bring_to_proxy())


def _bring_to_proxy() -> Remedy:
    """The signed certificate meets its key where it was requested. It is assigned to nothing there."""
    return Remedy(
        cmdlet="Import-CsCertificate",
        parameters={"Path": "<file that the CA sent>", "PrivateKeyExportable": True},
        who=_LYNC_ADMINISTRATOR,
        risk="none: no Front End uses it. Then export it with its key, and bind it on the reverse proxy with its chain",
        verify=_RERUN,
    )


def _wanted(names: Sequence[PhoneName], machine: str, domains: Sequence[str], held: Sequence[str]) -> list[str]:
    """The names that the new certificate needs, and what the old one has of ours."""
    label = "lyncdiscoverinternal" if machine == "the Front End" else "lyncdiscover"
    discovery = [f"{label}.{domain}" for domain in domains]
    parents = {*domains, names[0].host.partition(".")[2]}
    return with_held([*(one.host for one in names), *discovery], parents, held)


def with_held(hosts: Iterable[str], parents: Iterable[str], held: Iterable[str]) -> list[str]:
    """The names that a new certificate needs, and those of the one before that lie in our domains."""
    within = tuple(parents)
    ours = [one for one in held if any(one == parent or one.endswith(f".{parent}") for parent in within)]
    return list(dict.fromkeys([*hosts, *ours]))


def _assign(uses: Sequence[str]) -> Remedy:
    return Remedy(
        cmdlet="Set-CsCertificate",
        parameters={"Type": tuple(uses), "Thumbprint": "<thumbprint of the new certificate>"},
        who=_LYNC_ADMINISTRATOR,
        risk="clients of this Front End reconnect, and with Default its services may have to be restarted; one after the other",
        verify=f"Get-CsCertificate, then {_RERUN}",
    )


def _keep_http(name: PhoneName) -> Remedy:
    return Remedy(
        instead=True,
        action=f"Stay with HTTP on purpose: keep the rule that forwards port 80 of {name.host} to the pool's 8080, and tell "
        "users of the error that HTTPS shows first.",
        who=_PROXY_ADMINISTRATOR,
        risk="the first answer, a link, then travels unencrypted",
        verify=f"curl.exe -i http://{name.host}/",
    )


def _complete_chain(name: PhoneName, machine: str) -> Remedy:
    return Remedy(
        action=f"On {machine} that answers for {name.host}, import the issuer's certificate into Intermediate "
        "Certification Authorities of the computer, and bind the certificate again.",
        who=f"local Administrator there, or {_PROXY_ADMINISTRATOR}",
        risk="none",
        verify=_RERUN,
    )


def _enable_tls(name: PhoneName, machine: str) -> Remedy:
    return Remedy(
        action=f"Enable TLS 1.2 on {machine} that answers for {name.host} (Schannel registry keys, or the proxy's own "
        "setting) and restart it.",
        who=f"local Administrator there, or {_PROXY_ADMINISTRATOR}",
        risk="needs a restart; keep TLS 1.0 until every old caller is gone",
        verify=_RERUN,
    )


def _wait_for_it(name: PhoneName, machine: str) -> Remedy:
    return Remedy(
        action=f"Look at the clock of this computer and of {machine} that answers for {name.host} first. If both are right, bind "
        "the certificate that was in use before until the new one begins.",
        who=f"local Administrator there, or {_PROXY_ADMINISTRATOR}",
        risk="none, as long as the one before has not ended",
        verify=_RERUN,
    )


def _install_root(name: PhoneName) -> Remedy:
    return Remedy(
        action=f"See that phones which use {name.host} on the Wi-Fi have the authority's root installed. If they have it, name "
        "the root here as the CA file (under More in the form, or --ca-file).",
        who="certificate administrator, or who manages the phones",
        risk="none",
        verify=_RERUN,
    )


def _give_trust(name: PhoneName) -> Remedy:
    return Remedy(
        action=f"Give {name.host} a certificate of a public CA, or install its root on every phone. If the phones have it, name "
        "the root here as the CA file (under More in the form, or --ca-file).",
        who="certificate administrator",
        risk="none",
        verify=_RERUN,
    )
