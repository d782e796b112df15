/**
 * The app in tests/relay/app, compiled by Relay's compiler against schema.graphql and run by
 * Relay's runtime against a server.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  createOperationDescriptor,
  Environment,
  fetchQuery,
  getPaginationMetadata,
  getPaginationVariables,
  getRefetchMetadata,
  getSingularSelector,
  Network,
  RecordSource,
  Store,
  type ConcreteRequest,
  type Direction,
  type GraphQLResponse,
  type ReaderFragment,
  type Variables,
} from 'relay-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hosted } from '../support/hosted.js';
import { bearerOf } from '../support/bearer.js';

describe('an app on Relay', () => {
  const server = hosted(
    {},
    {
      identify: (request) =>
        bearerOf(request) === 'editor' ? { id: 'ann', name: 'Ann', role: 'EDITOR' } : undefined,
    },
  );
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chancery-relay-'));
    await compile(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const open = () => new App(folder, server.origin);

  it('loads the next pages of a list, each item once', async () => {
    const app = open();
    const list = await officeList(app);
    expect(list.read().offices).toMatchObject({ totalCount: 8, pageInfo: { hasNextPage: true } });
    expect(namesIn(list.read())).toHaveLength(3);
    await list.load('forward', 3);
    await list.load('forward', 3);
    const names = namesIn(list.read());
    expect(list.read().offices.pageInfo.hasNextPage).toBe(false);
    expect(names).toEqual([...new Set(names)].sort((a, b) => a.localeCompare(b)));
    expect(names).toHaveLength(8);
    expect(app.sent).toEqual([
      'OrganizationPageQuery',
      'OfficeListPaginationQuery',
      'OfficeListPaginationQuery',
    ]);
    expect(app.stored('Office')).toBe(8);
    expect(app.stored('Organization')).toBe(1);
  });

  it('loads the previous pages of a list that was refetched from its end', async () => {
    const list = await officeList(open());
    await list.refetch({ last: 5 });
    const last = namesIn(list.read());
    expect(last).toHaveLength(5);
    await list.load('backward', 5);
    const names = namesIn(list.read());
    expect(names).toHaveLength(8);
    expect(names.slice(3)).toEqual(last);
    expect(list.read().offices.pageInfo.hasPreviousPage).toBe(false);
  });

  it('refetches one record by node(id:), through each interface, into the same record', async () => {
    const app = open();
    const list = await officeList(app);
    const [office] = list.read().offices.edges;
    const line = app.fragment<Line>('RecordLine_record', office?.node);
    expect(line.read()).toMatchObject({ recordType: 'OFFICE', caption: office?.node.name });

    const organization = await app.organization();
    const header = app.fragment<Header>('EntityHeader_entity', organization);
    const before = app.stored();
    await server.chancery.fetch(
      new Request('http://test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer editor' },
        body: JSON.stringify({
          query: `mutation ($id: ID!) {
            updateOrganization(id: $id, input: { description: "Changed meanwhile" }) { __typename }
          }`,
          variables: { id: header.read().id },
        }),
      }),
    );
    await header.refetch();
    await line.refetch();
    expect(header.read()).toMatchObject({ name: 'NATO', description: 'Changed meanwhile' });
    expect(app.sent.slice(-2)).toEqual(['EntityHeaderRefetchQuery', 'RecordLineRefetchQuery']);
    expect(app.stored()).toBe(before);
  });

  it('refetches a speaker, whether a person or an organization', async () => {
    const app = open();
    const { statements } = await app.query<StatementsPage>('StatementsPageQuery');
    const speakers = statements.edges.map(({ node }) =>
      app.fragment<Header>('SpeakerName_speaker', node.speaker),
    );
    const slugs = new Set(speakers.map((speaker) => speaker.read().slug));
    expect(slugs).toContain('jens-stoltenberg');
    expect(app.stored('Person') + app.stored('Organization')).toBe(slugs.size);
    expect(app.stored('Person')).toBeGreaterThan(0);
    expect(app.stored('Organization')).toBeGreaterThan(0);
    for (const speaker of speakers.slice(0, 5)) {
      const known = speaker.read();
      await speaker.refetch();
      expect(speaker.read()).toEqual(known);
    }
    expect(app.stored('Person') + app.stored('Organization')).toBe(slugs.size);
  });
});

// Private:

interface OfficeList {
  offices: {
    totalCount: number;
    edges: { node: { id: string; name: string } }[];
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean };
  };
}
interface Line {
  id: string;
  recordType: string;
  caption: string;
}
interface Header {
  id: string;
  name: string;
  slug: string;
}
interface StatementsPage {
  statements: { edges: { node: { id: string; speaker: object } }[] };
}

const officeList = async (app: App) =>
  app.fragment<OfficeList>('OfficeList_organization', await app.organization());

const namesIn = ({ offices }: OfficeList) => offices.edges.map(({ node }) => node.name);

/** Compiles the app in this folder, to CommonJS, which needs no bundler. */
async function compile(folder: string): Promise<void> {
  await cp('tests/relay/app', join(folder, 'app'), { recursive: true });
  await cp('schema.graphql', join(folder, 'schema.graphql'));
  await mkdir(join(folder, 'generated'));
  const config = {
    src: 'app',
    schema: 'schema.graphql',
    language: 'javascript',
    eagerEsModules: false,
    artifactDirectory: 'generated',
  };
  await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config));
  const compiler = createRequire(import.meta.url).resolve('relay-compiler/cli.js');
  await promisify(execFile)(process.execPath, [compiler, 'relay.config.json'], { cwd: folder });
}

