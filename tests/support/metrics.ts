/** The metrics of a server, read as Prometheus reads them. */
export interface Metrics {
  /** The names of all series, with `_bucket`, `_sum` and `_count` where they have them. */
  names: Set<string>;
  /** The sum of the series with these labels; undefined where there is none. */
  value(name: string, labels?: Record<string, string>): number | undefined;
  /** The values that a label has. */
  labels(name: string, label: string): Set<string>;
}

export async function metricsAt(origin: string, options: RequestInit = {}): Promise<Metrics> {
  // What was given a moment ago may be given again.
  await new Promise((resolve) => setTimeout(resolve, 250));
  const response = await fetch(`${origin}/metrics`, options);
  if (response.status !== 200) throw new Error(`metrics: ${response.status}`);
  const series = (await response.text())
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map(read);
  return {
    names: new Set(series.map(({ name }) => name)),
    value: (name, labels = {}) => {
      const found = series.filter(
        (each) =>
          each.name === name &&
          Object.entries(labels).every(([label, value]) => each.labels[label] === value),
      );
      return found.length ? found.reduce((sum, { value }) => sum + value, 0) : undefined;
    },
    labels: (name, label) =>
      new Set(series.filter((each) => each.name === name).map(({ labels }) => labels[label] ?? '')),
  };
}

// Private:

function read(line: string) {
  const [, name = '', labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  return {
    name,
    value: Number(value),
    labels: Object.fromEntries(
      [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, text]) => [label, text]),
    ) as Record<string, string>,
  };
}
