/** The right column of the live page: what happens, and the conversation with the selected vehicle's driver. */

import { BEFORE_OPENING_MS, EventArchive } from '../desk/event-archive.ts';
import { amendmentOf, EventLog, entryOfEvent, entryOfKept, type LogEntry } from '../desk/event-log.ts';
import { othersIn, People } from '../desk/people.ts';
import { Postbox } from '../desk/postbox.ts';
import { Threads } from '../desk/threads.ts';
import { VehicleNames } from '../desk/vehicle-names.ts';
import { loadVehicles } from '../history/load.ts';
import type { LiveFeed } from '../live-feed.ts';
import type { PageConfig } from '../page-config.ts';
import { Conversation } from '../panels/conversation.ts';
import { mountPoint } from '../panels/dom.ts';
import { EventList } from '../panels/event-list.ts';
import type { SideColumn } from '../panels/side-column.ts';
import type { FleetEvent, Note } from '../protocol.ts';
import { t } from '../texts.ts';
import { LiveAlerts } from './live-alerts.ts';
import type { LiveCalls } from './live-calls.ts';
import type { LiveRegions } from './live-regions.ts';

const UNREAD_EVERY_MS = 20_000;

export interface DeskOptions {
  readonly feed: LiveFeed;
  readonly config: PageConfig;
  readonly regions: LiveRegions;
  readonly column: SideColumn;
  /** In which days begin and end. */
  readonly zone: string;
  /** One vehicle, or several that broke one rule at a time, by slug; and when. */
  onPick(vehicles: readonly string[], timeMs: number): void;
  /** A new alert is followed to where its vehicles are now. */
  onCall(vehicles: readonly string[]): void;
  say(text: string): void;
}

export class Desk {
  readonly #options: DeskOptions;
  readonly #log = new EventLog();
  /** A vehicle's room tells of its whole day, which would stand alone among nobody else's. */
  readonly #logFromMs = Date.now() - BEFORE_OPENING_MS;
  readonly #archive: EventArchive;
  readonly #threads: Threads;
  readonly #postbox: Postbox;
  readonly #people = new People();
  readonly #alerts: LiveAlerts;
  readonly #events: EventList;
  readonly #conversation: Conversation;
  readonly #column: SideColumn;
  readonly #conversationBox = mountPoint('conversation');
  /** Of vehicles that may be gone from the regions that are watched; the archive has slugs only. */
  readonly #names: VehicleNames;
  #vehicle: string | null = null;
  /** Why the selected vehicle's room was refused. */
  #refusal = '';
  #isLogLoaded = false;
  #unreadAtMs = 0;
  #isFiltered: readonly [entries: readonly LogEntry[], choice: unknown, shown: readonly LogEntry[]] | null =
    null;

