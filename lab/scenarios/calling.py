"""What keeps phones from calling although they sign in, and what keeps one kind of phone out."""

from lab.calling import ClientVersionRule
from lab.model import MobilityPolicy, Model
from lab.scenarios import Enter, scenario

_NO_CALLS = "Messages work on the phone; calls do not."
_NO_SOUND = "On mobile data nobody hears the other; on the office Wi-Fi all is well."


def _fault(name: str, title: str, symptom: str, cause: str) -> Enter:
    return scenario(name, "mobility", title, symptom, f"mobility.{cause}")


def _policy(model: Model) -> MobilityPolicy:
    return model.mobility_policy("Global")


@_fault("media-outside-users-off", "The Access Edge lets no user in from outside", _NO_SOUND, "media/outside-users-off")
def outside_users_off(model: Model) -> None:
    model.federation.access_edge.allow_outside_users = False


@_fault(
    "media-outside-access-off", "The external access policy keeps users inside", _NO_SOUND, "media/outside-access-off"
)
def outside_access_off(model: Model) -> None:
    model.calling.external_access_policies[0].enable_outside_access = False


@_fault(
    "media-ip-audio-video-off",
    "The mobility policy switches calls over the network off",
    _NO_CALLS,
    "media/ip-audio-video-off",
)
def ip_audio_video_off(model: Model) -> None:
    _policy(model).enable_ip_audio_video = False


@_fault("media-wifi-only", "The mobility policy wants Wi-Fi for calls", "Calls work on Wi-Fi alone.", "media/wifi-only")
def wifi_only(model: Model) -> None:
    _policy(model).require_wifi = True


@_fault(
    "media-call-via-work-off",
    "The mobility policy switches Call via Work off",
    "The phone has no Call via Work.",
    "media/call-via-work-off",
)
def call_via_work_off(model: Model) -> None:
    _policy(model).enable_outside_voice = False


@_fault(
    "media-simultaneous-ring-off",
    "The voice policy allows no simultaneous ringing",
    "Call via Work is there, and the phone does not ring.",
    "media/simultaneous-ring-off",
)
def simultaneous_ring_off(model: Model) -> None:
    model.calling.voice_policies[0].allow_simultaneous_ring = False


@_fault(
    "client-rule-blocks-phones",
    "A client version rule blocks an old iPhone client",
    "Lync 2010 on the iPhone cannot sign in. On Android it can.",
    "client/rule-blocks-phones",
)
def rule_blocks_phones(model: Model) -> None:
    identity = "Global/74ba9211-8610-42f9-91ba-846cdee98820"
    model.calling.client_version_rules.append(ClientVersionRule(identity, "iPhoneLync", 4, "LEQ", "Block"))


@_fault(
    "client-default-blocks",
    "Clients that no rule names are blocked",
    "New phones cannot sign in; old ones can.",
    "client/default-blocks",
)
def default_blocks(model: Model) -> None:
    model.calling.default_client_action = "Block"
