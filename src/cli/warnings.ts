import { formatIssue, type DossierIssue } from '../knowledge/exchange/dossier/issues.js';

/** So many warnings of one file are told one by one. */
const maxPrinted = 50;

/** Tells what was taken, but is worth a second look; on standard error, beside the outcome. */
export function printWarnings(warnings: readonly DossierIssue[]): void {
  for (const { message, ...where } of warnings.slice(0, maxPrinted)) {
    console.error(formatIssue({ ...where, message: `warning: ${message}` }));
  }
  const more = warnings.length - maxPrinted;
  if (more > 0) console.error(`${warnings[0]?.file}: ${more} more warnings`);
}
