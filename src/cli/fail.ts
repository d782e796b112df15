import { CommanderError } from 'commander';
import { ConfigError } from '../config.js';
import { DatabaseError } from '../database/database.js';
import { ChangedMeanwhile } from '../knowledge/reading/snapshot.js';
import { DossierError } from '../knowledge/exchange/dossier/issues.js';
import { ManifestError } from '../server/execution/persisted/manifest.js';
import { TracingError } from '../server/observability/openTelemetry.js';
import { StreamError } from '../knowledge/exchange/stream/rejections.js';

/** An error that the user can correct, printed without a stack trace. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Reports why a command failed; exits with 2 for usage and settings errors, else with 1. */
export function fail(error: unknown): void {
  process.exitCode = 1;
  if (error instanceof CommanderError) {
    // Printed by Commander.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (isUsageError(error)) {
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

const isUsageError = (error: unknown): error is Error =>
  [ConfigError, UsageError, ManifestError, TracingError].some((kind) => error instanceof kind);

/** The message of the innermost cause, since libraries wrap errors. */
function innermost(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : innermost(error.cause);
}

const report = (text: string): void => {
  for (const line of text.split('\n')) process.stderr.write(`chancery: ${line}\n`);
};
