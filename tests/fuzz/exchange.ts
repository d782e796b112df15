/** Sends bytes and reads what comes back, as HTTP has it. */
import { connect } from 'node:net';

export interface Exchange {
  /** 0 where the connection ended without an answer, -1 where nothing ended it. */
  status: number;
  body: string;
}

/** How long an answer may take, in milliseconds: longer than a server takes for a slow client. */
const timeoutMs = 20_000;

export interface Leaving {
  /** Whether to leave as soon as anything of the body is here. */
  isStream?: boolean | undefined;
  /** Then for how long it still stays, in milliseconds. */
  stayMs?: number | undefined;
  /** Leaves when this is here. */
  until?: RegExp;
}

export function exchange(
  port: number,
  request: Buffer,
  { isStream, stayMs = 20, until }: Leaving = {},
): Promise<Exchange> {
  return new Promise((resolve) => {
    const socket = connect(port, 'localhost');
    const chunks: Buffer[] = [];
    let leaving: NodeJS.Timeout | undefined;
    const finish = (status?: number): void => {
      clearTimeout(timer);
      clearTimeout(leaving);
      socket.destroy();
      const [head = '', body = ''] = halves(Buffer.concat(chunks).toString('utf8'));
      const parsed = Number(/^HTTP\/1\.1 (?:100 [^]*?HTTP\/1\.1 )?(\d{3})/.exec(head)?.[1] ?? 0);
      resolve({ status: parsed || (status ?? 0), body });
    };
    const timer = setTimeout(() => finish(-1), timeoutMs);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (until?.test(Buffer.concat(chunks).toString('utf8'))) finish();
      if (isStream && !leaving && Buffer.concat(chunks).includes('\r\n\r\n')) {
        leaving = setTimeout(finish, stayMs);
      }
    });
    socket.on('error', () => finish());
    socket.on('close', () => finish());
    socket.write(request);
  });
}

// Private:

function halves(text: string): string[] {
  const at = text.indexOf('\r\n\r\n');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 4)];
}
