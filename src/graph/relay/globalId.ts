/**
 * Global ids: three letters for the type and the key of the record,
 * `ORG_AZPl0dLxdxyk8cW2n4Qm7g`. They are opaque to clients. No slug has this form, so an argument
 * may take either.
 */
import { recordTypes, type RecordTypeName } from '../../knowledge/model/recordTypes.js';
import { badInput, quoted } from '../errors.js';

type Codes = Record<
  RecordTypeName | 'Reference' | 'Mention' | 'DatedOfficeStatus' | 'Change',
  string
>;

const codes: Readonly<Codes> = {
  ...(Object.fromEntries(
    Object.values(recordTypes).map(({ graphqlName, code }) => [graphqlName, code]),
  ) as Record<RecordTypeName, string>),
  Reference: 'REF',
  Mention: 'MEN',
  DatedOfficeStatus: 'DOS',
  Change: 'CHG',
};

export type NodeType = keyof Codes;

export interface GlobalId {
  type: NodeType;
  /** The record's key, a UUID. */
  id: string;
}

const types = new Map(Object.entries(codes).map(([type, code]) => [code, type as NodeType]));

export const encodeGlobalId = (type: NodeType, id: string): string =>
  `${codes[type]}_${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')}`;

/** Whether a text has the form of a global id: a slug has neither capitals nor underscores. */
export const looksLikeGlobalId = (text: string): boolean => /^[A-Z]{3}_/.test(text);

/** @throws BAD_USER_INPUT naming `argument` for a malformed id. */
export function decodeGlobalId(text: string, argument: string): GlobalId {
  const decoded = parseGlobalId(text);
  if (decoded) return decoded;
  throw badInput(
    argument,
    `must be an id as this API gave it, but is ${quoted(text)}; to find a record by its slug use the field of its type`,
  );
}

/** Undefined for a text that is not a global id. */
export function parseGlobalId(text: string): GlobalId | undefined {
  const type = types.get(text.slice(0, 3));
  const key = text.slice(4);
  const bytes = Buffer.from(key, 'base64url');
  if (!type || text[3] !== '_' || bytes.length !== 16 || bytes.toString('base64url') !== key) {
    return undefined;
  }
  const hex = bytes.toString('hex');
  return {
    type,
    id: [8, 12, 16, 20, 32].map((end, i, ends) => hex.slice(i ? ends[i - 1] : 0, end)).join('-'),
  };
}
