/** Variables of the environment that look like settings and are none: a typo has no effect otherwise. */
import { settings } from '../config.js';
import { didYouMean } from '../knowledge/validation/didYouMean.js';

/** A warning for each variable that begins as settings do and is none, with the name that is near to it. */
export const unknownSettings = (env: Record<string, string | undefined>): string[] =>
  Object.keys(env)
    .filter((name) => /^(CHANCERY|DATABASE)_/i.test(name) && !Object.hasOwn(settings, name))
    .sort()
    .map(
      (name) => `${name} is no setting${didYouMean(name, Object.keys(settings))}: it has no effect`,
    );
