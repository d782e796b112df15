/** Writes the batches of an import, each in its own transaction. */
import type { Database, Queryable } from '../../../database/database.js';
import { brokenRule, isConflict } from '../../../database/errors.js';
import { importIdentity } from '../../auth/author.js';
import { recordTypeByName } from '../../model/recordTypes.js';
import { unlimited } from '../../quotation/budget.js';
import { applyPlan } from '../../writing/apply.js';
import { lockWriting, shareWriting } from '../../writing/lock.js';
import { emptySummary, planWriting, type WritingSummary } from '../../writing/plan.js';
import { sortBatch } from './batch.js';
import type { StreamImportOptions, StreamSummary } from './importOptions.js';
import type { Entry, RejectedRecord } from './parsedRecord.js';
import { explained, StreamError } from './rejections.js';
import { Memory } from './lookUp.js';
import { resolveNames } from './resolve.js';
import { Seen } from './seen.js';

export class BatchWriter {
  readonly #database: Database;
  readonly #options: StreamImportOptions;
  readonly #memory: Memory;
  /** The place of each record read, by source. */
  readonly #seen = new Map<string, Seen>();
  readonly summary: StreamSummary = {
    ...emptySummary(),
    refused: 0,
    apart: 0,
    sources: [],
    tombstones: 0,
  };
  /** The number of records that are written or exist already. */
  done = 0;
  /** The number of records created or changed. */
  written = 0;

  constructor(database: Database, options: StreamImportOptions, trusted: ReadonlySet<string>) {
    this.#database = database;
    this.#options = options;
    this.#memory = new Memory(trusted);
  }

  /** Writes a batch. Returns the records that wait for others. */
  async write(batch: Entry[], rejected: RejectedRecord[], isLast: boolean): Promise<Entry[]> {
    try {
      return await this.#writeAtOnce(batch, rejected, isLast, shareWriting);
    } catch (error) {
      if (!brokenRule(error) && !isConflict(error)) throw error;
      // The cause may be a batch written at the same time.
      return await this.#writeAlone(batch, rejected, isLast);
    }
  }

  reject(rejections: RejectedRecord[]): void {
    if (rejections.length > 0 && !this.#options.keepGoing) throw new StreamError(rejections);
    this.summary.refused += rejections.length;
    for (const rejection of rejections) this.#options.onRefused?.(rejection);
  }

  // Private:

  async #writeAlone(batch: Entry[], rejected: RejectedRecord[], isLast: boolean): Promise<Entry[]> {
    try {
      return await this.#writeAtOnce(batch, rejected, isLast, lockWriting);
    } catch (error) {
      const rule = brokenRule(error);
      if (!rule) throw error;
      // A constraint without a check of its own: bisection finds the record that violates it.
      if (batch.length > 1) {
        const half = Math.ceil(batch.length / 2);
        const first = await this.#writeAlone(batch.slice(0, half), rejected, isLast);
        return [...first, ...(await this.#writeAlone(batch.slice(half), [], isLast))];
      }
      const [entry] = batch;
      if (!entry) throw error;
      const { origin, type, record } = entry;
      const reasons = [`the database rejected the record: ${rule}`];
      this.reject([...rejected, { origin, reasons, data: { type, ...record } }]);
      return [];
    }
  }

  async #writeAtOnce(
    batch: Entry[],
    rejected: RejectedRecord[],
    isLast: boolean,
    lock: (tx: Queryable) => Promise<void>,
  ): Promise<Entry[]> {
    if (batch.length === 0) {
      this.reject(rejected);
      return [];
    }
    const { actor = 'import', identity = importIdentity, reason = null } = this.#options;
    const writing = this.#database.db.transaction(async (tx) => {
      await lock(tx);
      const sorted = await this.#sort(tx, batch, isLast);
      const rejections = [...rejected, ...sorted.rejections];
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
      return { sorted, rejections, summary: plan.summary };
    });
    const outcome = await writing.catch(async (error: unknown) => {
      throw error instanceof StreamError
        ? new StreamError(await explained(error.rejections))
        : error;
    });
    const { sorted, rejections, summary } = outcome;
    this.reject(await explained(rejections));
    this.summary.apart += new Set(sorted.apart.map(({ origin }) => origin)).size;
    for (const warning of sorted.apart) this.#options.onWarning?.(warning);
    this.#count(summary, sorted);
    return sorted.waiting;
  }

  async #sort(tx: Queryable, batch: Entry[], isLast: boolean) {
    const { entries, rejections, apart } = await resolveNames(tx, batch, this.#memory);
    const sorted = await sortBatch(tx, entries, isLast, this.#options.bodyAccess);
    sorted.rejections.unshift(...rejections);
    const ready = [];
    for (const each of sorted.ready) {
      const { entry, recordChange } = each;
      const { origin, type, record, source } = entry;
      const first = entry.isRest ? undefined : this.#seenIn(source).note(recordChange.id, origin);
      if (!first || (first.line === origin.line && first.file === origin.file)) ready.push(each);
      else {
        const reasons = [`the record is given twice, first in ${first.file}:${first.line}`];
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

  #count(
    summary: WritingSummary,
    { ready, unchanged }: { ready: unknown[]; unchanged: Entry[] },
  ): void {
    for (const outcome of ['created', 'updated', 'unchanged'] as const) {
      for (const [recordType, count] of Object.entries(summary[outcome])) {
        this.summary[outcome][recordType as keyof WritingSummary['created']] += count;
        if (outcome !== 'unchanged') this.written += count;
      }
    }
    for (const { type } of unchanged) this.summary.unchanged[recordTypeByName[type]]++;
    this.summary.broken.push(...summary.broken);
    this.summary.removed.push(...summary.removed);
    this.done += ready.length + unchanged.length;
    this.#options.onProgress?.(this.done);
  }
}