  constructor(options: DeskOptions) {
    this.#options = options;
    const { config, feed } = options;
    this.#column = options.column;
    this.#names = new VehicleNames(() => loadVehicles(config.vehicles_url));
    this.#archive = new EventArchive(this.#log, config.events_url);
    this.#threads = new Threads(config.user);
    this.#postbox = new Postbox({
      threads: this.#threads,
      messagesUrl: config.messages_url,
      ask: (question) => feed.ask(question),
      nowMs: () => feed.serverNowMs,
    });
    const names = {
      vehicle: (entry: LogEntry) => this.#nameOf(entry),
      region: (slug: string) => this.#regionName(slug),
      snoozedUntilMs: (entry: LogEntry) => this.#alerts.snoozedUntilMs(entry),
    };
    this.#alerts = new LiveAlerts({
      alertsUrl: config.alerts_url,
      container: mountPoint('map-area'),
      names,
      onPick: (vehicles) => options.onCall(vehicles),
      zone: options.zone,
      nowMs: () => feed.serverNowMs,
      say: options.say,
    });
    this.#events = new EventList({
      container: mountPoint('event-log'),
      names,
      rulesUrl: config.everything ? '/rules' : null,
      onPick: (vehicles, timeMs) => options.onPick(vehicles, timeMs),
      onFill: (gap) => void this.#fill(gap),
      onAcknowledge: (group) => void this.#alerts.acknowledge(group),
      onSnooze: (group, button) => this.#alerts.offerSnooze(group, button),
      onClose: () => this.#column.toggle(),
    });
    this.#conversation = new Conversation({
      container: this.#conversationBox,
      me: config.user,
      side: 'dispatcher',
      onSend: (text, answers) => this.#write(text, answers),
      onOlder: () => this.#vehicle !== null && void this.#postbox.load(this.#vehicle),
      onAgain: (key) => this.#vehicle !== null && this.#threads.again(this.#vehicle, key),
      onDiscard: (key) => this.#vehicle !== null && this.#threads.discard(this.#vehicle, key),
    });
    window.addEventListener('beforeunload', (event) => this.#threads.hasUnsent && event.preventDefault());
  }

  get unreadTotal(): number {
    return this.#threads.waiting.reduce((sum, vehicle) => sum + this.#threads.unread(vehicle), 0);
  }

  /** How new alerts make themselves known. */
  get calls(): LiveCalls {
    return this.#alerts.calls;
  }

  unread(vehicle: string): number {
    return this.#threads.unread(vehicle);
  }

  /** What happened before the page was opened. */
  async load(): Promise<void> {
    try {
      await Promise.all([
        this.#archive.loadRecent(Date.now()),
        this.#archive.loadAlerts(this.#options.config.alerts_url),
        this.#alerts.load(),
        this.#loadUnread(),
      ]);
    } catch {
      this.#options.say(t('Earlier events and messages could not be loaded.'));
    }
    this.#isLogLoaded = true;
  }

  happened(event: FleetEvent): void {
    const amendment = amendmentOf(event.kind, event.data);
    if (amendment !== null) this.#log.amend(amendment);
    const entry = entryOfEvent(event);
    if (entry !== null && entry.timeMs >= this.#logFromMs) {
      this.#log.add([entry]);
      this.#names.learn({ slug: entry.vehicle, name: entry.name });
      if (entry.kind === 'alert' && this.#isWanted(entry)) void this.#alerts.happened(entry);
    }
    this.#threads.happened(event);
  }

  noted(note: Note): void {
    if (note.type === 'presence') this.#people.hear(note);
  }

  /** A vehicle by its slug. */
  turnTo(vehicle: string | null): void {
    if (vehicle === this.#vehicle) return;
    if (this.#vehicle !== null) this.#people.forget(channelOf(this.#vehicle));
    this.#vehicle = vehicle;
    this.#refusal = '';
    this.#column.turnTo(vehicle !== null);
    if (vehicle !== null && this.#postbox.loading(vehicle) === 'none') void this.#postbox.load(vehicle);
    this.#showConversation();
  }

  /** The room of the selected vehicle. */
  refused(reason: string): void {
    this.#refusal = reason;
  }

  toggle(): void {
    this.#column.toggle();
  }

  writeToDriver(): void {
    if (this.#vehicle === null) return;
    this.#column.turnTo(true);
    this.#conversation.focus();
  }

  /** The newest over the map, else the list. */
  turnToAlerts(): void {
    if (!this.calls.focus()) this.readLog();
  }

  readLog(): void {
    if (!this.#column.isOpen) this.#column.toggle();
    this.#events.focus();
  }

  /** Several times a second. */
  tick(): void {
    if (this.#isLive) this.#postbox.send();
    this.#findUnread();
    this.#markRead();
    this.#column.count(this.unreadTotal);
    this.#alerts.tick(this.#log.entries);
    if (!this.#column.isOpen) return;
    this.#events.count({ messages: this.unreadTotal, alerts: this.#alerts.waiting(this.#wantedEntries()) });
    this.#events.say(this.#isLogLoaded ? t('Nothing has happened in the last half hour.') : '');
    this.#events.show(this.#wantedEntries(), this.#options.feed.serverNowMs);
    this.#showConversation();
  }

  get #isLive(): boolean {
    const { level } = this.#options.feed.report();
    return level === 'ok' || level === 'late';
  }

  /** Crossings of the regions that are watched; what drivers write is for everybody who may read it. */
  #wantedEntries(): readonly LogEntry[] {
    const { choice } = this.#options.regions;
    const { entries } = this.#log;
    if (choice === 'all') return entries;
    const [knownEntries, knownChoice, known] = this.#isFiltered ?? [];
    if (known !== undefined && knownEntries === entries && knownChoice === choice) return known;
    const shown = entries.filter((entry) => this.#isWanted(entry));
    this.#isFiltered = [entries, choice, shown];
    return shown;
  }

  #isWanted({ region }: LogEntry): boolean {
    const { choice } = this.#options.regions;
    return choice === 'all' || region === null || choice.has(region);
  }

  #showConversation(): void {
    const vehicle = this.#vehicle;
    this.#conversationBox.hidden = vehicle === null;
    if (vehicle === null) return;
    const people = this.#people.in(channelOf(vehicle));
    this.#conversation.show({
      vehicle,
      thread: this.#threads.of(vehicle),
      version: this.#threads.version,
      people,
      others: othersIn(people, this.#options.config.user),
      emptyText: this.#emptyText(vehicle),
      problem: this.#problem(vehicle),
      nowMs: this.#options.feed.serverNowMs,
    });
  }

  #emptyText(vehicle: string): string {
    return this.#postbox.loading(vehicle) === 'loaded' ? t('No messages yet.') : '';
  }

  #problem(vehicle: string): string {
    if (this.#refusal !== '')
      return t('New messages do not come by themselves: you may not watch this vehicle.');
    if (this.#postbox.loading(vehicle) === 'failed') return t('Earlier messages could not be loaded.');
    return '';
  }

  #write(text: string, answers: readonly string[]): void {
    if (this.#vehicle === null) return;
    this.#postbox.write(this.#vehicle, { key: crypto.randomUUID(), text, quickReplies: answers });
    this.#conversation.scrollToEnd();
    this.#showConversation();
  }

  /** Seen is what is on a screen that somebody has in front of him. */
  #markRead(): void {
    if (this.#vehicle === null || !this.#isLive || document.visibilityState !== 'visible') return;
    if (this.#column.isOpen && this.#conversation.isAtEnd) this.#postbox.markRead(this.#vehicle);
  }

  async #loadUnread(): Promise<void> {
    this.#unreadAtMs = Date.now();
    const kept = await this.#postbox.loadUnread();
    this.#log.add(kept.flatMap((message) => entryOfKept(message) ?? []));
  }

  /** Whoever watches a few regions hears only what is written in them, and may answer all the same. */
  #findUnread(): void {
    const isDue = this.#options.regions.choice !== 'all' && Date.now() - this.#unreadAtMs >= UNREAD_EVERY_MS;
    if (isDue && this.#isLive && !document.hidden) void this.#loadUnread().catch(() => undefined);
  }

  async #fill(gap: LogEntry): Promise<void> {
    try {
      await this.#archive.fill(gap);
    } catch {
      this.#options.say(t('The log could not be loaded.'));
    }
  }

  #nameOf({ vehicle, name }: LogEntry): string {
    const { feed } = this.#options;
    const known = feed.store.nameOf(vehicle) ?? this.#names.find(vehicle);
    if (known === null && feed.isSettled) this.#names.ask();
    return known ?? name;
  }

  #regionName(slug: string): string {
    return this.#options.regions.shapes.find((shape) => shape.slug === slug)?.name ?? slug;
  }
}

function channelOf(vehicle: string): string {
  return `vehicle:${vehicle}`;
}
