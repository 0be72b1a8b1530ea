"""What is done about once a second is done in one turn of the loop: a wake-up costs more than most of it."""

import asyncio
from math import floor


async def next_round(every_s: float) -> None:
    """Until the loop's clock shows the next whole multiple of it, or the one after when that is near."""
    await asyncio.sleep(until_round_s(asyncio.get_running_loop().time(), every_s))


def until_round_s(now_s: float, every_s: float) -> float:
    """From 0.5 to 1.5 times `every_s`, so that a timer that is a little early ends no round twice."""
    return (floor(now_s / every_s + 0.5) + 1) * every_s - now_s
