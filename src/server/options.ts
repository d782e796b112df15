/** The options of a server, as embedding apps and the command `serve` set them. */
import type { Registry } from 'prom-client';
import type { Extension } from '../graph/extension/types.js';
import type { BodyAccess } from '../knowledge/validation/bodyAccess.js';
import type { Limits } from './admission/limits.js';
import type { AppIdentify } from './auth/appIdentity.js';
import type { TokenOptions } from './auth/tokens.js';
import type { ErrorLog } from './errors/mask.js';
import type { PersistedSettings } from './execution/persisted/persisted.js';
import type { McpOptions } from './mcp/endpoint.js';

export interface ServerOptions {
  /** The path of the endpoint. Default `/graphql`. */
  endpoint?: string | undefined;
  /** Whether the endpoint serves GraphiQL. Default true. */
  graphiql?: boolean | undefined;
  /** Whether clients may introspect the schema. Default true. */
  introspection?: boolean | undefined;
  /** Megabytes of responses that are cached until something in them changes; 0 disables the cache. Default 64. */
  cacheMegabytes?: number | undefined;
  /**
   * How much of the bodies of new articles readers may see, unless the article or its publisher says
   * it. Default `FULL`.
   */
  bodyAccess?: BodyAccess | undefined;
  /** The issuer whose tokens (JWT) are accepted besides API keys. Default: none. */
  tokens?: TokenOptions | undefined;
  /** Identifies the users of the app that embeds Chancery; it wins over the header `Authorization`. */
  identify?: AppIdentify | undefined;
  /** The limits of requests that differ from those of docs/security.md. */
  limits?: Partial<Limits> | undefined;
  /** Persisted operations, see docs/security.md. Default: only automatic persisted queries. */
  persisted?: Partial<PersistedSettings> | undefined;
  /** Whether to trace, with the OpenTelemetry SDK that the process has set up. Default false. */
  traced?: boolean | undefined;
  /** By which hosts and from which pages agents may call `mcp`. Default: this machine, and addresses. */
  mcp?: McpOptions | undefined;
  /** The log of unexpected errors, such as a logger of pino. Default: the console. */
  log?: ErrorLog | undefined;
  /**
   * The registry of prom-client that receives the metrics, until Chancery is closed. Default: one of
   * its own.
   */
  registry?: Registry | undefined;
  /** Adds fields and types to the schema of this instance; see docs/extending.md. */
  extend?: Extension | undefined;
  /** Whether the schema is a subgraph of Apollo Federation; see docs/federation.md. Default false. */
  federation?: boolean | undefined;
}
