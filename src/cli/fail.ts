import { CommanderError } from 'commander';
import { ConfigError } from '../config.js';
import { DatabaseError } from '../database/database.js';
import { ChangedMeanwhile } from '../knowledge/reading/snapshot.js';
import { DossierError } from '../knowledge/exchange/dossier/issues.js';
import { ManifestError } from '../server/execution/persisted/manifest.js';
import { TracingError } from '../server/observability/openTelemetry.js';
import { StreamError } from '../knowledge/exchange/stream/rejections.js';

/** A mistake that the user can correct; printed without a stack trace. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Tells why a command failed and ends with 2 for wrong use or settings, else with 1. */
export function fail(error: unknown): void {
  process.exitCode = 1;
  if (error instanceof CommanderError) {
    // Commander has printed it already.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (isOfUsage(error)) {
    process.exitCode = 2;
    report(error.message);
  } else if (error instanceof DatabaseError || error instanceof ChangedMeanwhile) {
    report(error.message);
  } else if (error instanceof DossierError || error instanceof StreamError) {
    for (const line of error.message.split('\n')) process.stderr.write(`${line}\n`);
  } else {
    report(innermost(error));
  }
}

// Private:

const isOfUsage = (error: unknown): error is Error =>
  [ConfigError, UsageError, ManifestError, TracingError].some((kind) => error instanceof kind);

/** Libraries wrap errors in their own; the reason is in the innermost. */
function innermost(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : innermost(error.cause);
}

const report = (text: string): void => {
  for (const line of text.split('\n')) process.stderr.write(`chancery: ${line}\n`);
};
