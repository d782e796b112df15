/**
 * Importing streams: of any size, batch by batch, each batch whole or not at all. A run that
 * was broken off is simply started again: what is there already stays as it is.
 */
import { sql } from 'drizzle-orm';
import type { Database } from '../../../database/database.js';
import { checkAuthor, importIdentity } from '../../auth/author.js';
import { identifiersIn } from '../../values/identifiers.js';
import { schemeName } from '../../values/schemes.js';
import { rankEntities } from '../../writing/searchable.js';
import { lockWriting } from '../../writing/lock.js';
import { BatchWriter } from './batchWriter.js';
import { readEntry, type Provenance } from './entries.js';
import type { StreamImportOptions, StreamSummary } from './importOptions.js';
import { isRejected, type Entry, type ParsedRecord, type RejectedRecord } from './parsedRecord.js';
import { StreamError } from './rejections.js';
import { Spool } from './spool.js';
import { readTombstone, writeTombstones, type TombstoneEntry } from './tombstones.js';

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
  readonly #writer: BatchWriter;
  readonly #provenance: Provenance;
  #waiting = new Spool<Entry>();
  #tombstones: TombstoneEntry[] = [];
  #batch: Entry[] = [];
  #refused: RejectedRecord[] = [];
  #characters = 0;
  /** The source of the last record. */
  #source: string | undefined;
  readonly #writing = new Set<Promise<void>>();

  constructor(database: Database, options: StreamImportOptions) {
    this.#database = database;
    this.#mostRecords = database.sharesSession ? maxRecordsShared : maxRecords;
    this.#options = options;
    const trusted = new Set((options.trustSchemes ?? []).map(schemeName));
    this.#provenance = { source: options.source, trusted };
    this.#writer = new BatchWriter(database, options, trusted);
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
      // Two sources may have the same record: the second has to see what the first has written.
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
    if (this.#writer.written > 0) {
      await rankEntities(this.#database.db);
      await this.#database.db.execute(sql`analyze`);
    }
    return this.#writer.summary;
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
    // It stays in the set, so that the next flush, or the end, fails with it.
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
    this.#writer.reject(rejections);
    this.#writer.summary.tombstones += entries.length - rejections.length;
  }

  /** Round by round, as long as one makes a difference; in the end nothing more is waited for. */
  async #writeWaiting(): Promise<void> {
    for (let isLast = false; this.#waiting.size > 0;) {
      const waiting = this.#waiting;
      const before = this.#writer.done;
      this.#waiting = new Spool();
      try {
        let batch: Entry[] = [];
        for await (const entry of waiting.items()) {
          batch.push(entry);
          if (batch.length < this.#mostRecords) continue;
          await this.#waiting.add(await this.#writer.write(batch, [], isLast));
          batch = [];
        }
        await this.#waiting.add(await this.#writer.write(batch, [], isLast));
      } finally {
        await waiting.dispose();
      }
      isLast = this.#writer.done === before;
    }
  }

  /** What names records of a batch that is being written may only have to wait for that one. */
  async #writeBeside(
    earlier: Promise<void>[],
    batch: Entry[],
    refused: RejectedRecord[],
  ): Promise<void> {
    const waiting = await this.#writer.write(batch, refused, false);
    if (waiting.length === 0) return;
    await Promise.all(earlier);
    const left = earlier.length > 0 ? await this.#writer.write(waiting, [], false) : waiting;
    await this.#waiting.add(left);
  }

  /** What is wrong with the record but does not keep it out, and whose identifiers it goes by. */
  #noteSource({ origin, source, record, warnings = [] }: Entry): void {
    for (const message of warnings) this.#options.onWarning?.({ origin, message });
    if (record['slug'] !== undefined || this.#writer.summary.sources.includes(source)) return;
    const isLocal = identifiersIn(record['identifiers']).some((each) => each.source === source);
    if (isLocal) this.#writer.summary.sources.push(source);
  }
}

/** About how many characters the record takes. */
function sizeOf(entry: Entry | RejectedRecord): number {
  if (isRejected(entry)) return 100;
  const { body } = entry.record;
  return typeof body === 'string' ? body.length : 500;
}
