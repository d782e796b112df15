/** Detects environment variables that look like settings but are unknown, such as typos. */
import { settings } from '../config.js';
import { didYouMean } from '../knowledge/validation/didYouMean.js';

/** A warning for each unknown variable with a prefix of settings, with a suggestion. */
export const unknownSettings = (env: Record<string, string | undefined>): string[] =>
  Object.keys(env)
    .filter((name) => /^(CHANCERY|DATABASE)_/i.test(name) && !Object.hasOwn(settings, name))
    .sort()
    .map(
      (name) =>
        `${name} is not a setting${didYouMean(name, Object.keys(settings))}: it has no effect`,
    );
