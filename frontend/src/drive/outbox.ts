/** What the phone keeps beyond the page: fixes until they are acknowledged, and what is known of this phone. A shell around IndexedDB. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { ThreadMessage } from '../desk/thread.ts';
import type { Duty } from './duty.ts';
import type { DriveFix } from './fix.ts';
import { MOST_FIXES, thinnedTimes } from './outbox-rules.ts';
import type { Pairing } from './pairing.ts';

/** Each under its name. */
export interface Kept {
  readonly pairing: Pairing;
  readonly isStarted: boolean;
  readonly duty: Duty;
  /** The last one that was kept, sent or not. */
  readonly last: DriveFix;
  /** How many were given up since pairing. */
  readonly thinned: number;
  /** Messages that were written and are not stored yet. */
  readonly unsent: readonly ThreadMessage[];
}

interface DriveSchema extends DBSchema {
  fixes: { key: number; value: DriveFix };
  kept: { key: string; value: unknown };
}

const NAME = 'fleet-drive';
/** On disk before it counts, as on the server. */
const STRICT = { durability: 'strict' } as const;

export class Outbox {
  readonly #db: IDBPDatabase<DriveSchema>;
  readonly #most: number;
  #count: number;

  private constructor(db: IDBPDatabase<DriveSchema>, count: number, most: number) {
    this.#db = db;
    this.#count = count;
    this.#most = most;
  }

  static async open(most = MOST_FIXES): Promise<Outbox> {
    const db = await openDB<DriveSchema>(NAME, 1, {
      upgrade(fresh) {
        fresh.createObjectStore('fixes', { keyPath: 'fix_time' });
        fresh.createObjectStore('kept');
      },
    });
    return new Outbox(db, await db.count('fixes'), most);
  }

  get count(): number {
    return this.#count;
  }

  close(): void {
    this.#db.close();
  }

  /** Gives how many had to be given up for it. */
  async append(fix: DriveFix): Promise<number> {
    const transaction = this.#db.transaction(['fixes', 'kept'], 'readwrite', STRICT);
    const [fixes, kept] = [transaction.objectStore('fixes'), transaction.objectStore('kept')];
    await Promise.all([fixes.put(fix), kept.put(fix, 'last')]);
    const given = this.#count + 1 > this.#most ? thinnedTimes(await fixes.getAllKeys()) : [];
    if (given.length > 0) {
      const before = await kept.get('thinned');
      const thinned = (typeof before === 'number' ? before : 0) + given.length;
      await Promise.all([kept.put(thinned, 'thinned'), ...given.map((time) => fixes.delete(time))]);
    }
    const count = await fixes.count();
    await transaction.done;
    this.#count = count;
    return given.length;
  }

  /** At most `most`, in their order: so the live map is right at once while a backlog drains. */
  async newest(most: number): Promise<readonly DriveFix[]> {
    const found: DriveFix[] = [];
    let cursor = await this.#db.transaction('fixes').store.openCursor(null, 'prev');
    while (cursor !== null && found.length < most) {
      found.push(cursor.value);
      cursor = await cursor.continue();
    }
    return found.reverse();
  }

  async oldestMs(): Promise<number | null> {
    const cursor = await this.#db.transaction('fixes').store.openKeyCursor();
    return cursor?.key ?? null;
  }

  async remove(fixes: readonly DriveFix[]): Promise<void> {
    const transaction = this.#db.transaction('fixes', 'readwrite');
    await Promise.all(fixes.map(({ fix_time }) => transaction.store.delete(fix_time)));
    const count = await transaction.store.count();
    await transaction.done;
    this.#count = count;
  }

  async find<K extends keyof Kept>(name: K): Promise<Kept[K] | null> {
    return ((await this.#db.get('kept', name)) as Kept[K] | undefined) ?? null;
  }

  async keep<K extends keyof Kept>(name: K, value: Kept[K]): Promise<void> {
    await this.#db.put('kept', value, name);
  }

  async forget(name: keyof Kept): Promise<void> {
    await this.#db.delete('kept', name);
  }

  /** This phone is nobody's from now on. */
  async clear(): Promise<void> {
    const transaction = this.#db.transaction(['fixes', 'kept'], 'readwrite', STRICT);
    await Promise.all([transaction.objectStore('fixes').clear(), transaction.objectStore('kept').clear()]);
    await transaction.done;
    this.#count = 0;
  }
}
