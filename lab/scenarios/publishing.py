"""What can be wrong with the reverse proxy: each path that phones need has to reach Lync as it was asked."""

from lab.model import Model, Publication
from lab.scenarios import Enter, scenario

_UNAVAILABLE = "Phones say that the server might be unavailable."
_NEW_PHONES = "Lync 2010 Mobile signs in, and the newer app says that the server might be unavailable."
_MOBILITY = ["/mcx", "/ucwa", "/webticket", "/autodiscover", "/certprov", "/reach"]
_OTHERS = ["/meet", "/dialin", "/abs", "/groupexpansion"]


def _fault(name: str, title: str, symptom: str, answer: str) -> Enter:
    return scenario(f"publishing-{name}", "mobility", title, symptom, f"mobility.reverse-proxy/{answer}")


def _first(model: Model, publication: Publication) -> None:
    """Puts a rule before the one for everything."""
    model.reverse_proxy.publications.insert(0, publication)


@_fault(
    "pre-authentication",
    "The reverse proxy asks for a sign-in before the web ticket service does",
    "Phones ask for the password again and again.",
    "pre-authentication",
)
def pre_authentication(model: Model) -> None:
    _first(model, Publication(paths=["/webticket"], pre_authentication="challenge"))


@_fault("login-form", "The reverse proxy shows a sign-in page before UCWA", _NEW_PHONES, "pre-authentication")
def login_form(model: Model) -> None:
    _first(model, Publication(paths=["/ucwa"], pre_authentication="form"))


@_fault("pool-unreached", "The rule for UCWA leads to a server that does not answer", _NEW_PHONES, "pool-unreached")
def pool_unreached(model: Model) -> None:
    _first(model, Publication(paths=["/ucwa"], way="silent"))


@_fault("redirects", "The reverse proxy redirects UCWA to another server", _NEW_PHONES, "answers-itself")
def redirects(model: Model) -> None:
    _first(model, Publication(paths=["/ucwa"], sends_to="https://sts.contoso.com/adfs/ls"))


@_fault("ucwa-missing", "The publishing rule leaves UCWA out", _NEW_PHONES, "not-published")
def ucwa_missing(model: Model) -> None:
    model.reverse_proxy.publication.paths = [path for path in (*_MOBILITY, *_OTHERS) if path != "/ucwa"]


@_fault("mcx-refused", "The reverse proxy forbids the path of Mcx", "Lync 2010 Mobile fails at once.", "not-published")
def mcx_refused(model: Model) -> None:
    model.reverse_proxy.unpublished = 403
    model.reverse_proxy.publication.paths = [path for path in (*_MOBILITY, *_OTHERS) if path != "/mcx"]


@_fault("post-refused", "The reverse proxy lets nothing but GET through", _UNAVAILABLE, "post-refused")
def post_refused(model: Model) -> None:
    model.reverse_proxy.publication.refuses_post = True


@_fault(
    "host-header-lost",
    "The reverse proxy puts the name of the pool in place of its own",
    "Links to meetings fail on the phone.",
    "host-header-lost",
)
def host_header_lost(model: Model) -> None:
    model.reverse_proxy.publication.keeps_host = False


@_fault(
    "other-path-missing",
    "The reverse proxy publishes the paths of mobility alone",
    "Phones sign in; links to meetings fail.",
    "other-path-missing",
)
def other_path_missing(model: Model) -> None:
    model.reverse_proxy.publication.paths = _MOBILITY
