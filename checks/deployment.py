"""The names of a deployment, and where its answers come from: parsed and validated once, at the door."""

import ipaddress
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Literal
from urllib.parse import SplitResult, urlsplit

import msgspec

from checks.model import Frozen
from checks.model import Vantage as Vantage
from checks.refusal import Refused
from checks.text import clean


class InvalidName(Refused):
    """What was typed cannot be right. The text says what is wrong and what would be right."""


class Product(StrEnum):
    """The product whose server is troubleshot."""

    LYNC_2010 = "2010"
    LYNC_2013 = "2013"
    SKYPE_2015 = "2015"
    SKYPE_2019 = "2019"
    SUBSCRIPTION_EDITION = "SE"

    @property
    def full_name(self) -> str:
        return {
            "2010": "Lync Server 2010",
            "2013": "Lync Server 2013",
            "2015": "Skype for Business Server 2015",
            "2019": "Skype for Business Server 2019",
            "SE": "Skype for Business Server Subscription Edition",
        }[self.value]

    @property
    def has_mcx_and_xmpp(self) -> bool:
        """Mcx and XMPP federation were removed in Skype for Business Server 2019."""
        return self not in {Product.SKYPE_2019, Product.SUBSCRIPTION_EDITION}


class Deployment(Frozen, frozen=True):
    """What is being troubleshot. Every name in it has passed the parsers below."""

    vantage: Vantage = Vantage.INSIDE
    domains: tuple[str, ...] = ()
    """SIP domains; the first is the main one."""
    users: tuple[str, ...] = ()
    """SIP addresses with `sip:`, at most two for a walk."""
    pool: str = ""
    web: str = ""
    """External web services FQDN."""
    web_internal: str = ""
    edge: str = ""
    partners: tuple[str, ...] = ()
    """Domains of XMPP partners; a walk looks at the first."""
    from_domain: str = ""
    """Whom a stream of XMPP speaks for; empty: the SIP domain, or a name that nobody can have."""
    receiver: str = ""
    """The XMPP user whom a test message goes to, `user@domain`."""
    product: Product | None = None
    sender_user: str = ""
    """The Windows account of the first user; empty: the SIP address is taken for the user principal name."""
    receiver_user: str = ""
    """The same of the second."""
    listed: tuple[str, ...] = ()
    """Users beyond those two, whose accounts and policies are to be told: SIP addresses with `sip:`."""

    @property
    def domain(self) -> str:
        """The main SIP domain; empty where nothing names one."""
        return self.domains[0] if self.domains else ""

    @property
    def partner(self) -> str:
        """The first partner's domain; empty where none is named."""
        return self.partners[0] if self.partners else ""

    @property
    def name(self) -> str:
        """What the screens call it."""
        return self.domain or self.pool or self.web or self.edge or self.partner or "this deployment"

    def account_of(self, account: Literal["sender", "receiver"]) -> str:
        """What a test user types as user name; empty where there is no such user."""
        number, named = (0, self.sender_user) if account == "sender" else (1, self.receiver_user)
        return named or next((sip.removeprefix("sip:") for sip in self.users[number : number + 1]), "")

    def completed(self, other: "Deployment") -> "Deployment":
        """This one, with what it does not name taken from another. InvalidName where the two are not of one kind."""
        if self.domains and other.domains and not set(self.domains) & set(other.domains):
            raise InvalidName(f"The evidence is about {other.domain}, not about {self.domain}.")
        missing = {name: getattr(other, name) for name in self.__struct_fields__ if not getattr(self, name)}
        return msgspec.structs.replace(self, **missing)


class ConnectTo(Frozen, frozen=True):
    """As curl's --connect-to: a connection to host:port goes to another address and port. Empty matches all."""

    host: str = ""
    port: int | None = None
    to_host: str = ""
    to_port: int | None = None


class Sources(Frozen, frozen=True):
    """Where the answers come from. Holds no secret."""

    shell: str = "none"
    """`none`, `local`, `paste`, or the address of a remote PowerShell endpoint."""
    shell_user: str = ""
    """Empty: the current Windows user."""
    edge_shell: str = ""
    """The address of the Edge's WinRM endpoint; empty for none."""
    edge_user: str = ""
    """Empty: the current Windows user. An Edge in no domain has accounts of its own."""
    evidence: tuple[str, ...] = ()
    """Files that answer before anything is asked live."""
    offline: bool = False
    """True: DNS, HTTP, TLS and the sockets of this machine are answered from evidence or a paste alone."""
    dns_inside: str = ""
    """`ADDRESS` or `ADDRESS:PORT` of a name server that gives the inside view; empty: the system's."""
    dns_outside: str = ""
    connect_to: tuple[ConnectTo, ...] = ()
    ca_file: str = ""
    client_certificate: str = ""
    """A PEM file with a certificate and its key, which streams of XMPP are secured with; empty: none."""
    proxy: str = ""
    """An HTTP proxy's address; empty or `none`: straight to the servers."""
    system_proxy: str = ""
    """What stands for the HTTP proxy that this computer is set to; `none`: none is looked at; empty: it is asked."""


