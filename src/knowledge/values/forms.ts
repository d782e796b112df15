/** Validates values that arrive as text. */

/** A BCP 47 language tag in canonical form; undefined if invalid. */
export function canonicalLocale(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

export function isWebAddress(address: string): boolean {
  // Not URL.canParse: in Node.js 20 it rejects some URLs with accents once it is optimized.
  try {
    return /^https?:\/\/\S+$/.test(address) && new URL(address).host !== '';
  } catch {
    return false;
  }
}
