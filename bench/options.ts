import { parseArgs } from 'node:util';
import { trials, type StandingOptions } from './stress/stress.ts';
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
  /** How many records to import and export, in place of asking queries. */
  import: number | undefined;
  /** How the server stands under what is too much, in place of the workloads. */
  standing: StandingOptions['trial'] | undefined;
  /** Every trial for a moment, to see that all of them run. */
  smoke: boolean;
  /** How fast and well things are found, in place of the workloads. */
  find: { seed: number; sample: number; data: string | undefined } | undefined;
}

export const help = `npm run bench -- [options]

  --quick               100,000 statements and short runs: under 5 minutes
  --smoke               every trial for a second on 2,000 statements, to see that each runs and answers agree
  --growth              Chancery alone at 10,000, 100,000, 1,000,000 and 3,000,000 statements
  --statements <n,…>    the size of the knowledge base (1000000)
  --contestants <a,b>   chancery, chancery-cache, postgraphile, apollo, mercurius, raw (all)
  --workloads <a,b>     shallow, deep, wide, lists, node, mix, mix-zipf (all)
  --connections <n,n>   how many requests at a time (32,128)
  --rounds <n>          measured runs of each, of which the median counts (3)
  --seconds <n>         length of a run (5)
  --node <path>         the Node.js that runs the contestants; with one older than 22.18 only Chancery is measured
  --import <n>          import and export n records instead, with PostgreSQL and the embedded database
  --find                search, suggestions, paths, timelines and counts instead, all queries different
  --seed <n>            with --find: which queries and names are drawn (1)
  --data <folder>       with --find: also how well the names of the public data sets there are found
  --sample <n>          with --data: how many names (1000)
  --standing <trial>    hostile, overload or soak instead: how the server stands under what is too much
  --url <postgres://…>  a database that an earlier run filled, instead of a server of our own
  --json <file>         where to put all figures
  --chart <file.svg>    where to put a chart
`;

/** @throws TypeError for options that are none */
export function readOptions(args: string[]): Options | 'help' {
  const { values } = parseArgs({
    args,
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
      import: { type: 'string' },
      find: { type: 'boolean' },
      standing: { type: 'string' },
      seed: { type: 'string', default: '1' },
      data: { type: 'string' },
      sample: { type: 'string', default: '1000' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return 'help';
  const { quick = false, growth = false, smoke = false } = values;
  const sizes =
    values.statements ??
    (smoke
      ? '2000'
      : growth
        ? '10000,100000,1000000,3000000'
        : quick || values.standing
          ? '100000'
          : '1000000');
  return {
    smoke,
    sizes: numbers(sizes),
    rounds: Number(values.rounds ?? (quick || growth || smoke ? 1 : 3)),
    seconds: Number(values.seconds ?? (smoke || quick ? 1 : values.standing ? 60 : 5)),
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
    import: values.import === undefined ? undefined : Number(values.import),
    standing: trials.find((trial) => trial === values.standing),
    find: values.find
      ? { seed: Number(values.seed), sample: Number(values.sample), data: values.data }
      : undefined,
  };
}

// Private:

const numbers = (list: string): number[] => list.split(',').map(Number);
