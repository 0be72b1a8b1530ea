"""The office: vehicles, regions, and who may post or watch what. Positions live in the telemetry store."""

from tracking.models.fleet import SLUG, Region, RegionAccess, Rule, Vehicle, validate_polygon
from tracking.models.personal import SavedView, Snooze
from tracking.models.records import DeviceSighting, DutySwitch, Look, Message, RefusalTally, Revision
from tracking.models.tokens import ApiToken, DeviceToken, PairingCode, Share, Token, token_digest

__all__ = [
    "SLUG",
    "ApiToken",
    "DeviceSighting",
    "DeviceToken",
    "DutySwitch",
    "Look",
    "Message",
    "PairingCode",
    "RefusalTally",
    "Region",
    "RegionAccess",
    "Revision",
    "Rule",
    "SavedView",
    "Share",
    "Snooze",
    "Token",
    "Vehicle",
    "token_digest",
    "validate_polygon",
]
