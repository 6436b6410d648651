"""What stays of a host name: the end that is everybody's, and the first labels that Lync itself prescribes."""

from collections.abc import Sequence

from checks.knowledge.dns_views import CONTROL_LABEL

_COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz ca cc cd cf
cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg
gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp
kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne
nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk
sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn
vu wf ws ye yt za zm zw
"""
_GENERIC = """
com net org edu gov mil int info biz name pro aero coop museum jobs mobi travel tel asia cat post app dev cloud online
site tech store shop group company solutions services systems network digital email bank health
"""
_PRIVATE = "local lan internal corp home intra intranet private localdomain lab test example invalid localhost arpa"
TOP_LEVEL = frozenset(f"{_COUNTRIES} {_GENERIC} {_PRIVATE}".split())
"""Ends of names that tell no organisation. Others may be the company's own name, such as `corp.fabrikam`."""

_SECOND = "ac co com edu gob gouv gov go govt ltd me mil ne net nhs nom or org plc sch"
_SECOND_LEVEL = frozenset(_SECOND.split())
_COUNTRY = frozenset(_COUNTRIES.split())

# Whose hosts these are is no secret, and judging knows some of them.
_FOREIGN_DOMAINS = """
lync.com skype.com skypeforbusiness.com outlook.com office.com office365.com microsoft.com microsoftonline.com
microsoftonline-p.com onmicrosoft.com sharepoint.com windows.net windows.com live.com hotmail.com msn.com azure.com
cloudapp.net azurewebsites.net msappproxy.net trafficmanager.net xmlsoap.org oasis-open.org w3.org ietf.org
google.com gmail.com googlemail.com apple.com jabber.org xmpp.org in-addr.arpa ip6.arpa
"""
_FOREIGN = frozenset(_FOREIGN_DOMAINS.split())
_FOREIGN_HOSTS = """
online sipfed sipdir webdir push autodiscover autodiscover-s outlook login schemas docs learn support technet talk
mail api graph protection sts aka go apps protocols
"""
_FOREIGN_LABELS = frozenset(_FOREIGN_HOSTS.split())
_PRESCRIBED_HOSTS = """
lyncdiscover lyncdiscoverinternal sip sipinternal sipexternal sipfed meet dialin admin xmpp ucupdates-r2 wpad www
autodiscover
"""
_PRESCRIBED = frozenset({*_PRESCRIBED_HOSTS.split(), CONTROL_LABEL})


def kept(labels: Sequence[str]) -> tuple[bool, ...]:
    """For each label of a host name, in lower case, whether it stays as it is."""
    ending = _ending(labels)
    own = len(labels) - ending - 1
    foreign = ".".join(labels[-ending:]) in _FOREIGN if ending else False
    prescribed = _PRESCRIBED | _FOREIGN_LABELS if foreign else _PRESCRIBED
    return tuple(
        place > own or (label in prescribed and (foreign or place < own)) or label in {"", "*"} or label.startswith("_")
        for place, label in enumerate(labels)
    )


def _ending(labels: Sequence[str]) -> int:
    """How many of the last labels are everybody's; never all of them but for a foreign host."""
    for length in (3, 2):
        if ".".join(labels[-length:]) in _FOREIGN and len(labels) >= length:
            return length
    if not labels or labels[-1] not in TOP_LEVEL:
        return 0
    if len(labels) > 2 and labels[-1] in _COUNTRY and labels[-2] in _SECOND_LEVEL:
        return 2
    return 1 if len(labels) > 1 else 0
