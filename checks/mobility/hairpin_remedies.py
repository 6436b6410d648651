"""What opens the way from the clients inside to the reverse proxy."""

from checks.model import Remedy

_PROXY_ADMINISTRATOR = "administrator of the reverse proxy"
_FORWARD_ADMINISTRATOR = "administrator of the HTTP proxy, or of the settings that hand it to clients"
_RERUN = "check again (r) on a computer in the phones' network"


def let_through(web: str, address: str) -> tuple[Remedy, ...]:
    """The two documented ways: the firewall allows the hairpin, or the reverse proxy makes it."""
    where = address or f"the address of {web}"
    return (
        Remedy(
            action=f"On the firewall, let the networks of the clients reach {where} on port 443, and from there the reverse "
            "proxy again: what comes from inside for an outside address must not count as spoofed (the hairpin).",
            who="administrator of the firewall",
            risk="an exception to an anti-spoofing rule: limit it to this address and port",
            verify=_RERUN,
        ),
        Remedy(
            instead=True,
            action=f"Make the hairpin at the reverse proxy: give it an address that is reached from inside, and let "
            f"{web} lead to that one, not to the firewall, in the internal DNS zone.",
            who=f"{_PROXY_ADMINISTRATOR} and DNS administrator",
            risk="clients inside lose the name for as long as the new address does not answer",
            verify=f"Resolve-DnsName {web}, then {_RERUN}",
        ),
    )


def mend_proxy(web: str, where: str) -> Remedy:
    return Remedy(
        action=f"Since it fails from both sides, mend what publishes {web} first: does the reverse proxy run, and listen on "
        f"{where}?",
        who=_PROXY_ADMINISTRATOR,
        risk="none to look",
        verify=f"curl.exe -i https://{web}/ outside, then {_RERUN}",
    )


def exempt_from_proxy(web: str) -> Remedy:
    return Remedy(
        action=f"Let clients reach {web} and the lyncdiscover names without the proxy, or let the proxy pass these names "
        "without a sign-in. Of sign-ins at a proxy, Lync Mobile knows digest alone.",
        who=_FORWARD_ADMINISTRATOR,
        risk="these names leave the proxy's control and log",
        verify=_RERUN,
    )


def let_proxy_through(web: str) -> Remedy:
    return Remedy(
        action=f"Let the proxy pass {web} on port 443, or exempt it and the lyncdiscover names from the proxy.",
        who=_FORWARD_ADMINISTRATOR,
        risk="none beyond these names",
        verify=_RERUN,
    )


def lead_to_external_site(web: str) -> Remedy:
    return Remedy(
        action=f"In the rule that publishes {web}, forward port 443 to port 4443 of the pool and port 80 to port 8080: "
        "these are the external web site, 443 and 80 are the internal one.",
        who=_PROXY_ADMINISTRATOR,
        risk="the rule serves every web service of the pool: meetings and address book too",
        verify=f"outside, curl.exe -i https://{web}/Autodiscover/AutodiscoverService.svc/root shows AccessLocation External",
    )


def compare_certificates(web: str) -> Remedy:
    return Remedy(
        action=f"Find out who shows the certificate inside: compare where {web} leads with the addresses of the reverse "
        "proxy. If a firewall inspects TLS, exempt the name; if it is another machine, lead the name to the proxy.",
        who="administrator of the firewall and of DNS",
        risk="none to look",
        verify=f"openssl s_client -connect {web}:443 -servername {web} shows one issuer inside and outside",
    )
