// The command line as a person meets it: what it does with the examples, and what it says when something is wrong.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';

import { setUpOwner, withToken } from '../lib/crowd.mjs';
import { parseCsv } from '../lib/csv.mjs';
import { CHECKOUT, freePort, run, startServer, temporaryFolder } from '../lib/server.mjs';

const EXAMPLES = ['customer-messages', 'product-descriptions', 'weather-scenes'];
const example = (name) => path.join(CHECKOUT, 'examples', name);

/** One clear sentence: no panic, no trace of the program's inside. */
function assertClear({ code, stdout, stderr }, ...patterns) {
  const said = stderr + stdout;
  assert.notEqual(code, 0, `it should fail, but said: ${said}`);
  assert.notEqual(code, null, 'it should end by itself');
  for (const pattern of patterns) assert.match(said, pattern);
  assert.doesNotMatch(said, /panicked|RUST_BACKTRACE|stack backtrace/);
  const sentences = stderr.trim().split('\n').filter((line) => line.trim() !== '');
  assert.ok(sentences.length <= 6, `too much is said:\n${stderr}`);
}

describe('starting a server', () => {
  let folder;
  beforeEach((t) => {
    folder = temporaryFolder();
    t.after?.(() => rmSync(folder, { recursive: true, force: true }));
  });

  test('a port in use is named', async (t) => {
    const holder = net.createServer().listen(0, '127.0.0.1');
    t.after(() => holder.close());
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address();
    assertClear(await run(['serve', '--data', path.join(folder, 'data'), '--listen', `127.0.0.1:${port}`]), new RegExp(`127\\.0\\.0\\.1:${port}`), /in use/i);
  });

  test('a data folder that cannot be made is named', async () => {
    // Root may write everywhere, but nobody can make a folder inside of a file.
    const file = path.join(folder, 'a-file');
    writeFileSync(file, '');
    const data = path.join(file, 'data');
    assertClear(await run(['serve', '--data', data, '--listen', `127.0.0.1:${await freePort()}`]), new RegExp(data));
  });

  test('a PostgreSQL that does not answer is named', async () => {
    const database = `postgres://somebody:hidden-word@127.0.0.1:${await freePort()}/none`;
    const said = await run(['serve', '--data', path.join(folder, 'data'), '--listen', `127.0.0.1:${await freePort()}`, '--database', database]);
    assertClear(said, /database/i);
    assert.doesNotMatch(said.stderr + said.stdout, /hidden-word/, 'the password is not shown');
  });

  test('a database of a newer version is left alone', async (t) => {
    const server = await startServer();
    t.after(() => server.remove());
    await server.stop();
    const database = path.join(server.folder, 'data', 'crowdsmith.db');
    const statement = `INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (999999, 'from the future', 1, x'00', 0)`;
    execFileSync('python3', ['-c', 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()', database, statement]);
    assertClear(await run(['serve', '--data', path.join(server.folder, 'data'), '--listen', `127.0.0.1:${await freePort()}`]), /newer version/);
  });

  test('it ends cleanly on SIGTERM, and a second start keeps the data', async (t) => {
    const server = await startServer();
    t.after(() => server.remove());
    await setUpOwner(server, { workspace: 'Kept' });
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
    await server.start();
    const site = await fetch(`${server.url}/api/v1/site`).then((answer) => answer.json());
    assert.equal(site.workspace, 'Kept');
    assert.equal(site.setup_required, false);
  });
});

describe('pushing a folder', () => {
  let server;
  let owner;
  let env;
  let folder;
  before(async () => {
    server = await startServer();
    owner = await setUpOwner(server);
    env = { CROWDSMITH_SERVER: server.url, CROWDSMITH_TOKEN: (await withToken(owner, ['read', 'write'])).token };
    folder = temporaryFolder();
  });
  after(async () => {
    await server?.remove();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** A copy of an example under a name of its own, changed by `edit`. */
  function changed(name, edit) {
    const copy = path.join(folder, name);
    cpSync(example('customer-messages'), copy, { recursive: true });
    const toml = path.join(copy, 'project.toml');
    writeFileSync(toml, readFileSync(toml, 'utf8').replace('name = "customer-messages"', `name = "${name}"`));
    edit(copy, toml);
    return copy;
  }
  const replace = (file, from, to) => {
    const text = readFileSync(file, 'utf8');
    assert.ok(text.includes(from), `${file} has ${from}`);
    writeFileSync(file, text.replace(from, to));
  };
  const batchOf = async (project) => (await owner.get(`batches?project=${project}`)).items[0];

  for (const name of EXAMPLES) {
    test(`the example ${name}: all tasks arrive, a second push changes nothing`, async () => {
      const tasks = parseCsv(readFileSync(path.join(example(name), 'tasks.csv'), 'utf8'));
      for (const round of ['first', 'second']) {
        const { code, stdout, stderr } = await run(['push', example(name), '--open'], { env });
        assert.equal(code, 0, `${round} push: ${stdout}${stderr}`);
        const batch = await batchOf(name);
        assert.equal(batch.state, 'open');
        assert.equal(batch.revision, 1);
        assert.equal(batch.progress.tasks, tasks.length);
        // The budget has to cover what the batch wants.
        assert.ok(Number(batch.budget) >= batch.progress.wanted * Number(batch.price));
      }
    });
  }

  test('a changed question makes a new revision', async () => {
    const copy = changed('revised', () => {});
    assert.equal((await run(['push', copy], { env })).code, 0);
    replace(path.join(copy, 'project.toml'), 'mainly about?', 'about?');
    assert.equal((await run(['push', copy], { env })).code, 0);
    const { revision } = await owner.get('projects/revised');
    assert.equal(revision, 2);
  });

  test('an unknown key gets a suggestion', async () => {
    const copy = changed('unknown-key', (_, toml) => replace(toml, 'overlap = 3', 'overlpa = 3'));
    assertClear(await run(['push', copy], { env }), /overlpa/, /overlap\b/, /project\.toml/);
    assert.equal((await owner.send('GET', 'projects/unknown-key')).status, 404, 'nothing was made');
  });

  test('a wrong value names its field', async () => {
    const copy = changed('wrong-value', (_, toml) => replace(toml, 'price = "0.03"', 'price = "three cents"'));
    assertClear(await run(['push', copy], { env }), /price/);
    assert.equal((await owner.send('GET', 'projects/wrong-value')).status, 404, 'nothing was made');
  });

  test('a bad line is named and nothing of the file is kept', async () => {
    const copy = changed('bad-line', (at) => writeFileSync(path.join(at, 'tasks.csv'), 'task,message\na,one\nb,two\nc,three,too many\nd,four\n'));
    assertClear(await run(['push', copy], { env }), /line 4/);
    const batch = await batchOf('bad-line');
    assert.equal(batch?.progress.tasks ?? 0, 0, 'no task was kept');
  });

  test('a missing column is named', async () => {
    const copy = changed('missing-column', (at) => writeFileSync(path.join(at, 'tasks.csv'), 'task,text\na,one\n'));
    assertClear(await run(['push', copy], { env }), /message/);
    const batch = await batchOf('missing-column');
    assert.equal(batch?.progress.tasks ?? 0, 0, 'no task was kept');
  });

  test('a picture that is not there is named', async () => {
    const copy = path.join(folder, 'no-picture');
    mkdirSync(copy);
    writeFileSync(path.join(copy, 'project.toml'), readFileSync(path.join(example('weather-scenes'), 'project.toml'), 'utf8').replace('"weather-scenes"', '"no-picture"'));
    writeFileSync(path.join(copy, 'tasks.csv'), 'task,picture\na,pictures/missing.png\n');
    assertClear(await run(['push', copy], { env }), /missing\.png/);
  });

  test('a folder without project.toml, a wrong token and a server that is away', async () => {
    assertClear(await run(['push', folder], { env }), /project\.toml/);
    assertClear(await run(['push', example('customer-messages')], { env: { ...env, CROWDSMITH_TOKEN: 'cs_wrong' } }), /token/i);
    const away = `http://127.0.0.1:${await freePort()}`;
    assertClear(await run(['push', example('customer-messages')], { env: { ...env, CROWDSMITH_SERVER: away } }), new RegExp(away));
  });

  test('judgments go in and results come out by the command line', async () => {
    const { id } = await batchOf('customer-messages');
    const truth = parseCsv(readFileSync(path.join(example('customer-messages'), 'truth.csv'), 'utf8'));
    const judgments = path.join(folder, 'judgments.csv');
    writeFileSync(judgments, `task,worker,label\n${truth.flatMap(({ task, kind }) => [1, 2].map((worker) => `${task},w${worker},${kind}\n`)).join('')}`);
    const imported = await run(['import', id, judgments], { env });
    assert.equal(imported.code, 0, imported.stderr);

    const results = path.join(folder, 'results.csv');
    const exported = await run(['export', id, '--what', 'results', '--format', 'csv', '--output', results], { env });
    assert.equal(exported.code, 0, exported.stderr);
    const rows = new Map(parseCsv(readFileSync(results, 'utf8')).map((row) => [row.task, row]));
    assert.equal(rows.size, truth.length);
    for (const { task, kind } of truth) {
      assert.equal(rows.get(task).kind, kind);
      assert.equal(rows.get(task).judgments, '2');
    }

    writeFileSync(judgments, 'task,worker,label\nm001,w9,delivery\nm002,w9,nonsense\n');
    assertClear(await run(['import', id, judgments], { env }), /line 3/, /nonsense/);
    const after = await owner.get(`batches/${id}`);
    assert.equal(after.progress.judgments, 240, 'nothing of the bad file was kept');
  });

  test('help names every command', async () => {
    const { code, stdout } = await run(['--help']);
    assert.equal(code, 0);
    for (const command of ['serve', 'demo', 'push', 'import', 'export', 'crowd', 'admin']) assert.match(stdout, new RegExp(`\\b${command}\\b`));
  });
});
