/** In bytes; what is longer is read alone. */
const maxBytesAtOnce = 4_000_000;

/** Keys of long texts, so many together as can be held at the same time. */
export function groupsOfBytes(sizes: readonly { id: string; bytes: number }[]): string[][] {
  const groups: string[][] = [];
  let left = 0;
  for (const { id, bytes } of sizes) {
    const group = groups.at(-1);
    if (group && bytes <= left) group.push(id);
    else {
      groups.push([id]);
      left = maxBytesAtOnce;
    }
    left -= bytes;
  }
  return groups;
}
