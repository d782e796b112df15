/** Tells on a terminal how far a long work has come, in one line that is written over. */
export function progressLine(label: string): {
  update: (done: number, total: number) => void;
  end: () => void;
} {
  const { stderr } = process;
  if (!stderr.isTTY) return { update: () => {}, end: () => {} };
  let shownAt = 0;
  return {
    update: (done, total) => {
      if (Date.now() - shownAt < 100 && done < total) return;
      shownAt = Date.now();
      stderr.write(`\r\x1b[K${label}: ${done} of ${total} records`);
    },
    end: () => void stderr.write('\r\x1b[K'),
  };
}