MOST_LISTED = 100_000
MOST_PARTNERS = 1_000
_XMPP_FORM = "An XMPP address looks like adelany@contoso.com"
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&*+=?^_~-]{1,64}\Z")


def parse_fqdn(text: str) -> str:
    """A fully qualified name in lower case, without the final dot. International names become their `xn--` form."""
    name = text.strip().rstrip(".").lower()
    if "://" in name:
        raise InvalidName(
            f"Leave out the {name.partition('://')[0]}://: only the host name, such as pool01.contoso.com."
        )
    if "@" in name:
        raise InvalidName("That is an address of a user. A host name has no @, such as pool01.contoso.com.")
    if _is_address(name):
        raise InvalidName("An IP address cannot match a certificate. Type the host name, such as pool01.contoso.com.")
    try:
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        raise InvalidName(
            "That is not a host name. Letters, digits, hyphens and dots, such as pool01.contoso.com."
        ) from None
    labels = name.split(".")
    if len(labels) < 2 and " " not in name:
        raise InvalidName("The full name is needed, with its domain, such as pool01.contoso.com.")
    if labels[-1].isdigit():
        raise InvalidName("A host name does not end in a number. Type the full name, such as pool01.contoso.com.")
    if len(name) > 253 or not all(_LABEL.match(label) for label in labels):
        raise InvalidName("That is not a host name. Letters, digits, hyphens and dots, such as pool01.contoso.com.")
    return name


def parse_domain(text: str) -> str:
    """A domain of SIP or XMPP, read as `parse_fqdn` reads the name of a host."""
    try:
        return parse_fqdn(text)
    except InvalidName as error:
        said = str(error).replace("host name", "domain").replace(", with its domain", "")
        raise InvalidName(said.replace("pool01.contoso.com", "contoso.com")) from None


def parse_sip_address(text: str) -> str:
    """`sip:user@domain`, the domain in lower case; `sip:` is added where it is missing."""
    address = text.strip()
    scheme, colon, rest = address.partition(":")
    if colon and scheme.lower() in {"sip", "sips"}:
        address = rest
    elif colon:
        raise InvalidName(f"{scheme}: is not SIP. A SIP address looks like kenmyer@litwareinc.com.")
    local, at, domain = address.rpartition("@")
    if not at:
        raise InvalidName("The @ and the domain are missing. A SIP address looks like kenmyer@litwareinc.com.")
    if not local or "@" in local:
        raise InvalidName("One name, one @, one domain. A SIP address looks like kenmyer@litwareinc.com.")
    if not _LOCAL_PART.match(local):
        raise InvalidName(
            "The part before the @ has a character that no SIP address has: no blanks, quotes or slashes."
        )
    return f"sip:{local.lower()}@{parse_fqdn(domain)}"


def parse_xmpp_address(text: str) -> str:
    """`user@domain` of an XMPP user, the domain in lower case; `xmpp:` and a resource after `/` are dropped."""
    address = text.strip().removeprefix("xmpp:").partition("/")[0]
    try:
        return parse_sip_address(address).removeprefix("sip:")
    except InvalidName as error:
        raise InvalidName(str(error).replace("A SIP address looks like kenmyer@litwareinc.com", _XMPP_FORM)) from None


def parse_listed(text: str) -> tuple[str, ...]:
    """The SIP addresses of a list: one a line, or the first column of a table. Blank lines and what follows # count not.

    InvalidName with the number and the text of the first line that is none, unless it is the heading of a table.
    """
    found = _column(text, parse_sip_address, "@")
    if len(found) > MOST_LISTED:
        raise InvalidName(f"More than {MOST_LISTED} users are too many for one report.")
    if not found:
        raise InvalidName("There is no SIP address in it. One a line is needed, such as sip:kenmyer@litwareinc.com.")
    return found


def parse_listed_domains(text: str) -> tuple[str, ...]:
    """The domains of a list, as `parse_listed` reads one of users."""
    found = _column(text, parse_domain, ".")
    if len(found) > MOST_PARTNERS:
        raise InvalidName(f"More than {MOST_PARTNERS} partners are too many for one report.")
    if not found:
        raise InvalidName("There is no domain in it. One a line is needed, such as contoso.com.")
    return found


def _column(text: str, parse: Callable[[str], str], mark: str) -> tuple[str, ...]:
    """What stands in the first column, each once. A first line without `mark` may be the heading of a table."""
    found: list[str] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        cell = re.split(r"[,;\t]", line.partition("#")[0])[0].strip().strip('"').strip()
        if not cell:
            continue
        try:
            found.append(parse(cell))
        except InvalidName as error:
            if number == 1 and mark not in line:
                continue
            raise InvalidName(f"Line {number}, “{clean(cell, 60)}”: {error}") from None
    return tuple(dict.fromkeys(found))


