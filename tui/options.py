"""The options of the command line, parsed and validated at the door: a deployment, its sources, its secrets."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from checks.deployment import (
    Deployment,
    InvalidName,
    Product,
    Sources,
    Vantage,
    parse_connect_to,
    parse_domain,
    parse_edge_shell,
    parse_fqdn,
    parse_listed,
    parse_listed_domains,
    parse_proxy,
    parse_server,
    parse_shell,
    parse_sip_address,
)
from checks.text import clean
from tui.passwords import SENDER_PASSWORD, SHELL_PASSWORD

_THE_LABS_OWN = (
    "sip", "domain", "pool", "web", "web_internal", "edge", "from_domain", "product", "sender_user", "receiver_user",
    *Sources.__struct_fields__,
)  # fmt: skip
_OPTIONS = {"from_domain": "--from"}
"""Options that are not called as what they set."""

_MOST_BYTES = 16 * 1024 * 1024
"""What a list of users or partners may have."""

T = TypeVar("T")


def add_deployment_options(parser: argparse.ArgumentParser) -> None:
    """The names of the deployment, and where its answers come from."""
    names = _add_names(parser)
    names.add_argument(
        "--product", choices=[product.value for product in Product], help="the version, where no shell can tell it"
    )
    names.add_argument(
        "--vantage", choices=[seat.value for seat in Vantage], help="where this computer stands; inside by default"
    )
    sources = parser.add_argument_group("where answers come from")
    sources.add_argument("--shell", metavar="SHELL", type=_checked(parse_shell), default="none",
                         help="whom cmdlets are asked of: local (this server), the pool's name or "
                              "https://<pool>/OcsPowershell, paste (tells which output is wanted), or none, the default")  # fmt: skip
    sources.add_argument(
        "--shell-user", metavar="NAME", default="", help="who signs in there; default: the current Windows user"
    )
    sources.add_argument("--edge-shell", metavar="URL", type=_checked(parse_edge_shell), default="",
                         help="WinRM of the Edge, from elsewhere: its name, or http(s)://<edge>:PORT/wsman")  # fmt: skip
    sources.add_argument(
        "--edge-user", metavar="NAME", default="", help="who signs in there; default: the current Windows user"
    )
    sources.add_argument("--evidence", metavar="FILE", action="append", default=[], type=_checked(_readable_file),
                         help="what was recorded, collected, or copied from a PowerShell window; repeat. "
                              "Without --vantage nothing is asked live")  # fmt: skip
    sources.add_argument("--sign-in", action="store_true",
                         help="agree to sign in as the users named with --sip; without it those steps are not run")  # fmt: skip
    sources.add_argument("--sender-user", metavar="NAME", default="",
                         help="the first user's Windows account; default: the user principal name")  # fmt: skip
    sources.add_argument("--receiver-user", metavar="NAME", default="", help="the second user's")
    sources.add_argument("--ask-passwords", action="store_true",
                         help=f"ask here, instead of reading {SHELL_PASSWORD} and, with --sign-in, {SENDER_PASSWORD}")  # fmt: skip
    sources.add_argument("--dns-inside", metavar="ADDR[:PORT]", type=_checked(parse_server),
                         help="a name server that answers as inside; default: this computer's, where it stands inside")  # fmt: skip
    sources.add_argument("--dns-outside", metavar="ADDR[:PORT]", type=_checked(parse_server),
                         help="a name server that answers as outside, such as 9.9.9.9")  # fmt: skip
    sources.add_argument("--connect-to", metavar="H:P:A:P", action="append", default=[], type=_checked(parse_connect_to),
                         help="connect to A:P in place of H:P, as curl has it; repeat")  # fmt: skip
    sources.add_argument("--ca-file", metavar="FILE", type=_checked(_roots), help="further trusted roots, PEM")
    sources.add_argument("--client-certificate", metavar="FILE", type=_checked(_certificate_with_key),
                         help="PEM with a certificate and its key, to see what XMPP partners offer to it")  # fmt: skip
    sources.add_argument("--proxy", metavar="URL|none", type=_checked(_proxy),
                         help="the HTTP proxy to go through; none, the default: straight to the servers")  # fmt: skip


def add_collecting_options(parser: argparse.ArgumentParser) -> None:
    """The names that the collector script asks for, and the server that it is for."""
    names = _add_names(parser)
    names.add_argument("--vantage", choices=(Vantage.FRONT_END.value, Vantage.EDGE.value), default=Vantage.FRONT_END.value,
                       help="the server that it will run on; front-end by default")  # fmt: skip
    parser.add_argument("-o", "--output", metavar="FILE", default="-", help="where the script goes; stdout by default")
    parser.set_defaults(product=None, evidence=[], sender_user="", receiver_user="")


def _add_names(parser: argparse.ArgumentParser) -> "argparse._ArgumentGroup":
    names = parser.add_argument_group("the deployment")
    names.add_argument("--sip", metavar="ADDRESS", action="append", default=[], type=_name(parse_sip_address),
                       help="a user's SIP address; a second one for the other end of a test, in xmpp the partner's user")  # fmt: skip
    names.add_argument("--users", metavar="FILE", type=_checked(_readable_file),
                       help="more users, a SIP address a line: the accounts and mobility policies of all are told")  # fmt: skip
    names.add_argument(
        "--domain",
        metavar="DOMAIN",
        action="append",
        default=[],
        type=_name(parse_domain),
        help="a SIP domain; repeat. Default: those of the users",
    )
    names.add_argument("--pool", metavar="FQDN", type=_name(parse_fqdn), help="the Front End pool")
    names.add_argument("--web", metavar="FQDN", type=_name(parse_fqdn), help="the external web services FQDN")
    names.add_argument("--web-internal", metavar="FQDN", type=_name(parse_fqdn),
                       help="the internal web services FQDN")  # fmt: skip
    names.add_argument("--partner", metavar="DOMAIN", action="append", default=[], type=_name(parse_domain),
                       help="an XMPP partner's domain; repeat for a report domain by domain")  # fmt: skip
    names.add_argument("--partners", metavar="FILE", type=_checked(_readable_file),
                       help="more partners, a domain a line")  # fmt: skip
    names.add_argument("--from", metavar="DOMAIN", dest="from_domain", type=_name(parse_domain),
                       help="the domain of ours that calls the partners' servers; default: the first SIP domain")  # fmt: skip
    names.add_argument("--edge", metavar="FQDN", type=_name(parse_fqdn), help="the Edge, or the Edge pool")
    return names


def deployment_from(arguments: argparse.Namespace) -> Deployment:
    """The deployment that the options name. Domains follow from the users where none is named."""
    from checks.opening import read_evidence, seen_from

    users = tuple(dict.fromkeys(arguments.sip))
    receiver = ""
    if getattr(arguments, "runbook", "") == "xmpp" and len(users) == 2:
        receiver, users = users[1].removeprefix("sip:"), users[:1]
    if len(users) > 2:
        raise InvalidName("At most two users: one, and the other end of a test. More go into a file: --users FILE.")
    # The steps look at one user at least: the first of a list stands for all, where nobody else is named.
    listed = _list_in(arguments.users, parse_listed)
    users = users or listed[:1]
    domains = tuple(dict.fromkeys(arguments.domain)) or tuple(dict.fromkeys(sip.partition("@")[2] for sip in users))
    partners = tuple(dict.fromkeys((*arguments.partner, *_list_in(arguments.partners, parse_listed_domains))))
    named = Deployment(
        vantage=Vantage(arguments.vantage or Vantage.INSIDE),
        domains=domains,
        users=users,
        pool=arguments.pool or "",
        web=arguments.web or "",
        web_internal=arguments.web_internal or "",
        edge=arguments.edge or "",
        product=Product(arguments.product) if arguments.product else None,
        partners=partners or tuple(filter(None, [receiver.partition("@")[2]])),
        from_domain=arguments.from_domain or "",
        receiver=receiver,
        listed=listed,
        sender_user=_one_line(arguments.sender_user),
        receiver_user=_one_line(arguments.receiver_user),
    )
    return seen_from(named, read_evidence(arguments.evidence), keep_seat=bool(arguments.vantage))


def sources_from(arguments: argparse.Namespace) -> Sources:
    """The sources that the options name."""
    return Sources(
        shell=arguments.shell,
        shell_user=arguments.shell_user,
        edge_shell=arguments.edge_shell,
        edge_user=arguments.edge_user,
        evidence=tuple(arguments.evidence),
        # What is brought from elsewhere says nothing of the network that this computer sees.
        offline=bool(arguments.evidence or arguments.shell == "paste") and not arguments.vantage,
        dns_inside=arguments.dns_inside or "",
        dns_outside=arguments.dns_outside or "",
        connect_to=tuple(arguments.connect_to),
        ca_file=arguments.ca_file or "",
        client_certificate=arguments.client_certificate or "",
        proxy=arguments.proxy or "",
    )


def unfit_beside_the_lab(arguments: argparse.Namespace) -> str:
    """The first option that cannot stand beside --lab, which has names and sources of its own; empty where none is."""
    given = (name for name in _THE_LABS_OWN if getattr(arguments, name, None) not in (None, "", "none", [], ()))
    return next((_OPTIONS.get(name, f"--{name.replace('_', '-')}") for name in given), "")


def _one_line(account: str) -> str:
    if not account.isprintable():
        raise InvalidName("An account is one line of text, such as LITWAREINC\\kenmyer.")
    return account.strip()


def files_read(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The files that the options name and that are read."""
    named = (arguments.users, arguments.partners, arguments.ca_file, arguments.client_certificate)
    return (*filter(None, named), *arguments.evidence)


