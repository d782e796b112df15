/** Who is measured: each a program of its own, on the same database, as its authors advise for production. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgraphileDialect } from './contestants/postgraphileDialect.ts';
import { chanceryDialect, rawDialect, type Dialect } from './dialects.ts';
import { freePort } from '../tests/support/freePort.ts';

export interface Contestant {
  name: string;
  /** What Node.js is to run. */
  program: string;
  arguments?: string[];
  env?: Record<string, string>;
  dialect: Dialect;
  /** A program that runs before it and answers messages. */
  probe?: string;
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const chancery = {
  program: path('../dist/cli.js'),
  arguments: ['serve'],
  dialect: chanceryDialect,
};

export const contestants: Contestant[] = [
  { name: 'chancery', ...chancery, env: { CHANCERY_CACHE_MB: '0' } },
  { name: 'chancery-cache', ...chancery },
  {
    name: 'postgraphile',
    program: path('contestants/postgraphile.ts'),
    dialect: postgraphileDialect,
  },
  { name: 'apollo', program: path('contestants/apollo.ts'), dialect: chanceryDialect },
  { name: 'mercurius', program: path('contestants/mercurius.ts'), dialect: chanceryDialect },
  { name: 'raw', program: path('contestants/raw.ts'), dialect: rawDialect },
];

export interface RunningContestant {
  origin: string;
  process: ChildProcess;
  stop(): Promise<void>;
}

/** Starts a contestant with the given Node.js, on one core as each is without further settings. */
export async function startContestant(
  { name, program, arguments: args = [], env, probe }: Contestant,
  node: string,
  databaseUrl: string,
): Promise<RunningContestant> {
  const port = await freePort();
  const probing = probe ? ['--expose-gc', '--import', probe] : [];
  const child = spawn(node, [...probing, program, ...args], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      GRAPHILE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      HOST: '127.0.0.1',
      PORT: String(port),
      LOG_LEVEL: 'warn',
      CHANCERY_SAMPLE: 'off',
      // All requests come from one address.
      CHANCERY_RATE_LIMIT: '0',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe', ...(probe ? (['ipc'] as const) : [])],
  });
  let words = '';
  child.stderr?.on('data', (chunk) => (words = (words + String(chunk)).slice(-4000)));
  const ended = once(child, 'exit');
  // A measurement that fails leaves without stopping what it has started.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 60_000;
  while (!(await answers(origin))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${name} does not start: ${words}`);
    }
    await sleep(100);
  }
  return {
    origin,
    process: child,
    stop: async () => {
      child.kill('SIGTERM');
      const patience = sleep(5000).then(() => child.kill('SIGKILL'));
      await Promise.race([ended, patience]);
    },
  };
}

// Private:

const answers = (origin: string) =>
  fetch(origin).then(
    () => true,
    () => false,
  );
