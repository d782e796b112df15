/** Messages for issues of zod. */
import type { z } from 'zod';
import { closestTo, suggestion } from './didYouMean.js';
import { formatPath, show, type IssueCode, type Path, type Report } from './report.js';

type Issue = z.core.$ZodIssue;

/** Reports an issue of `form` in the data at `base`. */
export function explain(
  issue: Issue,
  data: unknown,
  base: Path,
  form: z.ZodType,
  report: Report,
): void {
  const path = [...base, ...(issue.path as (string | number)[])];
  const field = fieldOf(path);
  const value = valueAt(data, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) {
        const nearest = closestTo(key, keysAt(form, issue.path));
        const message = `unknown field "${key}"${suggestion(nearest)}`;
        report([...path, key], 'UNKNOWN_FIELD', message, { at: 'key', nearest });
      }
      return;
    case 'invalid_type':
      return report(path, missingOr(value), typeMessage(field, issue.expected, value));
    case 'invalid_value': {
      const known = issue.values.map(String);
      const nearest = typeof value === 'string' ? closestTo(value, known) : [];
      const choice = known.join(', ');
      const message =
        value === undefined
          ? `${field} is required: one of ${choice}`
          : `${field} ${show(value)} is unknown${suggestion(nearest)}: use one of ${choice}`;
      return report(path, missingOr(value), message, { nearest });
    }
    case 'invalid_union':
      return explainUnion(issue, data, base, form, report);
    case 'invalid_key':
      return report(
        path,
        'INVALID_VALUE',
        `${field} ${issue.issues[0]?.message ?? 'is not a name'}`,
        { at: 'key' },
      );
    case 'too_small': {
      const message = `${field} ${show(value)} is too small: at least ${issue.minimum}`;
      return report(path, 'OUT_OF_RANGE', message);
    }
    case 'too_big': {
      const isText = issue.origin === 'string';
      const message = isText
        ? `${field} ${show(value)} is too long: at most ${issue.maximum} characters`
        : `${field} ${show(value)} is too large: at most ${issue.maximum}`;
      return report(path, isText ? 'TOO_LONG' : 'OUT_OF_RANGE', message);
    }
    default:
      return report(path, 'INVALID_VALUE', `${field} ${show(value)} ${issue.message}`);
  }
}

// Private:

/** Explains the alternative of a union that matched furthest. */
function explainUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  data: unknown,
  base: Path,
  form: z.ZodType,
  report: Report,
): void {
  const value = valueAt(data, issue.path);
  const alternatives = issue.errors.filter(
    ([first]) => !(first?.code === 'invalid_type' && first.path.length === 0),
  );
  const [inner] = alternatives[0] ?? [];
  const path = [...issue.path, ...(inner?.path ?? [])];
  if (inner) return explain({ ...inner, path }, data, base, form, report);
  const expected = issue.errors
    .map(([first]) => (first?.code === 'invalid_type' ? first.expected : 'value'))
    .map((type) => typeNames[type] ?? type);
  const field = fieldOf([...base, ...(issue.path as (string | number)[])]);
  report(
    [...base, ...(issue.path as (string | number)[])],
    missingOr(value),
    value === undefined
      ? `${field} is required`
      : `${field} must be ${[...new Set(expected)].join(' or ')}, not ${show(value)}${quotes(value)}`,
  );
}

const missingOr = (value: unknown): IssueCode =>
  value === undefined ? 'REQUIRED' : 'INVALID_VALUE';

function typeMessage(field: string, expected: string, value: unknown): string {
  if (value === undefined) return `${field} is required`;
  const message = `${field} must be ${typeNames[expected] ?? expected}, not ${show(value)}`;
  return expected === 'string' ? message + quotes(value) : message;
}

/** YAML reads unquoted numbers and booleans as such. */
const quotes = (value: unknown) =>
  typeof value === 'number' || typeof value === 'boolean' ? ': put it in quotes' : '';

const typeNames: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'a mapping of fields',
  record: 'a mapping of names',
};

/** The field of a path: `"start"`, or `"participants[2]"` for an item of a list. */
function fieldOf(path: Path): string {
  const names = path.findLastIndex((step) => typeof step === 'string');
  const shown = path.length - names > 1 && names === 0 ? path : path.slice(Math.max(0, names));
  return names < 0 ? 'the record' : `"${formatPath(shown)}"`;
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[step]
        : undefined,
    data,
  );
}

/** The fields that the mapping at a path may have. */
function keysAt(form: z.ZodType, path: readonly PropertyKey[]): string[] {
  const { def } = form as unknown as { def: FormDefinition };
  const inner = def.innerType ?? def.in;
  if (inner) return keysAt(inner, path);
  if (def.options) return def.options.flatMap((option) => keysAt(option, path));
  const [step, ...rest] = path;
  if (step === undefined) return Object.keys(def.shape ?? {});
  const shape = def.shape ?? {};
  const next =
    typeof step === 'number'
      ? def.element
      : Object.hasOwn(shape, step)
        ? shape[String(step)]
        : undefined;
  return next ? keysAt(next, rest) : [];
}

/** The parts of zod's definitions that list the fields of a form. */
interface FormDefinition {
  innerType?: z.ZodType;
  in?: z.ZodType;
  options?: z.ZodType[];
  element?: z.ZodType;
  shape?: Record<string, z.ZodType>;
}
