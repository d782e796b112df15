/**
 * Importing streams: of any size, batch by batch, each batch whole or not at all. A run that
 * was broken off is simply started again: what is there already stays as it is.
 */
import { sql } from 'drizzle-orm';
import type { Database, Queryable } from '../../../database/database.js';
import { checkAuthor, importIdentity } from '../../auth/author.js';
import { unlimited } from '../../quotation/budget.js';
import { rankEntities } from '../../writing/searchable.js';
import { brokenRule, isConflict } from '../../../database/errors.js';
import {
  applyPlan,
  emptySummary,
  lockWriting,
  planWriting,
  shareWriting,
  type WritingSummary,
} from '../../writing/write.js';
import { sortBatch } from './batch.js';
import { identifiersIn } from '../../values/identifiers.js';
import { schemeName } from '../../values/schemes.js';
import { readEntry, type Provenance } from './entries.js';
import {
  explained,
  isRejected,
  type Entry,
  type ParsedRecord,
  type RejectedRecord,
  type Warning,
} from './parsedRecord.js';
import { Memory, resolveNames } from './resolve.js';
import { Seen } from './seen.js';
import { Spool } from './spool.js';
import { readTombstone, writeTombstones, type TombstoneEntry } from './tombstones.js';
import { recordTypeByName } from '../../model/recordTypes.js';

export interface StreamImportOptions {
  /** The name that history shows for the author. Default `import`. */
  actor?: string | undefined;
  /** Who the author is, whatever the name. Default `app:import`. */
  identity?: string | undefined;
  /** Why, for the history. */
  reason?: string | undefined;
  /**
   * Within which identifiers hold that are not unique in the world: give each publisher a name of
   * its own. Default: the file that a record comes from.
   */
  source?: string | undefined;
  /** Schemes whose identifiers count as unique in the world, beside those that docs/stream.md lists. */
  trustSchemes?: readonly string[] | undefined;
  /** Take the sound records even where others are wrong. By default the first batch with a wrong one ends the run. */
  keepGoing?: boolean | undefined;
  /** Told of each record that is not taken. */
  onRefused?: ((refusal: RejectedRecord) => void) | undefined;
  /**
   * Told of what is wrong with a record that is taken: an identifier that is not in the form of
   * its scheme, or one by which it would be another record, from which it is kept apart.
   */
  onWarning?: ((warning: Warning) => void) | undefined;
  /** Told how many records are done. */
  onProgress?: ((records: number) => void) | undefined;
}

/** How many records were made, changed, left as they were and refused. */
export interface StreamSummary extends WritingSummary {
  refused: number;
  /** How many records were kept apart from one to which another source gives the same identifier. */
  apart: number;
  /** The sources within which records were known by identifiers that hold only there. */
  sources: string[];
  /** How many records were told to have been erased elsewhere, and are not taken in from now on. */
  tombstones: number;
}

/** Records that were refused, so that the run ended. Batches before theirs are written. */
export class StreamError extends Error {
  override name = 'StreamError';
  readonly rejections: readonly RejectedRecord[];

  constructor(rejections: readonly RejectedRecord[]) {
    super(rejections.map(describeRejection).join('\n'));
    this.rejections = rejections;
  }
}

/** `people.jsonl:7: "kind" is required …`, a line for each reason. */
export const describeRejection = ({ origin, reasons }: RejectedRecord): string =>
  reasons.map((reason) => `${origin.file}:${origin.line}: ${reason}`).join('\n');

/**
 * Reads records into the knowledge base.
 *
 * @throws StreamError at records that are refused, unless `keepGoing`
 */
export async function importRecords(
  database: Database,
  records: AsyncIterable<ParsedRecord[]>,
  options: StreamImportOptions = {},
): Promise<StreamSummary> {
  const { actor = 'import', identity = importIdentity } = options;
  checkAuthor({ identity, actor });
  const run = new Run(database, options);
  try {
    for await (const some of records) {
      for (const parsed of some) await run.take(parsed);
    }
    return await run.finish();
  } finally {
    await run.dispose();
  }
}

// Private:

/** A batch is one transaction: large enough to be worth its round trips, small enough for memory. */
const maxRecords = 1000;
/** The same where all others wait while it is written: about a tenth of a second. */
const maxRecordsShared = 25;
const maxCharacters = 2_000_000;

/** So many batches are written at a time: while PostgreSQL writes one, another is checked here. */
const lanes = 2;

