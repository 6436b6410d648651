"""What decides about push notifications at a scope: Get-CsPushNotificationConfiguration, -McxConfiguration, -ImFilterConfiguration."""

from typing import Any

from psrpcore.types import PSUInt

from lab import clixml
from lab.cmdlets.binding import Arguments, Cmdlet
from lab.cmdlets.scoped import chosen
from lab.model import Model

_EXPOSED_WEB_URL = clixml.enumeration(
    "WritableConfig.Settings.McxConfiguration.ExposedWebURL", ("Internal", "External")
)
_FILTER_ACTION = clixml.enumeration("WritableConfig.Settings.ImFilter.UrlFilterAction", ("Allow", "Block", "Warn"))


def get_push_notification_configuration(model: Model, arguments: Arguments) -> list[Any]:
    """All push notification configurations, or those that -Identity or -Filter name."""
    return [
        clixml.lync_object(
            "WriteableConfig.Settings.PushNotificationConfiguration.PushNotificationConfiguration",
            {
                "Identity": clixml.identity(each.identity),
                "EnableApplePushNotificationService": each.apple,
                "EnableMicrosoftPushNotificationService": each.microsoft,
                **clixml.internals(each.identity, "PushNotificationConfiguration"),
            },
        )
        for each in chosen("Get-CsPushNotificationConfiguration", model.push_configurations, arguments)
    ]


def get_mcx_configuration(model: Model, arguments: Arguments) -> list[Any]:
    """All configurations of the Mobility service, or those that -Identity or -Filter name."""
    return [
        clixml.lync_object(
            "WriteableConfig.Settings.McxConfiguration.McxConfiguration",
            {
                "Identity": clixml.identity(each.identity),
                "SessionExpirationInterval": PSUInt(each.session_expiration),
                "SessionShortExpirationInterval": PSUInt(each.session_short_expiration),
                "ExposedWebURL": _EXPOSED_WEB_URL[each.exposed_web_url],
                "PushNotificationProxyUri": each.push_notification_proxy_uri,
                **clixml.internals(each.identity, "McxConfiguration"),
            },
        )
        for each in chosen("Get-CsMcxConfiguration", model.mcx_configurations, arguments)
    ]


def get_im_filter_configuration(model: Model, arguments: Arguments) -> list[Any]:
    """All configurations of the URL filter, or those that -Identity or -Filter name."""
    return [
        clixml.lync_object(
            "WritableConfig.Settings.ImFilter.ImFilterConfiguration",
            {
                "Identity": clixml.identity(each.identity),
                "Prefixes": list(each.prefixes),
                "AllowMessage": None,
                "WarnMessage": None,
                "Enabled": each.enabled,
                "IgnoreLocal": True,
                "BlockFileExtension": True,
                "Action": _FILTER_ACTION[each.action],
                **clixml.internals(each.identity, "ImFilterConfiguration"),
            },
        )
        for each in chosen("Get-CsImFilterConfiguration", model.im_filter_configurations, arguments)
    ]


CMDLETS = (
    Cmdlet("Get-CsPushNotificationConfiguration", ("Identity", "Filter"), get_push_notification_configuration),
    Cmdlet("Get-CsMcxConfiguration", ("Identity", "Filter"), get_mcx_configuration),
    Cmdlet("Get-CsImFilterConfiguration", ("Identity", "Filter"), get_im_filter_configuration),
)
