export interface Progress {
  records: number;
  /** From 0 to 1; NaN if unknown. */
  share: number;
}

/** Shows progress on a terminal in one line, which is overwritten. */
export function progressLine(label: string): {
  update: (progress: Progress) => void;
  end: () => void;
} {
  const { stderr } = process;
  if (!stderr.isTTY) return { update: () => {}, end: () => {} };
  const startedAt = Date.now();
  let shownAt = 0;
  return {
    update: (progress) => {
      if (Date.now() - shownAt < 100) return;
      shownAt = Date.now();
      stderr.write(`\r\x1b[K${label}: ${describe(progress, (shownAt - startedAt) / 1000)}`);
    },
    end: () => void stderr.write('\r\x1b[K'),
  };
}

// Private:

/** `120,000 records, 14,800 a second, 42 %, 0:12 left`. */
function describe({ records, share }: Progress, seconds: number): string {
  const parts = [`${records.toLocaleString('en')} records`];
  if (seconds > 1) parts.push(`${Math.round(records / seconds).toLocaleString('en')} a second`);
  if (Number.isFinite(share)) parts.push(`${Math.floor(share * 100)} %`);
  if (share > 0 && share < 1 && seconds > 1)
    parts.push(`${clock((seconds / share) * (1 - share))} left`);
  return parts.join(', ');
}

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
