"""One socket that sends as fast as it can: how much memory that takes from the server, and how it ends."""

import asyncio
from pathlib import Path

from benchmarks.load.socket import upgrade_request
from benchmarks.report import percent, print_goal, print_head, print_table
from benchmarks.servers import Product, Server, running, temporary_folder

MESSAGES = 20_000
SIZES = (24, 4_096)
ENDS_WITHIN_S = 60.0
GOAL_MB = 10.0
METHOD = f"""
A dispatcher's socket says hello, then writes {MESSAGES:,} messages of the given size without waiting.
Growth is the highest resident memory from there to the close (VmHWM, reset before) above the resident memory before.
"""


def run(*, port: int) -> None:
    print_head("flood: one socket sends without end", METHOD)
    with temporary_folder() as folder:
        product = Product(folder / "fleet")
        rows = [
            (server, f"{size:,} B", *measure(product, server=server, size=size, port=port))
            for server in ("daphne", "uvicorn")
            for size in SIZES
        ]
    print_table(
        ["server", "a message", "growth", "close code", "sent before"],
        [(server, size, f"{growth:.1f} MB", str(code), percent(sent)) for server, size, growth, code, sent in rows],
    )
    print_goal("largest growth", max(row[2] for row in rows), goal=GOAL_MB, unit=" MB", at_least=False)


def measure(product: Product, *, server: str, size: int, port: int) -> tuple[float, int, float]:
    """Megabytes of growth, the close code, and the share of the flood that the server took."""
    session = product.office["sessions"][0]
    with running(product.serve(port=port, server=server)) as served:
        asyncio.run(flood(port, session=session, messages=100, size=size))  # what is loaded once
        before_mb = resident_mb(served, "VmRSS")
        Path(f"/proc/{served.pid}/clear_refs").write_text("5")
        code, sent = asyncio.run(flood(port, session=session, messages=MESSAGES, size=size))
        return resident_mb(served, "VmHWM") - before_mb, code, sent


def resident_mb(server: Server, name: str) -> float:
    lines = Path(f"/proc/{server.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


async def flood(port: int, *, session: str, messages: int, size: int) -> tuple[int, float]:
    """The code of the close frame (0: none came) and the share that went out."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(upgrade_request("/live/v1/ws", port=port, session=session, subprotocol="fleet.v1.json"))
    await reader.readuntil(b"\r\n\r\n")
    ack = b'{"type":"ack","seq":1}'
    all_bytes = frame(b'{"type":"hello"}') + frame(ack + b" " * (size - len(ack))) * messages
    writer.write(all_bytes)
    received = b""
    async with asyncio.timeout(ENDS_WITHIN_S):
        try:
            while (close := received.find(b"\x88\x02")) < 0 and (part := await reader.read(65536)):
                received += part
        except ConnectionError:
            close = -1
    unsent = writer.transport.get_write_buffer_size()
    writer.transport.abort()
    code = int.from_bytes(received[close + 2 : close + 4]) if close >= 0 else 0
    return code, 1 - unsent / len(all_bytes)


def frame(payload: bytes) -> bytes:
    """Text, masked with zeros."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2)
    return b"\x81" + length + b"\0\0\0\0" + payload