def parse_server(text: str) -> str:
    """`ADDRESS` or `ADDRESS:PORT` of a name server; IPv6 with a port in brackets."""
    server = text.strip()
    host, port = split_port(server)
    if not _is_address(host):
        raise InvalidName("A name server is given by its IP address, such as 10.0.0.53 or 10.0.0.53:5353.")
    return server if port is None else f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def split_port(text: str) -> tuple[str, int | None]:
    """Host and port of `HOST`, `HOST:PORT`, `[V6]:PORT` or a bare IPv6 address."""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        return host, _port(rest.removeprefix(":")) if rest else None
    if text.count(":") == 1:
        host, _, port = text.partition(":")
        return host, _port(port)
    return text, None


def parse_connect_to(text: str) -> ConnectTo:
    """`HOST:PORT:ADDRESS:PORT` as curl has it; any part may be empty, addresses of IPv6 are in brackets."""
    parts = re.findall(r"(\[[^\]]*\]|[^:]*)(?::|\Z)", text.strip())[:4]
    if len(parts) != 4 or text.strip().count("[") != text.strip().count("]"):
        raise InvalidName("Four parts with colons between them: HOST:PORT:ADDRESS:PORT. Any of them may be empty.")
    host, port, to_host, to_port = (part.strip("[]") for part in parts)
    return ConnectTo(
        host=host.lower(),
        port=_port(port) if port else None,
        to_host=to_host,
        to_port=_port(to_port) if to_port else None,
    )


def parse_shell(text: str) -> str:
    """`none`, `local`, `paste`, or the https address of a remote endpoint; a bare host name gets /OcsPowershell."""
    shell = text.strip()
    if shell.lower() in {"", "none", "local", "paste"}:
        return shell.lower() or "none"
    if "://" not in shell:
        return f"https://{parse_fqdn(shell)}/OcsPowershell"
    url = _split(shell, "A remote shell is https://<pool>/OcsPowershell.")
    if url.scheme != "https" or not url.hostname or url.username or url.password:
        raise InvalidName("A remote shell is https://<pool>/OcsPowershell, without a name or password in it.")
    parse_fqdn(url.hostname)
    port = _port_of(url)
    return f"https://{url.hostname}{f':{port}' if port else ''}{url.path if url.path not in {'', '/'} else '/OcsPowershell'}"


def parse_edge_shell(text: str) -> str:
    """The address of an Edge's WinRM endpoint. A bare host name gets what Windows listens on: http, 5985, /wsman."""
    shell = text.strip()
    if shell.lower() in {"", "none"}:
        return ""
    if "://" not in shell:
        return f"http://{parse_fqdn(shell)}:5985/wsman"
    right = "The Edge's shell is http://<edge>:5985/wsman or https://<edge>:5986/wsman."
    url = _split(shell, right)
    if url.scheme not in {"http", "https"} or not url.hostname or url.username or url.password:
        raise InvalidName(f"{right} Without a name or password in it.")
    parse_fqdn(url.hostname)
    port = _port_of(url) or {"http": 5985, "https": 5986}[url.scheme]
    return f"{url.scheme}://{url.hostname}:{port}{url.path if url.path not in {'', '/'} else '/wsman'}"


def parse_proxy(text: str) -> str:
    """`none`, or the address of an HTTP proxy."""
    proxy = text.strip()
    if proxy.lower() in {"", "none"}:
        return proxy.lower()
    url = _split(proxy if "://" in proxy else f"http://{proxy}", "A proxy is http://host:port, or none.")
    if url.scheme not in {"http", "https"} or not url.hostname or url.username or url.password:
        raise InvalidName("A proxy is http://host:port, without a name or password in it, or none.")
    return url.geturl()


def require_valid(deployment: Deployment, sources: Sources) -> None:
    """InvalidName where a name did not come through this door: a journal may have been written by anybody."""
    hosts = (deployment.pool, deployment.web, deployment.web_internal, deployment.edge, deployment.from_domain)
    for name in (*deployment.domains, *deployment.partners, *filter(None, hosts)):
        parse_fqdn(name)
    for sip in (*deployment.users, *deployment.listed):
        parse_sip_address(sip)
    for server in filter(None, (sources.dns_inside, sources.dns_outside)):
        parse_server(server)
    parse_shell(sources.shell)
    parse_edge_shell(sources.edge_shell)
    parse_proxy(sources.proxy)
    parse_proxy(sources.system_proxy)
    if deployment.receiver:
        parse_xmpp_address(deployment.receiver)
    words = (
        deployment.sender_user,
        deployment.receiver_user,
        sources.shell_user,
        sources.edge_user,
        sources.ca_file,
        sources.client_certificate,
        *sources.evidence,
    )
    if not all(text.isprintable() for text in words):
        raise InvalidName("An account and a file name are one line of text.")


def _split(text: str, right: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        raise InvalidName(f"That is not an address. {right}") from None


def _port_of(url: SplitResult) -> int | None:
    try:
        return url.port
    except ValueError:
        raise InvalidName("A port is a number from 1 to 65535.") from None


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= 65535:
        raise InvalidName("A port is a number from 1 to 65535.")
    return int(text)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
