/** The driver's side of the conversation: what comes, what is written, and what waits for the network beyond the page. */
import { Postbox } from '../desk/postbox.ts';
import type { Thread } from '../desk/thread.ts';
import { Threads } from '../desk/threads.ts';
import type { Outbox } from '../drive/outbox.ts';
import type { Pairing } from '../drive/pairing.ts';
import { unseenMessages } from '../drive/replies.ts';
import type { LiveFeed } from '../live-feed.ts';
import { DriveMessages } from '../panels/drive-messages.ts';
import type { DriveView } from '../panels/drive-view.ts';
import type { FleetEvent } from '../protocol.ts';
import { t } from '../texts.ts';

const BUZZ_MS = 200;

export class DriveMail {
  readonly panel: DriveMessages;
  readonly #pairing: Pairing;
  readonly #outbox: Outbox;
  readonly #threads: Threads;
  readonly #postbox: Postbox;
  #savedVersion = 0;
  /** Up to here the driver has seen all; the server may not know yet. */
  #seenId = 0;
  #buzzedId = 0;

  /** `changed`: by the driver, who wants to see it at once. */
  constructor(pairing: Pairing, outbox: Outbox, feed: LiveFeed, changed: () => void) {
    const { label, vehicle, token } = pairing;
    this.#pairing = pairing;
    this.#outbox = outbox;
    this.#threads = new Threads(label, 'driver');
    this.#postbox = new Postbox({
      threads: this.#threads,
      messagesUrl: '/api/v1/messages',
      headers: { authorization: `Bearer ${token}` },
      ask: (question) => feed.ask(question),
      nowMs: () => feed.serverNowMs,
    });
    this.panel = new DriveMessages({
      me: label,
      side: 'driver',
      onOlder: () => void this.#postbox.load(vehicle),
      onAgain: (key) => this.#threads.again(vehicle, key),
      onDiscard: (key) => this.#threads.discard(vehicle, key),
      onSend: (text) => {
        this.write(text);
        changed();
      },
    });
  }

  /** What was written before the page was closed. */
  async restore(): Promise<void> {
    for (const { key, text, timeMs } of (await this.#outbox.find('unsent')) ?? []) {
      if (key !== null) this.#threads.write(this.#pairing.vehicle, { key, text, quickReplies: [] }, timeMs);
    }
  }

  happened(event: FleetEvent): void {
    this.#threads.happened(event);
  }

  /** The connection is there. */
  connected(): void {
    if (this.#postbox.loading(this.#pairing.vehicle) !== 'loaded')
      void this.#postbox.load(this.#pairing.vehicle);
  }

  write(text: string): void {
    const { vehicle } = this.#pairing;
    this.#postbox.write(vehicle, { key: crypto.randomUUID(), text, quickReplies: [] });
    this.panel.scrollToEnd();
    this.see();
  }

  /** The driver has seen all that is there now. */
  see(): void {
    this.#seenId = Math.max(this.#seenId, ...this.#thread.messages.map(({ id }) => id ?? 0));
  }

  get #thread(): Thread {
    return this.#threads.of(this.#pairing.vehicle);
  }

  /** Every second, and after whatever the driver does. */
  tick(view: DriveView, { isLive }: { readonly isLive: boolean }): void {
    const { vehicle } = this.#pairing;
    if (this.panel.isSeen) this.see();
    if (isLive) {
      this.#postbox.send();
      this.#postbox.markRead(vehicle, this.#seenId);
    }
    const unseen = unseenMessages(this.#thread.messages, this.#seenId);
    view.showMessages(unseen);
    this.#buzz(unseen.at(-1)?.id ?? 0);
    const isLoaded = this.#postbox.loading(vehicle) === 'loaded';
    this.panel.show(this.#thread, this.#threads.version, isLoaded ? t('No messages yet.') : '');
    this.#save();
  }

  #save(): void {
    if (this.#threads.version === this.#savedVersion) return;
    this.#savedVersion = this.#threads.version;
    void this.#outbox.keep('unsent', this.#thread.unsent);
  }

  /** Once for each; not every phone can. */
  #buzz(newestId: number): void {
    if (newestId > this.#buzzedId) navigator.vibrate?.(BUZZ_MS);
    this.#buzzedId = Math.max(this.#buzzedId, newestId);
  }
}
