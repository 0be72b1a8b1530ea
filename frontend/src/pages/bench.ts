/**
 * The live page, whole, with a simulated fleet in view: `?n=` vehicles, `?z=` zoom. `window.bench` tells what a frame costs.
 *
 * Clusters, names, and the trails of thirty selected vehicles are on. `?mode=marker` and `circle` show the same fleet on
 * Leaflet's own markers, and nothing else.
 *
 * Only the far end of the WebSocket is not real: a worker writes the frames that the server would send.
 */
import '../styles/base.css';
import '../styles/live.css';
import { installBenchSocket } from '../bench/bench-socket.ts';
import { FrameMeter } from '../bench/frame-meter.ts';
import { startNaivePage } from '../bench/naive-page.ts';
import noneUrl from '../bench/none.json?url';
import regionsUrl from '../bench/regions.json?url';
import { loadTexts } from '../language.ts';
import { type LeafletMap, pointAt, whenMapIsMade } from '../map/measure.ts';
import { defineIcons } from '../panels/icons.ts';
import { LivePage } from './live-page.ts';

await loadTexts();
const CENTRE = { lat: 57.7, lon: 11.97 };
const TRAILS = 30;
/** Vehicles keep this share of the view away from its edges. */
const INSET = -0.02;

const asked = new URLSearchParams(location.search);
const count = Number(asked.get('n') ?? 1_000);
const zoom = Number(asked.get('z') ?? 12);
const mode = asked.get('mode') ?? 'product';

const meter = new FrameMeter();
const madeMs = performance.now();
const bench = {
  map: null as LeafletMap | null,
  setupMs: 0,
  get ready() {
    return meter.frames > 1 && meter.messages > 2;
  },
  get frames() {
    return meter.frames;
  },
  reset: () => meter.reset(),
  report: () => ({ mode, n: count, setup: Math.round(bench.setupMs), ...meter.report() }),
  /** What a click costs. */
  hit: (x: number, y: number) => {
    const startMs = performance.now();
    if (bench.map !== null) pointAt(bench.map, x, y);
    return { ms: performance.now() - startMs };
  },
};

whenMapIsMade((map) => {
  bench.map = map;
});
installBenchSocket({
  setup: () => {
    const bounds = bench.map?.getBounds().pad(INSET);
    if (bounds === undefined) throw new Error('The map has to be there before its feed.');
    const [west, south, east, north] = bounds.toBBoxString().split(',').map(Number) as [
      number,
      number,
      number,
      number,
    ];
    return { count, box: { west, south, east, north } };
  },
  onTaken: (durationMs) => {
    meter.noteFeed(durationMs);
    bench.setupMs ||= performance.now() - madeMs;
  },
});

// The live page reads its view from the address.
const group = Array.from({ length: TRAILS }, (_, i) => `bench-${i + 2}`).join(',');
const address = `?at=${zoom}/${CENTRE.lat}/${CENTRE.lon}&names=on&group=${group}`;
history.replaceState(null, '', location.pathname + address);
Object.assign(window, { bench });
meter.start();
if (mode === 'marker' || mode === 'circle') startNaivePage(mode, { ...CENTRE, zoom });
else startLivePage();

function startLivePage(): void {
  defineIcons();
  const page = new LivePage({
    live_url: '/live/v1/ws',
    regions_url: regionsUrl,
    vehicles_url: noneUrl,
    fleet_url: noneUrl,
    shares_url: '',
    views_url: '',
    share_days: 0,
    events_url: noneUrl,
    alerts_url: noneUrl,
    messages_url: noneUrl,
    everything: true,
    user: 'bench',
    tile_url: '',
    tile_attribution: '',
    time_zone: 'UTC',
    demo: false,
  });
  void page.start();
}
