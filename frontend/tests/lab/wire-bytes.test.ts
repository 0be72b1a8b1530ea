import { describe, expect, it } from 'vitest';
import { chunkBytes, responseHead, socketHeaderBytes, utf8Bytes } from '../../src/lab/wire-bytes.ts';

describe('socketHeaderBytes', () => {
  it.each([
    [0, 2],
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
  ])('gives a payload of %d bytes a header of %d', (payloadBytes, headerBytes) => {
    expect(socketHeaderBytes(payloadBytes, 'down')).toBe(headerBytes);
    expect(socketHeaderBytes(payloadBytes, 'up')).toBe(headerBytes + 4);
  });
});

it('counts bytes, not letters', () => {
  expect(utf8Bytes('Järntorget → Haga')).toBe(20);
});

it('writes the head of an answer as it went over the wire', () => {
  expect(responseHead(304, [['etag', '"c1"']])).toBe('HTTP/1.1 304 Not Modified\r\netag: "c1"\r\n\r\n');
});

it.each([
  [9, 5],
  [255, 6],
  [4096, 8],
])('frames a chunk of %d bytes with %d', (size, around) => {
  expect(chunkBytes(size)).toBe(around);
});