/** What React's components do through react-relay's hooks: read fragments, load and refetch. */
class App {
  /** The names of the queries that were sent. */
  readonly sent: string[] = [];
  readonly #artifact: (name: string) => unknown;
  readonly #environment: Environment;

  constructor(folder: string, origin: string) {
    const require = createRequire(join(folder, 'generated', 'index.js'));
    this.#artifact = (name) => require(`./${name}.graphql.js`);
    this.#environment = new Environment({
      store: new Store(new RecordSource()),
      network: Network.create(async ({ name, text }, variables) => {
        this.sent.push(name);
        const response = await fetch(`${origin}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: text, variables }),
        });
        const result = (await response.json()) as GraphQLResponse & { errors?: unknown };
        expect(result.errors).toBe(undefined);
        return result;
      }),
    });
  }

  async query<Data>(name: string, variables: Variables = {}): Promise<Data> {
    const request = this.#artifact(name) as ConcreteRequest;
    // Relay keeps of a record only what a retained query reads.
    this.#environment.retain(createOperationDescriptor(request, variables));
    const data = await fetchQuery(this.#environment, request, variables).toPromise();
    return data as Data;
  }

  async organization(): Promise<object> {
    return (await this.query<{ organization: object }>('OrganizationPageQuery')).organization;
  }

  fragment<Data>(name: string, reference: unknown): Fragment<Data> {
    const node = this.#artifact(name) as ReaderFragment;
    let selector = getSingularSelector(node, reference);
    const read = () => this.#environment.lookup(selector).data as Data & { id?: string };
    const { refetchableRequest } = getRefetchMetadata(node, name);
    return {
      read,
      refetch: async (variables = {}) => {
        const id = selector.dataID;
        const data = await this.query<{ node: object }>(refetchableRequest.params.name, {
          ...variables,
          id,
        });
        selector = getSingularSelector(node, data.node);
      },
      load: async (direction, count) => {
        const { paginationMetadata, paginationRequest } = getPaginationMetadata(node, name);
        const { pageInfo } = (
          read() as unknown as OfficeList & {
            offices: { pageInfo: { startCursor: string; endCursor: string } };
          }
        ).offices;
        const cursor = direction === 'forward' ? pageInfo.endCursor : pageInfo.startCursor;
        await this.query(paginationRequest.params.name, {
          ...getPaginationVariables(
            direction,
            count,
            cursor,
            selector.variables,
            {},
            paginationMetadata,
          ),
          id: selector.dataID,
        });
      },
    };
  }

  /** How many records of a type the store has. */
  stored(type?: string): number {
    return Object.values(this.#environment.getStore().getSource().toJSON()).filter(
      (record) => !type || (record as { __typename?: string }).__typename === type,
    ).length;
  }
}

interface Fragment<Data> {
  read(): Data;
  refetch(variables?: Variables): Promise<void>;
  load(direction: Direction, count: number): Promise<void>;
}
