/** Two short tones. Browsers let a page sound only after somebody has touched it. */

const TONES_HZ = [880, 1320];
const TONE_S = 0.14;
const LOUDNESS = 0.2;
/** Other tabs of this page keep silent meanwhile. */
const OWN_MS = 3000;

export class AlertSound {
  #context: AudioContext | null = null;

  constructor() {
    const unlock = (): void => {
      this.#context ??= new AudioContext();
      void this.#context.resume();
    };
    for (const gesture of ['pointerdown', 'keydown'])
      document.addEventListener(gesture, unlock, { once: true, capture: true });
  }

  /** Says whether it may sound. */
  play(): boolean {
    const context = this.#context;
    if (context === null || context.state !== 'running') return false;
    void oncePerBrowser(() => {
      for (const [index, hz] of TONES_HZ.entries()) tone(context, hz, index * TONE_S);
    });
    return true;
  }
}

/** Without locks, as over plain HTTP, each tab sounds. */
async function oncePerBrowser(run: () => void): Promise<void> {
  if (navigator.locks === undefined) {
    run();
    return;
  }
  await navigator.locks.request('fleet-alert-sound', { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    run();
    await new Promise((resolve) => setTimeout(resolve, OWN_MS));
  });
}

function tone(context: AudioContext, hz: number, inS: number): void {
  const start = context.currentTime + inS;
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.01);
  gain.gain.exponentialRampToValueAtTime(0.001, start + TONE_S);
  const voice = new OscillatorNode(context, { frequency: hz });
  voice.connect(gain).connect(context.destination);
  voice.start(start);
  voice.stop(start + TONE_S);
}
