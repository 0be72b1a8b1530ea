import { describe, expect, it } from 'vitest';
import samples from '../../tests/data/sealed-hours.json' with { type: 'json' };
import { BrokenHour, decodeHour, type HourColumns } from '../src/sealed-hour.ts';

const UNITS = { times: 1, lats: 1e7, lons: 1e7, speeds: 1000, courses: 100, accuracies: 100 } as const;

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The stored integers; null is unknown. */
function stored(columns: HourColumns, name: keyof HourColumns): (number | null)[] {
  return Array.from(columns[name], (value) => (Number.isNaN(value) ? null : Math.round(value * UNITS[name])));
}

function sampleOf(name: string): Uint8Array<ArrayBuffer> {
  const sample = samples.find((one) => one.name === name);
  if (!sample) throw new Error(`no sample ${name}`);
  return bytesOf(sample.blob);
}

describe('decodeHour', () => {
  it.each(samples)('reads "$name" as the server wrote it', async ({ blob, name: _, ...expected }) => {
    const columns = await decodeHour(bytesOf(blob));
    for (const name of Object.keys(UNITS) as (keyof HourColumns)[]) {
      expect(stored(columns, name)).toEqual(expected[name]);
    }
  });

  it('reads a blob that lies within other bytes', async () => {
    const blob = sampleOf('one row');
    const longer = new Uint8Array(blob.length + 7);
    longer.set(blob, 5);
    expect((await decodeHour(longer.subarray(5, 5 + blob.length))).speeds).toEqual(Float64Array.of(8.123));
  });

  it('notices every changed byte but the one to pass over', async () => {
    const blob = sampleOf('one row');
    for (let at = 0; at < blob.length; at++) {
      if (at === 3) continue;
      const changed = blob.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      await expect(decodeHour(changed), `byte ${at}`).rejects.toThrow(BrokenHour);
    }
  });

  it('notices a cut blob, and one followed by other bytes', async () => {
    const blob = sampleOf('a drive');
    await expect(decodeHour(blob.subarray(0, 11))).rejects.toThrow('not a sealed hour');
    await expect(decodeHour(blob.subarray(0, blob.length - 5))).rejects.toThrow('cannot be inflated');
    const longer = new Uint8Array(blob.length + 1);
    longer.set(blob);
    await expect(decodeHour(longer)).rejects.toThrow('cannot be inflated');
  });

  it('says which version it reads', async () => {
    const newer = sampleOf('one row').slice();
    newer[2] = 2;
    await expect(decodeHour(newer)).rejects.toThrow('version 2; version 1 can be read');
  });
});
