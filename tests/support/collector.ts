/** A collector of OpenTelemetry traces, to which servers send over HTTP (OTLP, as JSON). */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** 2: of a server, 3: of a client. */
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  links?: { traceId: string; spanId: string }[];
  events?: { name: string; attributes: Attribute[] }[];
  /** The name of the service that sent it. */
  service: string | undefined;
  /** The other attributes of its resource, and how it was sent. */
  resource: { attributes: Attribute[] };
  path: string | undefined;
  headers: IncomingHttpHeaders;
}

export interface Collector {
  url: string;
  spans: ReceivedSpan[];
  /** Everything that arrived, as text. */
  text(): string;
  close(): void;
}

interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: number };
}

export const attribute = (
  { attributes }: { attributes: Attribute[] },
  name: string,
): string | number | undefined => {
  const value = attributes.find(({ key }) => key === name)?.value;
  return value?.stringValue ?? value?.intValue;
};

export async function startCollector(): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      for (const { resource, scopeSpans } of (body as Exported).resourceSpans) {
        const service = attribute(resource, 'service.name') as string | undefined;
        for (const scope of scopeSpans) {
          const { url: path, headers } = request;
          const sent = { service, resource, path, headers };
          spans.push(...scope.spans.map((span) => ({ ...span, ...sent })));
        }
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    text: () => JSON.stringify(spans),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

// Private:

interface Exported {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: Omit<ReceivedSpan, 'service' | 'resource' | 'path' | 'headers'>[] }[];
  }[];
}
