"""Who answered at a web address, where it was not Lync: a sign-in page, or something on the way that wants one."""

from checks.probes import Hop, Response

_WANT_SIGN_IN = {407: "A proxy", 511: "The network"}
"""Statuses that no server behind the address sends: they stop the client on its way."""
_PASSWORD_FIELDS = ('type="password"', "type='password'", "type=password")


def stopped_on_the_way(hop: Hop) -> str:
    """Who kept the question from its server, as a sentence without its end; empty where nobody did."""
    who = _WANT_SIGN_IN.get(hop.status)
    return f"{who} on the way asks for a sign-in of its own first (HTTP {hop.status})" if who else ""


def is_login_form(hop: Hop) -> bool:
    """True for a page with a field for a password."""
    body = hop.body.lower()
    return "<form" in body and any(field in body for field in _PASSWORD_FIELDS)


def leads_away(reply: Response) -> bool:
    """True where the answer is a redirect to somewhere else, or a sign-in page that Lync did not send."""
    return bool(reply.stopped) or (is_login_form(reply.last) and not reply.last.header("X-MS-Server-Fqdn"))


def lync_of(hop: Hop) -> str:
    """The Lync server that answered, by its own header; empty where the answer names none."""
    return hop.header("X-MS-Server-Fqdn")


def is_http_sys(hop: Hop) -> bool:
    """True where the kernel of a Windows server answered, because no application behind it took the request."""
    return hop.header("Server").lower().startswith("microsoft-httpapi")


def signed(hop: Hop) -> str:
    """Who an answer says it is from, as a sentence."""
    if lync := lync_of(hop):
        return f"The answer comes from {lync}."
    server = hop.header("Server")
    return f"The answer names no Lync server; it is signed Server: {server}." if server else _UNSIGNED


_UNSIGNED = "The answer names no Lync server, nor any other."


def title_of(hop: Hop) -> str:
    """The title of a page on one line; empty where it has none."""
    start = hop.body.lower().find("<title")
    if start < 0:
        return ""
    return " ".join(hop.body[start:].partition(">")[2].partition("<")[0].split())[:80]
