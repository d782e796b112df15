/** An option of `createChancery` is unknown or wrong; the message names it. */
export class OptionError extends TypeError {
  override name = 'OptionError';
}
