/**
 * What an expert would write for just these queries: node:http and one statement each, in which
 * PostgreSQL itself builds the JSON of the answer.
 */
import { createServer } from 'node:http';
import postgres from 'postgres';
import type { QueryName, Variables } from '../workloads.ts';

const sql = postgres(process.env['DATABASE_URL'] ?? '', { max: 10 });

interface Statement {
  text: string;
  parameters: (variables: Variables) => string[];
}

const statements: Record<QueryName, Statement> = {
  shallow: {
    parameters: ({ slug }) => [String(slug)],
    text: `select json_build_object('organization', json_build_object('name', e.name, 'offices',
        json_build_object('nodes', (select coalesce(json_agg(json_build_object('name', oe.name, 'place',
            json_build_object('name', pe.name)) order by o.sort_name, o.id), '[]')
          from (select id, sort_name, place_id from office where organization_id = e.id and kind = 'LIAISON' and live
            order by sort_name, id limit 20) o
          join entity oe on oe.id = o.id join entity pe on pe.id = o.place_id))))::text as json
      from entity e where e.slug = $1 and e.type = 'ORGANIZATION' and e.live`,
  },
  deep: {
    parameters: ({ slug }) => [String(slug)],
    text: `select json_build_object('organization', json_build_object('name', e.name, 'offices',
        json_build_object('nodes', (select coalesce(json_agg(json_build_object('name', oe.name, 'kind', o.kind,
            'place', json_build_object('name', pe.name), 'organization', json_build_object('name', e.name))
            order by o.sort_name, o.id), '[]')
          from (select id, sort_name, place_id, kind from office where organization_id = e.id and live
            order by sort_name, id limit 10) o
          join entity oe on oe.id = o.id join entity pe on pe.id = o.place_id)),
        'articles', json_build_object('nodes', (select coalesce(json_agg(json_build_object('title', a.title,
            'publishedOn', a.published_on, 'statements', json_build_object('nodes',
              (select coalesce(json_agg(json_build_object('text', s.text, 'saidOn', s.said_on, 'speaker',
                  json_build_object('name', se.name)) order by s.id), '[]')
                from (select id, text, said_on, speaker_id from statement where article_id = a.id and live
                  order by id limit 5) s
                join entity se on se.id = s.speaker_id))) order by a.published_sort desc, a.id desc), '[]')
          from (select id, title, published_on, published_sort from article where publisher_id = e.id and live
            order by published_sort desc, id desc limit 10) a))))::text as json
      from entity e where e.slug = $1 and e.type = 'ORGANIZATION' and e.live`,
  },
  wide: {
    parameters: ({ slug }) => [String(slug)],
    text: `select json_build_object('person', json_build_object('name', e.name, 'statements',
        json_build_object('nodes', (select coalesce(json_agg(json_build_object('text', s.text, 'saidOn', s.said_on,
            'speaker', json_build_object('name', e.name), 'article', json_build_object('title', a.title,
            'publisher', json_build_object('name', pe.name))) order by s.said_sort desc, s.id desc), '[]')
          from (select id, text, said_on, said_sort, article_id from statement where speaker_id = e.id and live
            order by said_sort desc, id desc limit 100) s
          join article a on a.id = s.article_id join entity pe on pe.id = a.publisher_id))))::text as json
      from entity e where e.slug = $1 and e.type = 'PERSON' and e.live`,
  },
  lists: {
    parameters: ({ speaker, kind, organization, status }) =>
      [speaker, kind, organization, status].map(String),
    text: `select json_build_object(
        'statements', (select json_build_object(
          'totalCount', (select count(*) from statement where speaker_id = e.id and kind = $2::statement_kind and live),
          'nodes', (select coalesce(json_agg(json_build_object('text', s.text, 'kind', s.kind, 'saidOn', s.said_on)
              order by s.said_sort, s.id), '[]')
            from (select id, text, kind, said_on, said_sort from statement
              where speaker_id = e.id and kind = $2::statement_kind and live order by said_sort, id limit 20) s))
          from entity e where e.slug = $1),
        'offices', (select json_build_object(
          'totalCount', (select count(*) from office
            where organization_id = e.id and current_status = $4::office_status_value and live),
          'nodes', (select coalesce(json_agg(json_build_object('name', oe.name, 'status', o.current_status,
              'staffCount', o.staff_count) order by o.sort_name desc, o.id desc), '[]')
            from (select id, sort_name, current_status, staff_count from office
              where organization_id = e.id and current_status = $4::office_status_value and live
              order by sort_name desc, id desc limit 20) o join entity oe on oe.id = o.id))
          from entity e where e.slug = $3))::text as json`,
  },
  node: {
    parameters: ({ type, id }) => [String(type), String(id)],
    text: `select json_build_object('node', case $1::text
        when 'Organization' then (select json_build_object('name', e.name, 'kind', o.kind)
          from entity e join organization o on o.id = e.id where e.id = $2::uuid and e.live)
        when 'Person' then (select json_build_object('name', e.name, 'birthDate', p.birth_date)
          from entity e join person p on p.id = e.id where e.id = $2::uuid and e.live)
        when 'Office' then (select json_build_object('name', e.name, 'status', o.current_status)
          from entity e join office o on o.id = e.id where e.id = $2::uuid and e.live)
        when 'Article' then (select json_build_object('title', title, 'publishedOn', published_on)
          from article where id = $2::uuid and live)
        else (select json_build_object('text', text, 'saidOn', said_on)
          from statement where id = $2::uuid and live) end)::text as json`,
  },
};

const server = createServer((request, response) => {
  const statement = statements[request.url?.slice(1) as QueryName] as Statement | undefined;
  if (!statement) {
    response.writeHead(404).end();
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { text, parameters } = statement;
    const variables = JSON.parse(Buffer.concat(chunks).toString()) as Variables;
    sql.unsafe<{ json: string }[]>(text, parameters(variables), { prepare: true }).then(
      ([row]) => {
        const body = row?.json ?? 'null';
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        });
        response.end(body);
      },
      (error: unknown) => {
        response.writeHead(500).end(String(error));
      },
    );
  });
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
