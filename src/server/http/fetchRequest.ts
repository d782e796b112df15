/** Requests of Node.js as those of the Fetch API. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** The path that the client requested; routers remove from `url` what they were mounted at. */
export const pathOf = (req: IncomingMessage & { originalUrl?: unknown }): string =>
  typeof req.originalUrl === 'string' ? req.originalUrl : (req.url ?? '/');

/**
 * The request without its body.
 *
 * @param authorization In place of the header.
 */
export function fetchRequestOf(
  req: IncomingMessage,
  authorization = req.headers.authorization,
): Request {
  const headers = fetchHeadersOf(req.headers);
  if (authorization !== undefined) headers.set('authorization', authorization);
  const protocol = 'encrypted' in req.socket ? 'https' : 'http';
  const url = `${protocol}://${req.headers.host ?? 'localhost'}${pathOf(req)}`;
  return new Request(URL.canParse(url) ? url : 'http://localhost/', {
    method: req.method ?? 'GET',
    headers,
  });
}

/** Without the pseudo-header fields of HTTP/2. */
export function fetchHeadersOf(headers: IncomingHttpHeaders): Headers {
  const fetchHeaders = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(':') || value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) fetchHeaders.append(name, each);
  }
  return fetchHeaders;
}
