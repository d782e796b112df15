/** Check digits of well-formed identifiers. */

/** ISO 7064 MOD 11-2, for ISNI and ORCID. */
export function isMod11(value: string): boolean {
  const characters = value.replaceAll('-', '');
  let sum = 0;
  for (const digit of characters.slice(0, -1)) sum = (sum + Number(digit)) * 2;
  const check = (12 - (sum % 11)) % 11;
  return characters.at(-1) === (check === 10 ? 'X' : String(check));
}

/** ISO 7064 MOD 97-10, for LEI: letters count as two digits, A as 10. */
export function isMod97(value: string): boolean {
  let rest = 0;
  for (const character of value) {
    for (const digit of String(Number.parseInt(character, 36))) {
      rest = (rest * 10 + Number(digit)) % 97;
    }
  }
  return rest === 1;
}

/** Luhn with letters as two digits, for ISIN. */
export function isLuhn(value: string): boolean {
  const numbers = Array.from(value, (each) => Number.parseInt(each, 36)).join('');
  const sum = Array.from(numbers)
    .reverse()
    .reduce<number>((total, digit, i) => {
      const weighed = Number(digit) * (i % 2 === 1 ? 2 : 1);
      return total + (weighed > 9 ? weighed - 9 : weighed);
    }, 0);
  return sum % 10 === 0;
}
