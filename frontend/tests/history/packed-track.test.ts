import { describe, expect, it } from 'vitest';
import samples from '../../../tests/data/packed-tracks.json' with { type: 'json' };
import { unpackTrack } from '../../src/history/packed-track.ts';
import { BrokenHour } from '../../src/sealed-hour.ts';

function packed(name: string): Uint8Array<ArrayBuffer> {
  const sample = samples.find((one) => one.name === name);
  if (!sample) throw new Error(`no sample ${name}`);
  return bytesOf(sample.packed);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

describe('unpackTrack', () => {
  it.each(samples)('reads "$name" as the server wrote it', async (sample) => {
    const track = await unpackTrack(bytesOf(sample.packed));
    expect(track.times).toHaveLength(sample.rows);
    expect([...track.times]).toEqual([...track.times].sort((a, b) => a - b));
    expect(track).toMatchObject({
      fixes: sample.fixes,
      toleranceM: sample.tolerance_m,
      isLimited: sample.limited,
    });
    expect(track.gaps).toHaveLength(sample.gaps);
  });

  it('tells a silence by the fixes around it', async () => {
    const { times, gaps } = await unpackTrack(packed('ten minutes of silence within an hour'));
    expect(gaps).toEqual([[times[29], times[30]]]);
  });

  it('has places in degrees and speeds in m/s', async () => {
    const { lats, lons, speeds } = await unpackTrack(packed('two hours of one line'));
    expect([...lats, ...lons].every((degrees) => degrees > 10 && degrees < 60)).toBe(true);
    expect(Math.max(...speeds.filter((speed) => !Number.isNaN(speed)))).toBeLessThan(40);
  });

  it('notices every cut, and bytes that follow', async () => {
    const whole = packed('two hours of one line');
    for (let size = 0; size < whole.length; size += 7)
      await expect(unpackTrack(whole.slice(0, size)), `${size} bytes`).rejects.toThrow(BrokenHour);
    const longer = new Uint8Array(whole.length + 1);
    longer.set(whole);
    await expect(unpackTrack(longer)).rejects.toThrow('followed by other bytes');
  });

  it('notices a part that is missing, or damaged', async () => {
    const whole = packed('two hours of one line');
    const size = 5 + new DataView(whole.buffer).getUint32(5, true);
    const without = new Uint8Array([...whole.slice(0, 4), ...whole.slice(4 + size)]);
    await expect(unpackTrack(without)).rejects.toThrow('60 fixes were announced; there are 30');
    whole[4 + size + 40] = (whole[4 + size + 40] ?? 0) ^ 0x55;
    await expect(unpackTrack(whole)).rejects.toThrow(BrokenHour);
  });

  it('says which version it reads', async () => {
    const newer = packed('no fix');
    newer[2] = 2;
    await expect(unpackTrack(newer)).rejects.toThrow('version 2; version 1 can be read');
    newer[0] = 0x7b;
    await expect(unpackTrack(newer)).rejects.toThrow('not a packed track');
  });
});
