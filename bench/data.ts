/**
 * A knowledge base of any size, made up inside PostgreSQL: the same at every run.
 *
 * Its shape follows what real ones have in common: a few organizations keep thousands of
 * offices and a few people are quoted all the time, while most have a handful (a power law),
 * and every fact can be cited.
 */
import postgres from 'postgres';

/** How many rows of each noun belong to so many statements. */
export const sizesFor = (statements: number) => ({
  statements,
  articles: Math.ceil(statements / 5),
  offices: Math.ceil(statements * 0.16),
  people: Math.ceil(statements / 10),
  organizations: Math.ceil(statements / 50),
  cities: Math.ceil(Math.min(statements / 50, 5000)),
  countries: 190,
});

/** Fills empty tables; what is already filled is left as it is. Prints how long each step took. */
export async function fill(url: string, statements: number, log: (line: string) => void) {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const timed = async (what: string, work: () => PromiseLike<unknown>) => {
    const start = performance.now();
    await work();
    log(`  ${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  };
  try {
    const [present] = await sql`select count(*)::int as count from statement`;
    if (present?.['count'] === statements) return;
    if (present?.['count'] !== 0) {
      throw new Error(`the database holds ${present?.['count']} statements, not ${statements}`);
    }
    await sql`create extension if not exists pg_stat_statements`;
    await sql.begin(async (sql) => {
      // Triggers and foreign keys would check row by row what is right by construction.
      await sql`set local session_replication_role = replica`;
      await sql`set local max_parallel_workers_per_gather = 0`;
      await sql`set local maintenance_work_mem = '512MB'`;
      await sql`select setseed(0.42)`;
      const indexes = await secondaryIndexes(sql);
      for (const { name } of indexes) await sql.unsafe(`drop index ${name}`);
      for (const [what, text] of Object.entries(steps(sizesFor(statements)))) {
        await timed(what, () => sql.unsafe(text));
      }
      await timed('indexes', async () => {
        for (const { definition } of indexes) await sql.unsafe(definition);
      });
    });
    for (const [what, table] of Object.entries(searched)) {
      const refresh = sql`select ${sql.unsafe(`refresh_search_${what}`)}(array(select id from ${sql(table)}))`;
      await timed(`search ${what}`, () => refresh);
    }
    await timed('prominence', () => sql`select refresh_prominence(array(select id from entity))`);
    await timed('statistics', () => sql`vacuum analyze`);
    await sql`checkpoint`;
  } finally {
    await sql.end();
  }
}

// Private:

/** What search knows, by the functions that gather it, and of which records. */
const searched = {
  names: 'entity',
  entities: 'entity',
  articles: 'article',
  statements: 'statement',
};

/** Indexes that no constraint owns: making them at the end takes a fraction of the time. */
const secondaryIndexes = async (sql: postgres.TransactionSql) =>
  sql<{ name: string; definition: string }[]>`
    select quote_ident(indexname) as name, indexdef as definition from pg_indexes
    where schemaname = 'public' and indexname not in (select conname from pg_constraint)`;

/** The key of the i-th record of a kind, in the form of a UUIDv7: the later, the greater. */
const id = (kind: number, i: string) =>
  `('01900000-000${kind}-7000-8000-' || lpad(to_hex(${i}), 12, '0'))::uuid`;
const [organization, person, office, place, article, statement, position, reference, status] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9,
] as const;

/**
 * A number from 1 to `count` of which a few come up all the time: the share of the r-th falls
 * with r to the power of 2/3. The last step scatters the popular over all keys.
 */
const popular = (count: number) =>
  `(1 + (floor(${count} * power(random(), 3))::bigint * ${stride(count)}) % ${count})`;
const any = (count: number) => `(1 + floor(random() * ${count})::bigint)`;
/** A number without a divisor in common with `count`, so that multiples of it reach every key. */
function stride(count: number): number {
  let candidate = Math.floor(count * 0.618) | 1;
  while (divisor(candidate, count) !== 1) candidate += 2;
  return candidate;
}
const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

const pick = (words: string) =>
  `(array[${words
    .split(' ')
    .map((word) => `'${word.replaceAll('~', ' ')}'`)
    .join(',')}])[1 + floor(random() * ${words.split(' ').length})::int]`;
/** A word that looks like a name, one of thousands, put together from syllables. */
const family = `initcap(${pick('al ber car dor er fal gor han iv jan kel lor mar nor os per quin ros sal tor ul var wes yor zel')}
  || ${pick('a an ba den e fer gen i kin la man mer ni o ran ri sen ta ti vel')}
  || ${pick('berg dale dottir ez field holm ini ler ling mann nova ov ska son stein ton vic wald witz yama')})`;
const given = `initcap(${pick('a be ca da e fa ga ho i jo ka le ma ni o pa re sa ti yu')}
  || ${pick('bel da dor fa la lin mir na nor ra ri sha than vid')})`;
/** A word of news: the first of them are used all the time, the last hardly ever. */
const topics =
  'office trade accord exercise quota summit border grain harbour pipeline visa tariff treaty mandate refugees election airspace fisheries railway embargo vaccine reactor glacier satellite copper drought orchestra lighthouse amber falconry'.split(
    ' ',
  );
const topic = `(array[${topics.map((word) => `'${word}'`).join(',')}])[1 + floor(${topics.length} * power(random(), 3))::int]`;
const day = `to_char(date '2005-01-01' + floor(random() * 7300)::int, 'YYYY-MM-DD')`;

const steps = ({
  statements,
  articles,
  offices,
  people,
  organizations,
  cities,
  countries,
}: ReturnType<typeof sizesFor>) => ({
  places: `
    insert into entity (id, type, slug, name, sort_name)
      select ${id(place, 'i')}, 'PLACE', 'place-' || i, 'Place ' || i, 'place ' || i
      from generate_series(1, ${countries + cities}) i;
    insert into place (id, sort_name, live, kind, within_id, country_id)
      select ${id(place, 'i')}, 'place ' || i, true,
        (case when i <= ${countries} then 'COUNTRY' else 'CITY' end)::place_kind,
        case when i > ${countries} then ${id(place, `1 + i % ${countries}`)} end,
        ${id(place, `case when i <= ${countries} then i else 1 + i % ${countries} end`)}
      from generate_series(1, ${countries + cities}) i`,
  organizations: `
    insert into entity (id, type, slug, name, sort_name, description)
      select ${id(organization, 'i')}, 'ORGANIZATION', 'organization-' || i, name, lower(name),
        'An organization for public affairs, number ' || i
      from (select i, ${pick('Ministry Council Agency Office Alliance Committee')} || ' of '
        || ${pick('Fisheries Trade Defence Health Energy Justice Culture Transport')} || ' ' || i as name
        from generate_series(1, ${organizations}) i) named;
    insert into organization (id, sort_name, live, kind, home_id)
      select id, sort_name, true, ${pick('MINISTRY GOVERNMENT ALLIANCE NEWS_MEDIUM OTHER')}::organization_kind,
        ${id(place, any(countries))}
      from entity where type = 'ORGANIZATION'`,
  people: `
    insert into entity (id, type, slug, name, sort_name)
      select ${id(person, 'i')}, 'PERSON', 'person-' || i, name, lower(name)
      from (select i, ${given} || ' ' || ${family} as name
        from generate_series(1, ${people}) i) named;
    insert into person (id, sort_name, live, birth_date)
      select id, sort_name, true, (1930 + floor(random() * 70)::int)::text
      from entity where type = 'PERSON'`,
  offices: `
    insert into entity (id, type, slug, name, sort_name)
      select ${id(office, 'i')}, 'OFFICE', 'office-' || i, name, lower(name)
      from (select i, ${pick('Embassy Liaison~Office Mission Consulate Bureau')} || ' in '
        || ${pick('North South East West Old New')} || ' Town ' || i as name
        from generate_series(1, ${offices}) i) named;
    insert into office (id, sort_name, live, organization_id, kind, current_status, place_id, accredited_to_id, staff_count)
      select id, sort_name, true, ${id(organization, popular(organizations))},
        ${pick('LIAISON LIAISON LIAISON EMBASSY EMBASSY MISSION CONSULATE FIELD')}::office_kind,
        ${pick('OPEN OPEN OPEN CLOSED PLANNED')}::office_status_value,
        ${id(place, popular(countries + cities))}, ${id(place, any(countries))},
        1 + floor(random() * 90)::int
      from entity where type = 'OFFICE';
    insert into office_status (id, office_id, status, start)
      select ${id(status, 'row_number() over ()')}, id, current_status, ${day} from office`,
  positions: `
    insert into "position" (id, person_id, organization_id, title, kind, start, "end")
      select ${id(position, 'i')}, ${id(person, any(people))}, ${id(organization, popular(organizations))},
        ${pick('Minister Secretary~General Ambassador Spokesperson Director')} || ' ' || i,
        ${pick('MINISTER HEAD_OF_ORGANIZATION AMBASSADOR SPOKESPERSON OFFICIAL')}::position_kind,
        (2000 + i % 15)::text, case when i % 3 > 0 then (2015 + i % 8)::text end
      from generate_series(1, ${people}) i`,
  articles: `
    insert into article (id, slug, title, sort_title, publisher_id, language, url, published_on, body_hash)
      select ${id(article, 'i')}, 'article-' || i, title, lower(title),
        ${id(organization, popular(organizations))}, 'en', 'https://news.example/' || i, ${day}, md5(i::text)
      from (select i, ${pick('Minister Envoy Council President Delegation')} || ' '
        || ${pick('welcomes rejects discusses proposes delays')} || ' '
        || ${pick('new joint next last secret')} || ' ' || ${topic} || ', part ' || i as title
        from generate_series(1, ${articles}) i) titled;
    insert into article_body (article_id, text)
      select id, repeat(title || '. The talks about the ' || ${topic} || ' and the ' || ${topic}
        || ' are to go on next week, said ' || ${given} || ' ' || ${family} || '. ', 15) from article`,
  statements: `
    insert into statement (id, article_id, kind, text, language, speaker_id, said_on)
      select ${id(statement, 'i')}, ${id(article, `1 + ((i - 1) / 5 + floor(random() * 3)::bigint) % ${articles}`)},
        ${pick('DIRECT DIRECT INDIRECT MIXED')}::statement_kind,
        'We will ' || ${pick('never always soon hardly')} || ' agree to an office of that kind in our region, nor to what was said about the '
          || ${topic} || ' and the ' || ${topic} || ', number ' || i || '.',
        'en',
        case when i % 7 > 0 then ${id(person, popular(people))} else ${id(organization, popular(organizations))} end,
        ${day}
      from generate_series(1, ${statements}) i`,
  subjects: `
    insert into statement_subject (statement_id, entity_id, ordinal, said_sort, live)
      select id, ${id(organization, popular(organizations))}, 0, said_sort, live from statement
      union all
      select id, ${id(place, popular(countries))}, 1, said_sort, live from statement
        where get_byte(uuid_send(id), 15) % 2 = 0`,
  mentions: `
    insert into mention (id, article_id, entity_id, ranges, published_sort)
      select ${id(reference, 'row_number() over ()')}, id, entity_id, '{[0,8)}', published_sort
      from (select id, published_sort, ${id(person, popular(people))} as entity_id from article
        union all select id, published_sort, ${id(organization, popular(organizations))} from article) named`,
  references: `
    insert into reference (id, article_id, statement_id, entity_id, exact, start, "end", verified)
      select ${id(reference, 'row_number() over ()')}, article_id, statement_id, entity_id,
        'an office of that kind in our region', 20, 56, true
      from (select article_id, id as statement_id, null::uuid as entity_id from statement
        union all select ${id(article, any(articles))}, null, id from office) facts`,
});
