/** What reading an answer costs the browser's engine: argument 1 is its file, 2 its format; prints milliseconds of CPU. */
import { readFile } from 'node:fs/promises';
import { unpackTrack } from '../../frontend/src/history/packed-track.ts';
import { trackOf } from '../../frontend/src/history/track.ts';

const RUNS = 20;
const [, , file, format] = process.argv;
const bytes = new Uint8Array(await readFile(file));
const read = async () =>
  format === 'packed' ? unpackTrack(bytes) : trackOf(JSON.parse(new TextDecoder().decode(bytes)));

for (let run = 0; run < RUNS; run++) await read();
const begin = process.cpuUsage();
for (let run = 0; run < RUNS; run++) await read();
const { user, system } = process.cpuUsage(begin);
console.log((user + system) / 1_000 / RUNS);
