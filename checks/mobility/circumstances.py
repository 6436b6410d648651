"""What is asked about phones beside the symptom, and which steps it puts first, adds or takes away."""

from checks.circumstances import Circumstance, Detail

_NOT_LET_IN = ("unavailable", "account")
"""The symptoms that say no more than that a phone does not get in."""
_SIGN_IN_FAILS = (*_NOT_LET_IN, "ucwa")
"""The symptoms of a phone that stops at its sign-in, or right behind it."""
_ON_THE_PHONE = (*_SIGN_IN_FAILS, "certificate", "drops", "no-push")
"""The symptoms that the phone itself may have."""

_WHO = Circumstance(
    label="Who",
    asks="Who is concerned?",
    details=(
        Detail(
            name="one-phone",
            short="one phone",
            says="one phone alone",
            because="Other phones are well, so this one and the rules for its app come first, then what all share.",
            first=("mobility.client",),
            adds=dict.fromkeys(_ON_THE_PHONE, ("mobility.client",)),
        ),
        Detail(
            name="one-user",
            short="one user",
            says="one user alone",
            because="Others are well, so his account, his policy and his own sign-in come first, then what all share.",
            first=("mobility.user-enabled", "mobility.policy", "mobility.sign-in"),
            adds={
                **dict.fromkeys(
                    _SIGN_IN_FAILS,
                    (
                        "mobility.user-enabled",
                        "mobility.policy",
                        "mobility.sign-in",
                        "mobility.user-document",
                        "mobility.client",
                    ),
                ),
                "certificate": ("mobility.client",),
            },
        ),
        # A policy of a site or the global one keeps many out, so nothing is taken away.
        Detail(
            name="many-users",
            short="many users",
            says="many users",
            because="What many meet is shared: services, and a policy of their site or of all, come before single accounts.",
            first=("mobility.permissions", "mobility.services", "mobility.policy"),
            adds={"account": ("mobility.services",)},
        ),
    ),
)

_WHERE = Circumstance(
    label="Where",
    asks="Where does it fail?",
    told_by={"wi-fi": "inside", "mobile-data": "outside"},
    details=(
        Detail(
            name="inside",
            short="inside only",
            says="it fails inside alone, on the office Wi-Fi",
            because="Inside, other names and other servers answer, and the way out and back in may be closed.",
            first=(
                "mobility.dns",
                "mobility.ports",
                "mobility.certificates",
                "mobility.autodiscover",
                "mobility.hairpin",
            ),
            adds=dict.fromkeys(("account", "ucwa", "drops"), ("mobility.dns", "mobility.hairpin")),
            seat="inside",
        ),
        Detail(
            name="outside",
            short="outside only",
            says="it fails outside alone, on mobile data",
            because="Inside all is well, so what only phones outside meet comes first: public DNS and the reverse proxy.",
            first=(
                "mobility.dns",
                "mobility.ports",
                "mobility.certificates",
                "mobility.autodiscover",
                "mobility.reverse-proxy",
            ),
            adds={"account": ("mobility.reverse-proxy",)},
            without={"mobility.hairpin": "only phones inside take that way."},
            seat="outside",
        ),
        Detail(name="everywhere", short="both", says="it fails inside and outside"),
    ),
)

_PHONES = Circumstance(
    label="Phones",
    asks="On which phones?",
    told_by={"iphone": "iphone", "ucwa": ""},
    details=(
        Detail(
            name="iphone",
            short="iPhone",
            says="iPhones alone",
            because="iPhones want TLS 1.2, and a chain that they can follow to its root; a rule may block them alone.",
            first=("mobility.certificates", "mobility.windows-auth", "mobility.client"),
            adds={
                **dict.fromkeys(_NOT_LET_IN, ("mobility.certificates", "mobility.windows-auth", "mobility.client")),
                "certificate": ("mobility.client",),
            },
        ),
        Detail(
            name="android",
            short="Android",
            says="Android phones alone",
            because="Phones of one make differ from others in what they trust, and in the rules for their app.",
            first=("mobility.certificates", "mobility.client"),
            adds={
                **dict.fromkeys(_NOT_LET_IN, ("mobility.certificates", "mobility.client")),
                "certificate": ("mobility.client",),
            },
        ),
        Detail(
            name="lync-2010",
            short="Lync 2010",
            says="Lync 2010 Mobile alone",
            because="Lync 2010 Mobile talks to Mcx, which has a path of its own, so that comes first.",
            first=("mobility.reverse-proxy", "mobility.service-url"),
            adds=dict.fromkeys(
                _NOT_LET_IN,
                (
                    "mobility.reverse-proxy",
                    "mobility.user-document",
                    "mobility.service-url",
                    "mobility.web-applications",
                    "mobility.client",
                ),
            ),
            without={"mobility.ucwa": "Lync 2010 Mobile does not use UCWA."},
        ),
        Detail(
            name="newer-app",
            short="newer",
            says="the app of Lync 2013 or Skype for Business alone",
            because="The newer app works through UCWA, which has a path of its own, so that comes first.",
            first=("mobility.reverse-proxy", "mobility.web-applications"),
            adds=dict.fromkeys(
                _NOT_LET_IN,
                (
                    "mobility.reverse-proxy",
                    "mobility.user-document",
                    "mobility.web-applications",
                    "mobility.ucwa",
                    "mobility.client",
                ),
            ),
            without={"mobility.service-url": "only Lync 2010 Mobile asks there."},
        ),
    ),
)

CIRCUMSTANCES = (_WHO, _WHERE, _PHONES)
