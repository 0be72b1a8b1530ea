/** How many bytes things take on the wire, by the rules of HTTP/1.1 (RFC 9112) and WebSocket (RFC 6455). Pure. */

const encoder = new TextEncoder();
const MASK_BYTES = 4;

/** Stands for what no script can read. */
export const OWN_HEADERS = '… and host, cookie, user-agent and what else the browser adds\r\n';

export function utf8Bytes(text: string): number {
  return encoder.encode(text).length;
}

/** As HTTP/1.1 writes it. HTTP/2 packs what repeats; TLS, TCP and IP come on top of either. */
export function responseHead(
  status: number,
  headers: Iterable<readonly [name: string, value: string]>,
): string {
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${REASONS[status] ?? ''}\r\n${lines.join('')}\r\n`;
}

const REASONS: Readonly<Record<number, string>> = {
  101: 'Switching Protocols',
  200: 'OK',
  304: 'Not Modified',
};

/** Only browsers mask what they send. */
export function socketHeaderBytes(payloadBytes: number, direction: 'up' | 'down'): number {
  const size = payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10;
  return direction === 'up' ? size + MASK_BYTES : size;
}

/** One event is one chunk of the endless answer: its length in hex, and two line ends. */
export function chunkBytes(size: number): number {
  return size.toString(16).length + 4;
}
