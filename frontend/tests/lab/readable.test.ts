import { describe, expect, it } from 'vitest';
import { readable, titleOf } from '../../src/lab/readable.ts';

describe('readable', () => {
  it('keeps rows and small objects on one line', () => {
    const text = JSON.stringify({
      type: 'delta',
      rows: [[1, 2, null]],
      vehicles: { 1: { slug: 'a', name: 'A' } },
    });
    expect(readable(text)).toBe(`{
  "type": "delta",
  "rows": [
    [1, 2, null]
  ],
  "vehicles": {
    "1": {"slug": "a", "name": "A"}
  }
}`);
  });

  it('leaves what is no JSON alone', () => {
    expect(readable('Bad gateway')).toBe('Bad gateway');
  });

  it('says how much of a long frame it leaves out', () => {
    expect(readable('x'.repeat(21_500))).toMatch(/x\n… and 1.500 letters more$/);
  });
});

describe('titleOf', () => {
  it.each([
    ['GET /live/v1/poll?channel=region%3Aall HTTP/1.1\r\naccept: …', '', 'GET /live/v1/poll'],
    ['HTTP/1.1 304 Not Modified\r\netag: "c1"\r\n\r\n', '', '304 Not Modified'],
    ['', '{"type":"ack","seq":3}', 'ack'],
    ['', '{"cursor":"c","messages":[{"type":"welcome"},{"type":"snapshot"}]}', 'welcome, snapshot'],
    ['', 'Bad gateway', 'Bad gateway'],
  ])('names %j %j as %s', (head, body, title) => {
    expect(titleOf({ head, body })).toBe(title);
  });
});