class Run {
  readonly #database: Database;
  readonly #mostRecords: number;
  readonly #options: StreamImportOptions;
  readonly #summary: StreamSummary = {
    ...emptySummary(),
    refused: 0,
    apart: 0,
    sources: [],
    tombstones: 0,
  };
  readonly #provenance: Provenance;
  readonly #memory: Memory;
  /** Where each source has told a record. */
  readonly #seen = new Map<string, Seen>();
  #waiting = new Spool<Entry>();
  #tombstones: TombstoneEntry[] = [];
  #batch: Entry[] = [];
  #refused: RejectedRecord[] = [];
  #characters = 0;
  /** The source of the last record. */
  #source: string | undefined;
  #done = 0;
  #written = 0;
  readonly #writing = new Set<Promise<void>>();

  constructor(database: Database, options: StreamImportOptions) {
    this.#database = database;
    this.#mostRecords = database.sharesSession ? maxRecordsShared : maxRecords;
    this.#options = options;
    const trusted = new Set((options.trustSchemes ?? []).map(schemeName));
    this.#provenance = { source: options.source, trusted };
    this.#memory = new Memory(trusted);
  }

  /** Begins to write when there is enough for a batch. */
  async take(parsed: ParsedRecord): Promise<void> {
    const tombstone = readTombstone(parsed);
    if (tombstone && 'tombstone' in tombstone) {
      this.#tombstones.push(tombstone);
      if (this.#tombstones.length >= maxRecords) await this.#flush();
      return;
    }
    const entry = tombstone ?? readEntry(parsed, this.#provenance);
    if (isRejected(entry)) this.#refused.push(entry);
    else {
      // Two sources may tell the same record: the second has to see what the first has written.
      if (this.#source !== undefined && this.#source !== entry.source) {
        await this.#flush();
        await Promise.all(this.#writing);
      }
      this.#source = entry.source;
      this.#batch.push(entry);
      this.#noteSource(entry);
    }
    this.#characters += sizeOf(entry);
    if (
      this.#batch.length + this.#refused.length >= this.#mostRecords ||
      this.#characters >= maxCharacters
    ) {
      await this.#flush();
    }
  }

  async finish(): Promise<StreamSummary> {
    await this.#flush();
    await Promise.all(this.#writing);
    await this.#writeWaiting();
    if (this.#written > 0) {
      await rankEntities(this.#database.db);
      await this.#database.db.execute(sql`analyze`);
    }
    return this.#summary;
  }

  async dispose(): Promise<void> {
    await Promise.allSettled(this.#writing);
    await this.#waiting.dispose();
  }

  // Private:

  /** Begins to write the batch; others are read and written meanwhile. */
  async #flush(): Promise<void> {
    await this.#writeTombstones();
    const [batch, refused] = [this.#batch, this.#refused];
    [this.#batch, this.#refused, this.#characters] = [[], [], 0];
    while (this.#writing.size >= lanes) await Promise.race(this.#writing);
    const earlier = [...this.#writing];
    const writing = this.#writeBeside(earlier, batch, refused);
    this.#writing.add(writing);
    // Whoever waits for a place, or for the end, hears of its failure: it stays in the set.
    writing.then(
      () => this.#writing.delete(writing),
      () => {},
    );
  }

  /** Before the records that come with them, which may be those that were erased. */
  async #writeTombstones(): Promise<void> {
    if (this.#tombstones.length === 0) return;
    const entries = this.#tombstones;
    this.#tombstones = [];
    await Promise.all(this.#writing);
    const rejections = await this.#database.db.transaction(async (tx) => {
      await lockWriting(tx);
      const refused = await writeTombstones(tx, entries);
      if (refused.length > 0 && !this.#options.keepGoing) throw new StreamError(refused);
      return refused;
    });
    this.#reject(rejections);
    this.#summary.tombstones += entries.length - rejections.length;
  }

  /** Round by round, as long as one makes a difference; in the end nothing more is waited for. */
  async #writeWaiting(): Promise<void> {
    for (let isLast = false; this.#waiting.size > 0;) {
      const waiting = this.#waiting;
      const before = this.#done;
      this.#waiting = new Spool();
      try {
        let batch: Entry[] = [];
        for await (const entry of waiting.items()) {
          batch.push(entry);
          if (batch.length < this.#mostRecords) continue;
          await this.#waiting.add(await this.#write(batch, [], isLast));
          batch = [];
        }
        await this.#waiting.add(await this.#write(batch, [], isLast));
      } finally {
        await waiting.dispose();
      }
      isLast = this.#done === before;
    }
  }

  /** What names records of a batch that is being written may only have to wait for that one. */
  async #writeBeside(
    earlier: Promise<void>[],
    batch: Entry[],
    refused: RejectedRecord[],
  ): Promise<void> {
    const waiting = await this.#write(batch, refused, false);
    if (waiting.length === 0) return;
    await Promise.all(earlier);
    const left = earlier.length > 0 ? await this.#write(waiting, [], false) : waiting;
    await this.#waiting.add(left);
  }

  /** Returns the records that have to wait for others. */
  async #write(batch: Entry[], refused: RejectedRecord[], isLast: boolean): Promise<Entry[]> {
    try {
      return await this.#writeAtOnce(batch, refused, isLast, shareWriting);
    } catch (error) {
      if (!brokenRule(error) && !isConflict(error)) throw error;
      // Perhaps only because of what was written beside it.
      return await this.#writeAlone(batch, refused, isLast);
    }
  }

  async #writeAlone(batch: Entry[], refused: RejectedRecord[], isLast: boolean): Promise<Entry[]> {
    try {
      return await this.#writeAtOnce(batch, refused, isLast, lockWriting);
    } catch (error) {
      const rule = brokenRule(error);
      if (!rule) throw error;
      // A rule of the database that no check foresaw: the halves tell which record breaks it.
      if (batch.length > 1) {
        const half = Math.ceil(batch.length / 2);
        const first = await this.#writeAlone(batch.slice(0, half), refused, isLast);
        return [...first, ...(await this.#writeAlone(batch.slice(half), [], isLast))];
      }
      const [entry] = batch;
      if (!entry) throw error;
      const { origin, type, record } = entry;
      const reasons = [`the database refused the record: ${rule}`];
      this.#reject([...refused, { origin, reasons, data: { type, ...record } }]);
      return [];
    }
  }

  async #writeAtOnce(
    batch: Entry[],
    refused: RejectedRecord[],
    isLast: boolean,
    lock: (tx: Queryable) => Promise<void>,
  ): Promise<Entry[]> {
    if (batch.length === 0) {
      this.#reject(refused);
      return [];
    }
    const { actor = 'import', identity = importIdentity, reason = null } = this.#options;
    const writing = this.#database.db.transaction(async (tx) => {
      await lock(tx);
      const sorted = await this.#sort(tx, batch, isLast);
      const rejections = [...refused, ...sorted.rejections];
      if (rejections.length > 0 && !this.#options.keepGoing) throw new StreamError(rejections);
      const plan = await planWriting(
        tx,
        sorted.ready.map(({ recordChange }) => recordChange),
        unlimited(),
      );
      await applyPlan(
        tx,
        plan,
        { identity, actor, reason },
        { ranksLater: true, slugs: sorted.slugs },
      );
      return { sorted, refusals: rejections, summary: plan.summary };
    });
    const outcome = await writing.catch(async (error: unknown) => {
      throw error instanceof StreamError
        ? new StreamError(await explained(error.rejections))
        : error;
    });
    const { sorted, refusals, summary } = outcome;
    this.#reject(await explained(refusals));
    this.#summary.apart += new Set(sorted.apart.map(({ origin }) => origin)).size;
    for (const warning of sorted.apart) this.#options.onWarning?.(warning);
    this.#count(summary, sorted);
    return sorted.waiting;
  }

  async #sort(tx: Queryable, batch: Entry[], isLast: boolean) {
    const { entries, rejections, apart } = await resolveNames(tx, batch, this.#memory);
    const sorted = await sortBatch(tx, entries, isLast);
    sorted.rejections.unshift(...rejections);
    const ready = [];
    for (const each of sorted.ready) {
      const { entry, recordChange } = each;
      const { origin, type, record, source } = entry;
      const first = entry.isRest ? undefined : this.#seenIn(source).note(recordChange.id, origin);
      if (!first || (first.line === origin.line && first.file === origin.file)) ready.push(each);
      else {
        const reasons = [`the record is told twice, first in ${first.file}:${first.line}`];
        sorted.rejections.push({ origin, reasons, data: { type, ...record } });
      }
    }
    return { ...sorted, ready, apart };
  }

  #seenIn(source: string): Seen {
    const seen = this.#seen.get(source) ?? new Seen();
    this.#seen.set(source, seen);
    return seen;
  }

  /** What is wrong with the record but does not keep it out, and whose identifiers it goes by. */
  #noteSource({ origin, source, record, warnings = [] }: Entry): void {
    for (const message of warnings) this.#options.onWarning?.({ origin, message });
    if (record['slug'] !== undefined || this.#summary.sources.includes(source)) return;
    const isLocal = identifiersIn(record['identifiers']).some((each) => each.source === source);
    if (isLocal) this.#summary.sources.push(source);
  }

  #reject(rejections: RejectedRecord[]): void {
    if (rejections.length > 0 && !this.#options.keepGoing) throw new StreamError(rejections);
    this.#summary.refused += rejections.length;
    for (const refusal of rejections) this.#options.onRefused?.(refusal);
  }

  #count(
    summary: WritingSummary,
    { ready, unchanged }: { ready: unknown[]; unchanged: Entry[] },
  ): void {
    for (const outcome of ['created', 'updated', 'unchanged'] as const) {
      for (const [recordType, count] of Object.entries(summary[outcome])) {
        this.#summary[outcome][recordType as keyof WritingSummary['created']] += count;
        if (outcome !== 'unchanged') this.#written += count;
      }
    }
    for (const { type } of unchanged) this.#summary.unchanged[recordTypeByName[type]]++;
    this.#summary.broken.push(...summary.broken);
    this.#summary.removed.push(...summary.removed);
    this.#done += ready.length + unchanged.length;
    this.#options.onProgress?.(this.#done);
  }
}

/** About how many characters the record takes. */
function sizeOf(entry: Entry | RejectedRecord): number {
  if (isRejected(entry)) return 100;
  const { body } = entry.record;
  return typeof body === 'string' ? body.length : 500;
}
