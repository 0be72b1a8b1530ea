/** The simulated fleet on Leaflet's own markers, fed by the same worker; nothing else is on the page. */
import { NaiveMap, type NaiveWay } from '../map/naive.ts';
import type { MapView } from '../map/types.ts';
import { mountPoint } from '../panels/dom.ts';
import type { Frame } from '../protocol.ts';

export function startNaivePage(way: NaiveWay, view: MapView): void {
  const naive = new NaiveMap(mountPoint('map'), way, view);
  const socket = new WebSocket('bench:');
  socket.addEventListener('open', () => {
    socket.send('{"type":"hello"}');
    socket.send('{"type":"join","id":1,"channel":"region:all"}');
  });
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const frame = JSON.parse(data) as Frame | { type: '' };
    if (frame.type === 'snapshot' || frame.type === 'delta') naive.apply(frame.rows);
  });
}
