import { parseArgs } from 'node:util';
import { trials, type StressOptions } from './stress/stress.ts';
import type { WorkloadName } from './workloads.ts';

export interface Options {
  /** Sizes of the knowledge base, in statements; more than one measures growth. */
  sizes: number[];
  rounds: number;
  seconds: number;
  warmUp: number;
  connections: number[];
  contestants: string[] | undefined;
  workloads: WorkloadName[];
  /** The Node.js that runs the contestants. */
  node: string;
  /** A database to use instead of a server of our own. */
  url: string | undefined;
  json: string | undefined;
  chart: string | undefined;
  /** How many records to import and export, instead of the workloads. */
  import: number | undefined;
  /** Which stress test to run, instead of the workloads. */
  stress: StressOptions['trial'] | undefined;
  /** Every benchmark for a moment, to check that all of them run. */
  smoke: boolean;
  /** The speed and quality of search, instead of the workloads. */
  search: { seed: number; sample: number; data: string | undefined } | undefined;
}

export const help = `npm run bench -- [benchmark] [options]

  (none)                queries of Chancery and others: see --workloads and --contestants
  search                search, suggestions, paths, timelines and counts, all queries different
  stress <trial>        hostile, overload or soak: one server under abuse, overload, or load for long
  import <n>            import and export of n records, with PostgreSQL and the embedded database

  --quick               100,000 statements and short runs: under 5 minutes
  --smoke               every benchmark for a second on 2,000 statements, to check that all run and results agree
  --growth              Chancery alone at 10,000, 100,000, 1,000,000 and 3,000,000 statements
  --statements <n,…>    the size of the knowledge base (1000000)
  --contestants <a,b>   chancery, chancery-cache, postgraphile, apollo, mercurius, raw (all)
  --workloads <a,b>     shallow, deep, wide, lists, node, mix, mix-zipf (all)
  --connections <n,n>   how many requests at a time (32,128)
  --rounds <n>          measured runs of each, of which the median counts (3)
  --seconds <n>         length of a run (5)
  --node <path>         the Node.js that runs the contestants; with one older than 22.18 only Chancery is measured
  --seed <n>            of search: which queries and names are drawn (1)
  --data <folder>       of search: also how well the names of the public data sets there are found
  --sample <n>          with --data: how many names (1000)
  --url <postgres://…>  a database that an earlier run filled, instead of a server of our own
  --json <file>         where to put all figures
  --chart <file.svg>    where to put a chart
`;

/** @throws TypeError for unknown benchmarks and options */
export function readOptions(args: string[]): Options | 'help' {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean' },
      smoke: { type: 'boolean' },
      growth: { type: 'boolean' },
      statements: { type: 'string' },
      contestants: { type: 'string' },
      workloads: { type: 'string' },
      connections: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      node: { type: 'string', default: process.execPath },
      url: { type: 'string' },
      json: { type: 'string' },
      chart: { type: 'string' },
      seed: { type: 'string', default: '1' },
      data: { type: 'string' },
      sample: { type: 'string', default: '1000' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return 'help';
  const benchmark = readBenchmark(positionals);
  const { quick = false, growth = false, smoke = false } = values;
  const sizes =
    values.statements ??
    (smoke
      ? '2000'
      : growth
        ? '10000,100000,1000000,3000000'
        : quick || benchmark.stress
          ? '100000'
          : '1000000');
  return {
    smoke,
    sizes: numbers(sizes),
    rounds: Number(values.rounds ?? (quick || growth || smoke ? 1 : 3)),
    seconds: Number(values.seconds ?? (smoke || quick ? 1 : benchmark.stress ? 60 : 5)),
    warmUp: smoke ? 0 : quick ? 1 : 2,
    connections: numbers(values.connections ?? (smoke ? '8' : '32,128')),
    contestants: values.contestants?.split(',') ?? (growth ? ['chancery'] : undefined),
    workloads: (values.workloads ?? 'shallow,deep,wide,lists,node,mix,mix-zipf').split(
      ',',
    ) as WorkloadName[],
    node: values.node,
    url: values.url,
    json: values.json,
    chart: values.chart,
    import: benchmark.import,
    stress: benchmark.stress,
    search: benchmark.search
      ? { seed: Number(values.seed), sample: Number(values.sample), data: values.data }
      : undefined,
  };
}

// Private:

function readBenchmark([name, argument, ...more]: string[]): {
  import?: number;
  stress?: StressOptions['trial'];
  search?: boolean;
} {
  const stress = trials.find((trial) => trial === argument);
  if (more.length > 0) throw new TypeError(`unexpected argument "${more[0]}"`);
  if (name === undefined) return {};
  if (name === 'search' && argument === undefined) return { search: true };
  if (name === 'stress' && stress) return { stress };
  if (name === 'stress') throw new TypeError(`stress takes one of ${trials.join(', ')}`);
  if (name === 'import' && Number(argument) > 0) return { import: Number(argument) };
  if (name === 'import') throw new TypeError('import takes the number of records');
  throw new TypeError(`unknown benchmark "${[name, argument].filter(Boolean).join(' ')}"`);
}

const numbers = (list: string): number[] => list.split(',').map(Number);
