/** Figures as tables that a terminal and Markdown both show well. */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { loadGenerator } from './load/load.ts';
import type { Measurement } from './measure.ts';
import type { Options } from './options.ts';
import type { WorkloadName } from './workloads.ts';

/** One run of one contestant. */
export interface Figure extends Measurement {
  contestant: string;
  workload: WorkloadName;
  connections: number;
  size: number;
  round: number;
}

export function heading(
  size: number,
  postgresVersion: string,
  { node, rounds, seconds }: Options,
): string {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const [cpu] = cpus();
  return (
    `${new Date().toISOString().slice(0, 10)} · ${cpu?.model.trim()}, ${cpus().length} cores · Node.js ${version} · ` +
    `PostgreSQL ${postgresVersion} · ${size.toLocaleString('en')} statements · ` +
    `load by ${loadGenerator}, ${rounds} × ${seconds} s each\n\n`
  );
}

export function report(figures: Figure[], options: Options): string {
  const medians = medianFigures(figures);
  const tables = options.sizes.length > 1 ? growthTables(medians) : workloadTables(medians);
  return `${tables}${options.sizes.length > 1 ? '' : goalTable(medians)}`;
}

/** For each contestant, workload, number of connections and size: the median of each figure. */
export function medianFigures(figures: Figure[]): Figure[] {
  const groups = Map.groupBy(figures, ({ contestant, workload, connections, size }) =>
    [contestant, workload, connections, size].join(),
  );
  return [...groups.values()].map((group) => {
    const of = (name: keyof Measurement) => median(group.map((figure) => figure[name]));
    const [first] = group as [Figure];
    return {
      ...first,
      perSecond: of('perSecond'),
      p50: of('p50'),
      p99: of('p99'),
      errors: group.reduce((sum, { errors }) => sum + errors, 0),
      statements: of('statements'),
      serverMicros: of('serverMicros'),
      databaseMicros: of('databaseMicros'),
      megabytes: of('megabytes'),
    };
  });
}

// Private:

function workloadTables(medians: Figure[]): string {
  const groups = Map.groupBy(
    medians,
    ({ workload, connections }) => `${workload}, ${connections} connections`,
  );
  return [...groups]
    .map(([title, group]) => {
      const peer = find(group, 'postgraphile');
      const raw = find(group, 'raw');
      const rows = group.map((figure) => [
        figure.contestant,
        whole(figure.perSecond),
        fixed(figure.p50),
        fixed(figure.p99),
        figure.statements.toFixed(2),
        whole(figure.serverMicros),
        whole(figure.databaseMicros),
        whole(figure.megabytes),
        times(figure.perSecond / (peer?.perSecond ?? Number.NaN)),
        times(figure.p99 / (peer?.p99 ?? Number.NaN)),
        times(figure.perSecond / (raw?.perSecond ?? Number.NaN)),
      ]);
      return `### ${title}\n\n${table(columns, rows)}\n`;
    })
    .join('');
}

const columns = [
  'contestant',
  'req/s',
  'p50 ms',
  'p99 ms',
  'SQL/req',
  'server µs/req',
  'database µs/req',
  'MB',
  'req/s vs PostGraphile',
  'p99 vs PostGraphile',
  'req/s vs raw',
];

function growthTables(medians: Figure[]): string {
  const sizes = [...new Set(medians.map(({ size }) => size))];
  const groups = Map.groupBy(medians, ({ contestant, workload, connections }) =>
    [contestant, workload, connections].join(', '),
  );
  const rows = [...groups].map(([title, group]) => {
    const rates = sizes.map(
      (size) => group.find((figure) => figure.size === size)?.perSecond ?? Number.NaN,
    );
    return [
      title,
      ...rates.map(whole),
      times((rates.at(-1) ?? Number.NaN) / (rates[0] ?? Number.NaN)),
    ];
  });
  const heads = [
    'req/s at statements',
    ...sizes.map((size) => size.toLocaleString('en')),
    'last vs first',
  ];
  return `${table(heads, rows)}\n`;
}

/** A figure to reach, at 32 and at 128 connections. */
interface Goal {
  title: string;
  workloads: WorkloadName[];
  value: (figures: Figure[]) => number;
  atLeast?: [number, number];
  atMost?: [number, number];
}

