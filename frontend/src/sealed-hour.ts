/** Sealed hours: a vehicle's fixes of an hour as one blob; the byte table stands in docs/telemetry.md. */

const VERSION = 1;
const HEAD_BYTES = 12;
const COLUMN_HEAD_BYTES = 10;
const MAX_ROWS = 3_600_000;
const MAX_WIDTH = 6;
const TURN = 36_000;
const ABSENT = 0;
const DIFFERENCES = 1;
const SECOND_DIFFERENCES = 2;
const WITH_UNKNOWN = 0x80;

/** In time order: ms since 1970 UTC, degrees, m/s, degrees, m. NaN is unknown. */
export type HourColumns = Readonly<
  Record<'times' | 'lats' | 'lons' | 'speeds' | 'courses' | 'accuracies', Float64Array>
>;

/** The bytes are not a sealed hour, or not the one that was written. */
export class BrokenHour extends Error {
  override readonly name = 'BrokenHour';
}

/** Throws BrokenHour. */
export async function decodeHour(blob: Uint8Array<ArrayBuffer>): Promise<HourColumns> {
  if (blob.length < HEAD_BYTES || blob[0] !== 0x46 || blob[1] !== 0x48)
    throw new BrokenHour('not a sealed hour');
  if (blob[2] !== VERSION) throw new BrokenHour(`version ${blob[2]}; version ${VERSION} can be read`);
  const head = new DataView(blob.buffer, blob.byteOffset, HEAD_BYTES);
  const rows = head.getUint32(4, true);
  if (rows > MAX_ROWS) throw new BrokenHour(`at most ${MAX_ROWS} rows; there are ${rows}`);
  const body = await inflated(blob.subarray(HEAD_BYTES));
  if (crc32(body, rows) !== head.getUint32(8, true)) throw new BrokenHour('the checksum does not match');
  const reader = new ColumnReader(body, rows);
  const columns = {
    times: reader.column(1),
    lats: reader.column(1e7),
    lons: reader.column(1e7),
    speeds: reader.column(1000),
    courses: reader.column(100, TURN),
    accuracies: reader.column(100),
  };
  if (!reader.isAtEnd) throw new BrokenHour('longer than its columns');
  return columns;
}

async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    throw new BrokenHour('cannot be inflated', { cause: error });
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** As zlib computes it, going on from `start`. */
function crc32(bytes: Uint8Array, start: number): number {
  let crc = ~start;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Front to back. */
class ColumnReader {
  readonly #body: Uint8Array<ArrayBuffer>;
  readonly #rows: number;
  #at = 0;

  constructor(body: Uint8Array<ArrayBuffer>, rows: number) {
    this.#body = body;
    this.#rows = rows;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#body.length;
  }

  /** `unit` stored ones are one; `turn`: the stored values go round. */
  column(unit: number, turn?: number): Float64Array {
    const head = this.#take(COLUMN_HEAD_BYTES);
    const [kind = 0, width = 0] = head;
    if (kind === ABSENT) return new Float64Array(this.#rows).fill(Number.NaN);
    const order = kind & ~WITH_UNKNOWN;
    if ((order !== DIFFERENCES && order !== SECOND_DIFFERENCES) || width > MAX_WIDTH) {
      throw new BrokenHour(`a column of kind ${kind} and width ${width}`);
    }
    const first = Number(new DataView(head.buffer, head.byteOffset).getBigInt64(2, true));
    const known = kind & WITH_UNKNOWN ? this.#take(Math.ceil(this.#rows / 8)) : undefined;
    const values = summed(this.#differences(width), first, order);
    for (let row = 0; row < values.length; row++) {
      const value = values[row] as number;
      values[row] = (turn === undefined ? value : ((value % turn) + turn) % turn) / unit;
    }
    if (known) forget(values, known);
    return values;
  }

  #differences(width: number): Float64Array {
    const [planes, rows] = [this.#take(width * this.#rows), this.#rows];
    const values = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      let folded = 0;
      for (let at = row + (width - 1) * rows; at >= 0; at -= rows)
        folded = folded * 256 + (planes[at] as number);
      values[row] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
    }
    return values;
  }

  #take(size: number): Uint8Array<ArrayBuffer> {
    const part = this.#body.subarray(this.#at, this.#at + size);
    if (part.length < size) throw new BrokenHour('shorter than its columns');
    this.#at += size;
    return part;
  }
}

/** In place: running sums from `first`, of running sums where the differences are second ones. */
function summed(differences: Float64Array, first: number, order: number): Float64Array {
  let [value, step] = [first, 0];
  for (let row = 0; row < differences.length; row++) {
    const difference = differences[row] as number;
    step = order === SECOND_DIFFERENCES ? step + difference : difference;
    value += step;
    differences[row] = value;
  }
  return differences;
}

function forget(values: Float64Array, known: Uint8Array): void {
  for (let row = 0; row < values.length; row++) {
    if (!((known[row >> 3] as number) & (0x80 >> (row & 7)))) values[row] = Number.NaN;
  }
}
