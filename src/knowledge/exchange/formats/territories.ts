/** The territories of FollowTheMoney's country codes: ISO 3166, unions, and former states. */
import { countryOf } from '../../values/countries.js';

export interface Territory {
  name: string;
  kind: string;
  /** The identifier's value. */
  scheme: string;
  code: string;
}

/** The territory of a code such as `jp`, `suhh` or `gb-sct`; undefined if unknown. */
export function territoryOf(code: string): Territory | undefined {
  const plain = code.trim().toLowerCase();
  if (Object.hasOwn(territories, plain)) return territories[plain];
  const country = countryOf(plain);
  return country && { ...country, kind: 'STATE', scheme: 'iso3166-1' };
}

// Private:

const former = (name: string, code: string): Territory => ({
  name,
  kind: 'STATE',
  scheme: 'iso3166-3',
  code,
});
const part = (name: string, code: string): Territory => ({
  name,
  kind: 'OTHER',
  scheme: 'iso3166-2',
  code,
});
const soviet = former('Soviet Union', 'SUHH');
const eastGermany = former('East Germany', 'DDDE');
const yugoslavia = former('Yugoslavia', 'YUCS');

const territories: Record<string, Territory> = {
  eu: {
    name: 'European Union',
    kind: 'INTERNATIONAL_ORGANIZATION',
    scheme: 'iso3166-1',
    code: 'EU',
  },
  su: soviet,
  suhh: soviet,
  dd: eastGermany,
  ddde: eastGermany,
  yu: yugoslavia,
  yucs: yugoslavia,
  cshh: former('Czechoslovakia', 'CSHH'),
  csxx: former('Serbia and Montenegro', 'CSXX'),
  'gb-eng': part('England', 'GB-ENG'),
  'gb-nir': part('Northern Ireland', 'GB-NIR'),
  'gb-sct': part('Scotland', 'GB-SCT'),
  'gb-wls': part('Wales', 'GB-WLS'),
};
