/** The forms of values that come in as text, whoever sends them. */

/** A BCP 47 language tag as it is spelled properly; undefined where it is none. */
export function canonicalLocale(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

export function isWebAddress(address: string): boolean {
  // Not URL.canParse: Node 20's refuses some addresses with accents once it is optimized.
  try {
    return /^https?:\/\/\S+$/.test(address) && new URL(address).host !== '';
  } catch {
    return false;
  }
}
