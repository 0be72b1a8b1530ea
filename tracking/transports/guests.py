"""Notes in the audit who looks through a share; frames as guests may read them."""

from tracking.domain.access import Caller
from tracking.domain.looks import Look, LookKind
from tracking.live.channels import Channel, Namespace
from tracking.live.frames import Frame
from tracking.transports.services import Services


def note_guest(services: Services, caller: Caller, channel: Channel) -> None:
    """Does nothing for others. Raises Unavailable when the audit cannot be kept."""
    share = caller.share(services.office)
    if share is None:
        return
    by, vehicle, region = f"share {share.id}", "", ""
    if channel.namespace is Namespace.REGION:
        region = channel.room
    else:
        vehicle = channel.room
    services.looks.note(Look(LookKind.SHARE, share.maker, by, vehicle, region))


def frame_for(caller: Caller, frame: Frame) -> Frame:
    """As the caller may read it."""
    return frame if caller.guest is None else frame.for_guests
