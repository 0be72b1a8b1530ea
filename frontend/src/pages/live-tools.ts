/** What one does on the map by hand: trails, names, measuring, a picture. */
import { dayText, minuteText } from '../format.ts';
import type { FleetMap, Labels, Measured } from '../map/types.ts';
import { mountPoint } from '../panels/dom.ts';
import { MapTools } from '../panels/map-tools.ts';
import type { Shortcut } from '../panels/shortcuts.ts';
import { type Marked, mark, t } from '../texts.ts';
import type { LiveTrails } from './live-trails.ts';

const NEXT_LABELS: Readonly<Record<Labels, Labels>> = { auto: 'on', on: 'off', off: 'auto' };
const LABELS_SAID: Readonly<Record<Labels, Marked>> = {
  auto: mark('Names show by themselves near the streets.'),
  on: mark('Names show always.'),
  off: mark('No names on the map.'),
};

export interface MapToggle {
  readonly isOpen: boolean;
  toggle(): void;
}

export interface LiveToolsOptions {
  readonly map: FleetMap;
  readonly trails: LiveTrails;
  readonly labels: Labels;
  /** Of what the map shows. */
  nowMs(): number;
  /** Whether that is the past. */
  readonly replay: MapToggle;
  say(text: string): void;
  /** The address has to say it. */
  onChange(): void;
}

export class LiveTools {
  readonly #options: LiveToolsOptions;
  readonly #tools: MapTools;
  readonly shortcuts: readonly Shortcut[];
  labels: Labels;
  #isMeasuring = false;

  constructor(options: LiveToolsOptions) {
    this.#options = options;
    this.labels = options.labels;
    const tools = [
      {
        name: 'trails',
        icon: 'trail',
        label: t('Trails of all in view'),
        key: 'r',
        run: () => this.#trails(),
      },
      { name: 'names', icon: 'labels', label: t('Names on the map'), key: 'l', run: () => this.#names() },
      { name: 'measure', icon: 'ruler', label: t('Measure'), key: 'd', run: () => this.#measure() },
      {
        name: 'replay',
        icon: 'past',
        label: t('Back in time'),
        key: 'b',
        run: () => options.replay.toggle(),
      },
      {
        name: 'picture',
        icon: 'camera',
        label: t('Save the map as a picture'),
        key: 'p',
        run: () => this.#save(),
      },
    ] as const;
    this.shortcuts = tools
      .filter(({ name }) => name !== 'replay')
      .map(({ key, label, run }) => ({ key, what: label, run }));
    this.#tools = new MapTools(mountPoint('map-area'), tools, () => this.endMeasuring());
  }

  start(): void {
    this.#options.map.labels(this.labels);
    this.press();
  }

  /** From the map: null when nobody measures. */
  measured(measured: Measured | null): void {
    this.#isMeasuring = measured !== null;
    this.#tools.showMeasured(measured);
    this.press();
  }

  /** Says whether somebody did. */
  endMeasuring(): boolean {
    const was = this.#isMeasuring;
    this.#options.map.measure(false);
    return was;
  }

  #trails(): void {
    this.#options.trails.toggleAll();
    this.press();
  }

  #names(): void {
    this.labels = NEXT_LABELS[this.labels];
    this.#options.map.labels(this.labels);
    this.#options.say(t(LABELS_SAID[this.labels]));
    this.#options.onChange();
    this.press();
  }

  #measure(): void {
    this.#options.map.measure(!this.#isMeasuring);
  }

  async #save(): Promise<void> {
    const now = this.#options.nowMs();
    try {
      const blob = await this.#options.map.picture(`Fleet, ${dayText(now)}, ${minuteText(now)}`);
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = `fleet-${new Date(now).toISOString().slice(0, 16).replace(':', '')}.png`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch {
      this.#options.say(t('The map could not be saved as a picture.'));
    }
  }

  /** Something of it changed elsewhere. */
  press(): void {
    this.#tools.press('replay', this.#options.replay.isOpen);
    this.#tools.press('trails', this.#options.trails.isAll);
    this.#tools.press('names', this.labels === 'on');
    this.#tools.press('measure', this.#isMeasuring);
  }
}
