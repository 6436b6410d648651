"""Which product a server is, from what it says of itself."""

import re

from checks.deployment import Product
from checks.model import Frozen
from checks.probes import Objects, Unanswered

_WITH_XMPP = frozenset({Product.LYNC_2013, Product.SKYPE_2015})
_BY_MAJOR = {"4": Product.LYNC_2010, "5": Product.LYNC_2013, "6": Product.SKYPE_2015}
_VERSION = re.compile(r"\b(\d)\.\d+\.\d{2,5}(?:\.\d+)?\b")


def product_of(server_version: str) -> Product | None:
    """The product named by the text of Get-CsServerVersion; None where it cannot be told.

    Build 7.0 is 2019 and Subscription Edition alike, so there the name decides.
    """
    text = server_version.casefold()
    if "subscription" in text:
        return Product.SUBSCRIPTION_EDITION
    for name, product in (
        ("2010", Product.LYNC_2010),
        ("server 2013", Product.LYNC_2013),
        ("server 2015", Product.SKYPE_2015),
        ("server 2019", Product.SKYPE_2019),
    ):
        if name in text:
            return product
    version = _VERSION.search(text)
    return _BY_MAJOR.get(version[1]) if version else None


def product_in(answer: Objects | Unanswered) -> Product | None:
    """The product that an answer to Get-CsServerVersion names; None where it was not answered."""
    if isinstance(answer, Unanswered) or not answer.objects:
        return None
    return product_of(" ".join(str(value) for value in answer.objects[0].values()))


class Release(Frozen, frozen=True):
    """What a server is, as far as its build tells: 2019 and Subscription Edition share theirs."""

    name: str
    has_xmpp: bool
    """XMPP federation came into the Edge with Lync Server 2013, and went with 2019."""


def release_of(build: str) -> Release | None:
    """The release of a build such as `5.0.8308.0`, as ProductVersion has it; None where it is none that is known."""
    version = _VERSION.fullmatch(build.strip())
    if version is None:
        return None
    if version[1] == "7":
        return Release(name="Skype for Business Server 2019 or Subscription Edition", has_xmpp=False)
    product = _BY_MAJOR.get(version[1])
    return release(product) if product else None


def release(product: Product) -> Release:
    """The release that a product is."""
    return Release(name=product.full_name, has_xmpp=product in _WITH_XMPP)