def _list_in(path: str | None, parse: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    """What the lines of a file name; nothing where none is named."""
    if not path:
        return ()
    text = Path(path).read_bytes()[:_MOST_BYTES].decode("utf-8-sig", errors="replace")
    try:
        return parse(text)
    except InvalidName as error:
        raise InvalidName(f"{path}: {error}") from None


def _roots(path: str) -> str:
    """A file of trusted roots that can be loaded."""
    import ssl

    file = _pem(path)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except (OSError, ValueError):
        raise InvalidName(f"{path} holds no certificate. A file of PEM certificates is needed.") from None
    return file


def _certificate_with_key(path: str) -> str:
    """A file of a certificate and its key that can be loaded. Nobody is asked for the password of a key."""
    import ssl

    file = _pem(path)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(file, password="")
    except (OSError, ValueError):
        raise InvalidName(
            f"{path} holds no certificate with its key. A PEM file with both is needed, the key without a password."
        ) from None
    return file


def _pem(path: str) -> str:
    try:
        return _readable_file(path)
    except InvalidName as error:
        raise InvalidName(f"{error} A file of PEM certificates is needed.") from None


def _proxy(text: str) -> str:
    """A proxy as it is typed: a bare word is more likely a slip than a proxy on port 80."""
    proxy = parse_proxy(text)
    if proxy not in {"", "none"} and "://" not in text and not urlsplit(proxy).port:
        raise InvalidName("A proxy is http://host:port, or none.")
    return proxy


def _readable_file(path: str) -> str:
    file = Path(path).expanduser()
    if not file.is_file() or not os.access(file, os.R_OK):
        raise InvalidName(f"{path} is no file that can be read.")
    return str(file.resolve())


def _checked(parse: Callable[[str], T]) -> Callable[[str], T]:
    """A parser of ours as argparse wants it: what is wrong becomes the usage error's own sentence."""

    def checked(text: str) -> T:
        try:
            return parse(text)
        except InvalidName as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return checked


def _name(parse: Callable[[str], str]) -> Callable[[str], str]:
    """The parser of a name, whose refusal shows what was typed. Not for addresses, in which a password may stand."""

    def shown(text: str) -> str:
        try:
            return parse(text)
        except InvalidName as error:
            raise InvalidName(f"“{clean(text, 60)}”: {error}") from None

    return _checked(shown)