const everyWorkload: WorkloadName[] = ['shallow', 'deep', 'wide', 'lists', 'node', 'mix'];
const ratio = (of: keyof Measurement, to: string) => (figures: Figure[]) =>
  (find(figures, 'chancery')?.[of] ?? Number.NaN) / (find(figures, to)?.[of] ?? Number.NaN);

const goals: Goal[] = [
  {
    title: 'req/s vs PostGraphile',
    workloads: ['shallow'],
    value: ratio('perSecond', 'postgraphile'),
    atLeast: [3, 3.5],
  },
  {
    title: 'req/s vs PostGraphile',
    workloads: ['deep'],
    value: ratio('perSecond', 'postgraphile'),
    atLeast: [2.5, 3],
  },
  {
    title: 'req/s vs PostGraphile',
    workloads: ['wide', 'lists', 'node', 'mix'],
    value: ratio('perSecond', 'postgraphile'),
    atLeast: [2, 2.5],
  },
  {
    title: 'p99 vs PostGraphile',
    workloads: everyWorkload,
    value: ratio('p99', 'postgraphile'),
    atMost: [0.5, 0.3],
  },
  {
    title: 'req/s vs raw',
    workloads: ['shallow', 'deep'],
    value: ratio('perSecond', 'raw'),
    atLeast: [0.9, 1.2],
  },
  {
    title: 'req/s vs Apollo',
    workloads: everyWorkload,
    value: ratio('perSecond', 'apollo'),
    atLeast: [4, 4],
  },
  {
    title: 'req/s vs Mercurius',
    workloads: everyWorkload,
    value: ratio('perSecond', 'mercurius'),
    atLeast: [4, 4],
  },
  {
    title: 'req/s with the cache vs without',
    workloads: ['mix-zipf'],
    value: (figures) =>
      (find(figures, 'chancery-cache')?.perSecond ?? Number.NaN) /
      (find(figures, 'chancery')?.perSecond ?? Number.NaN),
    atLeast: [3, 3],
  },
  {
    title: 'resident memory, MB',
    workloads: everyWorkload,
    value: (figures) => find(figures, 'chancery')?.megabytes ?? Number.NaN,
    atMost: [250, 350],
  },
  {
    title: 'SQL statements a request',
    workloads: ['shallow'],
    value: (figures) => find(figures, 'chancery')?.statements ?? Number.NaN,
    atMost: [Infinity, 0.5],
  },
];

function goalTable(medians: Figure[]): string {
  const rows = goals.flatMap(({ title, workloads, value, atLeast, atMost }) =>
    workloads.flatMap((workload) =>
      [32, 128].flatMap((connections, i) => {
        const group = medians.filter(
          (figure) => figure.workload === workload && figure.connections === connections,
        );
        const figure = value(group);
        const limit = (atLeast ?? atMost)?.[i] ?? Number.NaN;
        if (Number.isNaN(figure) || limit === Infinity) return [];
        const reached = atLeast ? figure >= limit : figure <= limit;
        const shown = figure >= 20 ? whole(figure) : figure.toFixed(2);
        return [
          [
            title,
            workload,
            String(connections),
            `${atLeast ? '≥' : '≤'} ${limit}`,
            shown,
            reached ? 'yes' : 'no',
          ],
        ];
      }),
    ),
  );
  return `### Goals\n\n${table(['Chancery', 'workload', 'connections', 'goal', 'measured', 'reached'], rows)}`;
}

function find(figures: Figure[], contestant: string): Figure | undefined {
  return figures.find((figure) => figure.contestant === contestant);
}

/** A Markdown table whose columns are aligned for the eye as well. */
function table(heads: string[], rows: string[][]): string {
  const widths = heads.map((head, i) =>
    Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |\n`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |\n`;
  return line(heads) + rule + rows.map(line).join('');
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = sorted.slice(
    middle - 1 + (sorted.length % 2),
    middle + 1,
  );
  return sorted.length % 2 ? low : (low + high) / 2;
}

const whole = (value: number): string =>
  Number.isFinite(value) ? Math.round(value).toLocaleString('en') : '–';
const fixed = (value: number): string => value.toFixed(1);
const times = (value: number): string => (Number.isFinite(value) ? `${value.toFixed(2)}×` : '–');
