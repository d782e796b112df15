import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface RunningServer {
  process: ChildProcess;
  /** `http://localhost:41234` */
  origin: string;
  /** What the server prints to standard error at start; it contains its address. */
  greeting: string;
}

/** Runs the command line and waits for its end. */
export async function run(args: string[], env: Record<string, string> = {}, input = '') {
  const child = start(args, env);
  child.stdin?.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** Starts `chancery serve` on a free port and waits until it answers. */
export async function serve(
  env: Record<string, string>,
  ...options: string[]
): Promise<RunningServer> {
  const child = start(['serve', ...options], { PORT: '0', LOG_LEVEL: 'warn', ...env });
  const greeting = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk) => {
      text += String(chunk);
      if (/answers at .*\n/.test(text)) resolve(text);
    });
    child.once('close', (code) => reject(new Error(`serve ended with ${code}: ${text}`)));
  });
  const origin = /http:\/\/[^/]+/.exec(greeting)?.[0] ?? '';
  return { process: child, origin, greeting };
}

/** Sends a signal to a process and waits for its exit code. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill(signal);
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

export async function post(origin: string, query: string, variables: unknown = {}) {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

// Private:

function start(args: string[], env: Record<string, string>): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, ['dist/cli.js', ...args], {
    env: { PATH, HOME, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}
