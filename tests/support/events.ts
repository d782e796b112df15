/** Server-sent events, read as a browser's EventSource reads them. */

export interface ServerSentEvent {
  event: string;
  id: string | undefined;
  data: string;
}

export interface EventReader {
  status: number;
  /** The next one; undefined when the stream has ended. */
  next(): Promise<ServerSentEvent | undefined>;
  /** The data of the next events: the value of the subscription's only field, or its first error. */
  receive<Data = unknown>(count: number): Promise<Data[]>;
  /** The id of the last one that was read. */
  lastId(): string | undefined;
  close(): void;
}

/** Subscribes by GET, as an EventSource does; resolves when the stream is open. */
export async function openEvents(
  origin: string,
  subscription: string,
  headers: Record<string, string> = {},
): Promise<EventReader> {
  const stop = new AbortController();
  const response = await fetch(
    `${origin}/graphql?${new URLSearchParams({ query: subscription })}`,
    {
      headers: { accept: 'text/event-stream', ...headers },
      signal: stop.signal,
    },
  );
  const events = eventsIn(response);
  let last: string | undefined;
  const next = async () => {
    const { value } = await events.next();
    last = value?.id ?? last;
    return value ?? undefined;
  };
  return {
    status: response.status,
    next,
    receive: async <Data>(count: number) => {
      const received: Data[] = [];
      while (received.length < count) {
        const event = await next();
        if (event?.event !== 'next') throw new Error(`ended after ${JSON.stringify(received)}`);
        const { data, errors } = JSON.parse(event.data) as { data?: object; errors?: object[] };
        received.push((errors?.[0] ?? Object.values(data ?? {})[0]) as Data);
      }
      return received;
    },
    lastId: () => last,
    close: () => stop.abort(),
  };
}

// Private:

async function* eventsIn(response: Response): AsyncGenerator<ServerSentEvent, undefined> {
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = eventOf(text.slice(0, end));
      text = text.slice(end + 2);
      if (event) yield event;
    }
  }
  return undefined;
}

/** Lines that begin with a colon are signs of life. */
function eventOf(block: string): ServerSentEvent | undefined {
  const fields = new Map(
    block
      .split('\n')
      .filter((line) => !line.startsWith(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  if (!fields.has('event')) return undefined;
  return { event: fields.get('event') ?? '', id: fields.get('id'), data: fields.get('data') ?? '' };
}
