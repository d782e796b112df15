/** The package as apps import it; `chancery.ts` describes each part. */
export { createChancery, type Chancery } from './chancery.js';
export type { ChanceryOptions } from './options.js';
export { publicView, type View } from './knowledge/reading/view.js';
export { ExtensionError } from './graph/extension/extend.js';
export type { ChanceryContext } from './graph/extension/context.js';
export type { Extension, ExtensionBuilder, ExtensionTypes } from './graph/extension/types.js';
export { selectedColumns } from './graph/relay/selection.js';
export { DatabaseError, type Database } from './database/database.js';
export { DossierError, type DossierIssue } from './knowledge/exchange/dossier/issues.js';
export { OptionError } from './server/optionError.js';
export { ManifestError } from './server/execution/persisted/manifest.js';
export { StreamError } from './knowledge/exchange/stream/rejections.js';
export type {
  RejectedRecord as Refusal,
  Warning,
} from './knowledge/exchange/stream/parsedRecord.js';
export type { AppRequest, CreateContext } from './server/execution/appRequest.js';
export type { Limits } from './server/admission/limits.js';
export type { AppIdentify, AppIdentity } from './server/auth/appIdentity.js';
export type { FetchOptions } from './server/http/embedded.js';
export type { TokenOptions } from './server/auth/tokens.js';
export type { ErrorLog } from './server/errors/mask.js';
export type { PersistedSettings } from './server/execution/persisted/persisted.js';
export type { DatabaseLocation } from './database/open.js';
export type { DossierSource, ImportSummary } from './knowledge/exchange/dossier/import.js';
export type { Knowledge } from './knowledge/knowledge.js';
export type { Metrics } from './server/observability/metrics.js';
export type {
  StreamImportOptions,
  StreamSummary,
} from './knowledge/exchange/stream/importOptions.js';
