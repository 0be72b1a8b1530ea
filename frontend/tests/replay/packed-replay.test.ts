import { describe, expect, it } from 'vitest';
import samples from '../../../tests/data/packed-replays.json' with { type: 'json' };
import { BrokenReplay, unpackReplay } from '../../src/replay/packed-replay.ts';
import { HOUR } from './helpers.ts';

function packed(name = 'one fix'): Uint8Array<ArrayBuffer> {
  const sample = samples.find((one) => one.name === name);
  if (!sample) throw new Error(`no sample ${name}`);
  return bytesOf(sample.packed);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

describe('unpackReplay', () => {
  it.each(samples)('reads "$name" as the server wrote it', (sample) => {
    const chunk = unpackReplay(bytesOf(sample.packed).buffer, HOUR);
    const rows = chunk.slugs.flatMap((slug, i) =>
      Array.from(chunk.timesMs.subarray(chunk.starts[i], chunk.starts[i + 1]), (timeMs, row) => {
        const at = (chunk.starts[i] as number) + row;
        return [slug, timeMs, chunk.lats[at], chunk.lons[at]];
      }),
    );
    expect(rows).toEqual(sample.rows);
    expect(chunk).toMatchObject({ hourMs: HOUR, stepS: sample.step_s, isLimited: sample.limited });
  });

  it('notices every cut, and bytes that follow', () => {
    const whole = packed();
    for (let size = 0; size < whole.length; size++)
      expect(() => unpackReplay(whole.slice(0, size).buffer, HOUR), `${size} bytes`).toThrow(BrokenReplay);
    const longer = new Uint8Array(whole.length + 4);
    longer.set(whole);
    expect(() => unpackReplay(longer.buffer, HOUR)).toThrow('followed by other bytes');
  });

  it('notices other bytes, and names that are too few', () => {
    expect(() => unpackReplay(new TextEncoder().encode('{"tracks": []}'.padEnd(40)).buffer, HOUR)).toThrow(
      'not a packed replay',
    );
    const whole = packed('three vehicles, one with the newest fix before');
    whole[whole.indexOf(10, 20)] = 95;
    expect(() => unpackReplay(whole.buffer, HOUR)).toThrow('3 vehicles have 2 names');
  });

  it('says which version it reads', () => {
    const newer = packed();
    newer[2] = 2;
    expect(() => unpackReplay(newer.buffer, HOUR)).toThrow('version 2; version 1 can be read');
  });
});
