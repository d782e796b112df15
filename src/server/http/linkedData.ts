/**
 * Records as JSON-LD in terms of schema.org, at the URLs that exports use: `/entity/{slug}`,
 * `/article/{slug}`, `/event/{slug}`.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../database/database.js';
import { findErasedSlug } from '../../knowledge/erasure/tombstones.js';
import { findRecord, type Named } from '../../knowledge/exchange/stream/export.js';
import { addressOf, jsonLdContext, jsonLdOf } from '../../knowledge/exchange/formats/jsonLd.js';
import type { ConcurrencyLimiter } from '../admission/concurrency.js';
import { inPieces, lengthOf, serialize, type Bytes } from '../execution/serialize.js';
import type { ResponseBudget } from '../responses/budget.js';
import { etagOf, namedTag, taggedFor, vary } from './etag.js';
import { deliveryReadable } from '../responses/delivery.js';
import { compressed, encodingFor } from '../responses/compression.js';

export interface LinkedDataOptions {
  concurrency: ConcurrencyLimiter;
  responses: ResponseBudget;
  /** The base of URLs: `https://knowledge.example/`. Default: the host of the request. */
  publicUrl?: string | undefined;
}

/** Serves clients that accept JSON-LD or JSON; there are no HTML pages. */
export function addLinkedData(
  host: FastifyInstance,
  database: Database,
  { concurrency, responses, publicUrl }: LinkedDataOptions,
): void {
  for (const space of ['entity', 'article', 'event'] as const) {
    host.get<{ Params: { slug: string } }>(`/${space}/:slug`, async (request, reply) => {
      const type = mediaTypeFor(request.headers.accept);
      if (!type) {
        return reply.code(406).send({
          errors: [
            {
              message: `This resource is available as ${mediaTypes.join(' and ')}: accept one of them.`,
            },
          ],
        });
      }
      const found = await concurrency.within(() =>
        findRecord(database, space, request.params.slug),
      );
      const erased = found
        ? undefined
        : await concurrency.within(() => findErasedSlug(database, space, request.params.slug));
      if (erased) {
        const { reason, at } = erased;
        const message = `The ${space} with the slug ${JSON.stringify(request.params.slug)} was erased (${reason}).`;
        const extensions = { code: 'GONE', reason, erasedAt: at.toISOString() };
        return notKept(reply)
          .code(410)
          .send({ errors: [{ message, extensions }] });
      }
      if (!found) {
        const message = `There is no ${space} with the slug ${JSON.stringify(request.params.slug)}.`;
        const extensions = { code: 'NOT_FOUND' };
        return notKept(reply)
          .code(404)
          .send({ errors: [{ message, extensions }] });
      }
      if ('movedTo' in found) {
        return notKept(reply).redirect(`/${addressOf(space, found.movedTo)}`, 308);
      }
      const base = publicUrl ?? addressNamedBy(request);
      return give(request, reply, { type, base, responses }, found);
    });
  }
}

// Private:

/** Short-lived, as a record may be created, merged or restored at any time. */
const notKept = (reply: FastifyReply): FastifyReply => reply.header('cache-control', 'no-cache');

/**
 * The host of the header Host, by which caches distinguish responses; other headers could poison
 * caches with another host.
 */
const addressNamedBy = ({ protocol, headers }: FastifyRequest): string =>
  `${protocol === 'https' ? 'https' : 'http'}://${headers.host ?? 'localhost'}/`;

const mediaTypes = ['application/ld+json', 'application/json'] as const;

/** The first supported type in the header; `*` selects JSON-LD. */
function mediaTypeFor(accept = '*/*'): string | undefined {
  const named = accept.split(',').map((range) => range.split(';')[0]?.trim().toLowerCase());
  const exact = mediaTypes.find((type) => named.includes(type));
  const any = named.includes('*/*') || named.includes('application/*');
  return exact ?? (any ? mediaTypes[0] : undefined);
}

async function give(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, base, responses }: { type: string; base: string; responses: ResponseBudget },
  { record }: Extract<Named, { record: unknown }>,
) {
  const size = responses.open(request.meter?.client);
  size.releaseAtEndOf(reply.raw);
  const body = await serialize({ '@context': jsonLdContext(base), ...jsonLdOf(record) }, size);
  const tag = etagOf(body);
  const named = namedTag(tag, request.headers['if-none-match'] ?? null);
  const encoding = encodingFor((name) => request.headers[name] as string | undefined);
  const bytes = named === undefined ? await compressed(body, encoding) : undefined;
  reply.headers({
    etag: named ?? (bytes && encoding ? taggedFor(tag, encoding) : tag),
    'cache-control': 'public, no-cache',
    vary: `${vary}, Accept-Encoding`,
  });
  if (named !== undefined) {
    size.release();
    return reply.code(304).send();
  }
  reply.type(`${type}; charset=utf-8`);
  request.meter?.chargeBytes(lengthOf(body));
  if (bytes && encoding) reply.header('content-encoding', encoding);
  else if (typeof body === 'string') return reply.send(body);
  if (bytes) size.settle(bytes.length);
  const given = bytes ? inPieces(bytes) : (body as Bytes);
  return reply
    .header('content-length', given.length)
    .send(deliveryReadable(given, responses, size, reply.raw));
}
