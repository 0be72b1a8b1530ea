/** Server-Sent Events: one answer that goes on. When it ends, the browser asks again by itself and says what it saw last. */
import type { StartWay } from './way.ts';
import { chunkBytes, OWN_HEADERS, responseHead, utf8Bytes } from './wire-bytes.ts';

/** EventSource does not show the answer's head; this is what the server writes. */
const ANSWER_HEAD = responseHead(200, [
  ['content-type', 'text/event-stream'],
  ['cache-control', 'no-store'],
  ['x-accel-buffering', 'no'],
  ['transfer-encoding', 'chunked'],
]);

export const startSse: StartWay = ({ channel, ownHeaderBytes }, { passed, heard, became }) => {
  const path = `/live/v1/sse?${new URLSearchParams({ channel })}`;
  let lastId = '';

  function tellRequest(): void {
    const seen = lastId && `last-event-id: ${lastId}\r\n`;
    const request = `GET ${path} HTTP/1.1\r\naccept: text/event-stream\r\ncache-control: no-cache\r\n${seen}`;
    const headerBytes = utf8Bytes(request) + ownHeaderBytes;
    passed({
      direction: 'up',
      isRequest: true,
      headerBytes,
      payloadBytes: 0,
      head: request + OWN_HEADERS,
      body: '',
    });
  }

  function tellEvent(data: string, idLine: string): void {
    const payloadBytes = utf8Bytes(data);
    const aroundBytes = utf8Bytes(`${idLine}data: \n\n`);
    const headerBytes = aroundBytes + chunkBytes(aroundBytes + payloadBytes);
    passed({
      direction: 'down',
      isRequest: false,
      headerBytes,
      payloadBytes,
      head: `${idLine}data:`,
      body: data,
    });
  }

  became('connecting');
  tellRequest();
  const source = new EventSource(path);
  source.onopen = () => {
    became('open');
    const headerBytes = utf8Bytes(ANSWER_HEAD);
    passed({
      direction: 'down',
      isRequest: false,
      headerBytes,
      payloadBytes: 0,
      head: ANSWER_HEAD,
      body: '',
    });
  };
  source.onmessage = ({ data, lastEventId }: MessageEvent<string>) => {
    tellEvent(data, lastEventId === lastId ? '' : `id: ${lastEventId}\n`);
    lastId = lastEventId;
    const message = JSON.parse(data);
    heard([message]);
    if (message.type === 'bye' && message.retry_ms === null) {
      source.close();
      became('refused');
    }
  };
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) return became('refused');
    became('retrying');
    tellRequest();
  };
  return () => source.close();
};
