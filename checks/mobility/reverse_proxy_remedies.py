"""What mends a reverse proxy that does not hand every mobility path to Lync as it came."""

from checks.model import Remedy

_PROXY_ADMINISTRATOR = "administrator of the reverse proxy"
_RERUN = "check again (r)"


def for_answer(answer: str, host: str, paths: str, upstream: str) -> Remedy:
    """What mends an answer of the step that is about paths. `upstream`: the site behind, `name:port`, where it is known."""
    match answer:
        case "pre-authentication":
            return _no_sign_in_before_lync(host, paths)
        case "pool-unreached":
            return _reach_the_pool(host, upstream)
        case "answers-itself":
            return _pass_on(host, paths)
        case "post-refused":
            return _allow_post(host)
    return _publish(host, paths)


def _no_sign_in_before_lync(host: str, paths: str) -> Remedy:
    return Remedy(
        action=f"On the rule for {host}, switch off pre-authentication for {paths}: no delegation, clients authenticate "
        "directly, all users.",
        who=_PROXY_ADMINISTRATOR,
        risk="the pool, not the proxy, then asks for the password",
        verify=_RERUN,
    )


def _publish(host: str, paths: str) -> Remedy:
    return Remedy(
        action=f"On the rule for {host}, publish the path /* instead of single paths, so that requests for {paths} reach port "
        "4443 of the pool. See that no other rule answers for the same name before it.",
        who=_PROXY_ADMINISTRATOR,
        risk="publishes the Lync web paths",
        verify=_RERUN,
    )


def _reach_the_pool(host: str, upstream: str) -> Remedy:
    return Remedy(
        action=f"From the machine that answers for {host}, connect to {upstream or 'the pool, port 4443'} "
        "(Test-NetConnection). Refused: start the web services there. No answer: open the firewall in between. Connected: "
        "see that the proxy trusts the certificate and that its rule names the right server.",
        who=f"{_PROXY_ADMINISTRATOR}, firewall administrator",
        risk="none by looking",
        verify=_RERUN,
    )


def _pass_on(host: str, paths: str) -> Remedy:
    return Remedy(
        action=f"On the machine that answers for {host}, find what takes {paths} before it is forwarded: another site of "
        "the same name, a redirect, or an inspection of requests. Forward it to the pool unchanged.",
        who=_PROXY_ADMINISTRATOR,
        risk="changes what this address publishes",
        verify=_RERUN,
    )


def _allow_post(host: str) -> Remedy:
    return Remedy(
        action=f"On the rule for {host}, allow the methods GET, POST, PUT and DELETE with a body. Web tickets are asked for "
        "by POST.",
        who=_PROXY_ADMINISTRATOR,
        risk="none: Lync refuses by itself what it does not want",
        verify=_RERUN,
    )


def keep_host_header(host: str) -> Remedy:
    return Remedy(
        action=f"On the rule for {host}, forward the original host header instead of the name of the server behind.",
        who=_PROXY_ADMINISTRATOR,
        risk="the certificate of the pool is then checked against the name that the rule gives; see that it fits",
        verify=_RERUN,
    )
