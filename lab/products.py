"""The products that the deployment can be."""

from dataclasses import dataclass


@dataclass
class Product:
    """What Get-CsServerVersion tells; by `year` products are older and newer."""

    year: int
    name: str
    version: str

    @property
    def has_mcx(self) -> bool:
        """The Mobility service of Lync Server 2010, which went with 2019."""
        return self.year < SKYPE_2019.year

    @property
    def has_ucwa(self) -> bool:
        return self.year >= LYNC_2013.year

    @property
    def has_xmpp(self) -> bool:
        """The XMPP gateway, which came with Lync Server 2013 and went with 2019."""
        return LYNC_2013.year <= self.year < SKYPE_2019.year

    @property
    def iis(self) -> str:
        """How IIS of its Windows names itself."""
        version = "10.0" if self.year >= SKYPE_2019.year else "8.5" if self.year >= LYNC_2013.year else "7.5"
        return f"Microsoft-IIS/{version}"


LYNC_2010 = Product(2010, "Microsoft Lync Server 2010", "4.0.7577.0")
LYNC_2013 = Product(2013, "Microsoft Lync Server 2013", "5.0.8308.0")
SKYPE_2015 = Product(2015, "Skype for Business Server 2015", "6.0.9319.0")
SKYPE_2019 = Product(2019, "Skype for Business Server 2019", "7.0.2046.0")
# No capture shows its line: that it keeps the build and tells another name is likely, not certain.
SUBSCRIPTION_EDITION = Product(2025, "Skype for Business Server Subscription Edition", "7.0.2046.0")
