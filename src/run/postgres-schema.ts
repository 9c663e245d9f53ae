/**
 * The tables and functions of a Postgres store, as migrations: each is applied once, in order, and never changed after
 * its release.
 *
 * A commit is one function call, so it is one round trip, and the calls of many runs are one commit.
 *
 * @module
 */

/**
 * What makes each version out of the one before, in a schema whose quoted name is `s`.
 *
 * An event is kept as the text that was written. The row of a lease is locked while its holder writes, so a takeover waits
 * for the write, or the write finds the new fence. Messages that were taken are deleted by their ids: one that was posted
 * before a taken one may become visible after it.
 */
export const MIGRATIONS: readonly ((s: string) => string)[] = [
  (s) => `
CREATE TABLE ${s}.versions (version integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE ${s}.runs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run text COLLATE "C" NOT NULL UNIQUE,
  parent bigint, shared integer NOT NULL DEFAULT 0, task text NOT NULL DEFAULT '', status text NOT NULL DEFAULT 'running',
  started_at text COLLATE "C" NOT NULL DEFAULT '', model text NOT NULL DEFAULT '');
CREATE INDEX runs_newest ON ${s}.runs (started_at DESC, id DESC);
CREATE TABLE ${s}.events (run bigint NOT NULL, seq integer NOT NULL, body text NOT NULL, PRIMARY KEY (run, seq));
CREATE TABLE ${s}.blobs (name text COLLATE "C" PRIMARY KEY, content bytea NOT NULL);
CREATE TABLE ${s}.inbox (id bigint GENERATED ALWAYS AS IDENTITY, run text COLLATE "C" NOT NULL, token uuid NOT NULL UNIQUE,
  body text NOT NULL, PRIMARY KEY (run, id));
CREATE TABLE ${s}.leases (run text COLLATE "C" PRIMARY KEY, holder text NOT NULL, fence bigint NOT NULL,
  until timestamptz NOT NULL, host text NOT NULL, pid integer NOT NULL);

CREATE FUNCTION ${s}.length_of(run_id bigint, shared integer) RETURNS integer STABLE LANGUAGE sql AS $$
  SELECT coalesce((SELECT e.seq + 1 FROM ${s}.events e WHERE e.run = run_id ORDER BY e.seq DESC LIMIT 1), shared)
$$;

CREATE FUNCTION ${s}.append(runs text[], fences bigint[], places integer[], counts integer[], extras json, owners integer[],
  seqs integer[], bodies text, durable boolean, again boolean) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
  lines text[] := string_to_array(bodies, E'\\n');
  ids bigint[];
  outcome bigint[];
  made bigint;
  held bigint;
  own integer;
  extra json;
BEGIN
  IF NOT durable THEN PERFORM set_config('synchronous_commit', 'off', true); END IF;
  FOR n IN 1 .. cardinality(runs) LOOP
    held := coalesce((SELECT l.fence FROM ${s}.leases l WHERE l.run = runs[n] FOR SHARE), 0);
    IF held <> fences[n] THEN
      outcome := outcome || ARRAY[1, held];
      CONTINUE;
    END IF;
    made := (SELECT r.id FROM ${s}.runs r WHERE r.run = runs[n]);
    own := coalesce((SELECT e.seq + 1 FROM ${s}.events e WHERE e.run = made ORDER BY e.seq DESC LIMIT 1), 0);
    IF own = places[n] THEN
      outcome := outcome || ARRAY[0, own::bigint];
      IF made IS NULL THEN INSERT INTO ${s}.runs (run) VALUES (runs[n]) RETURNING id INTO made; END IF;
      ids[n] := made;
      extra := extras -> (n - 1);
      CONTINUE WHEN extra IS NULL OR json_typeof(extra) = 'null';
      UPDATE ${s}.runs r SET task = CASE WHEN r.task = '' THEN coalesce(extra ->> 'task', '') ELSE r.task END,
        status = coalesce(extra ->> 'status', r.status), model = coalesce(extra ->> 'model', r.model),
        started_at = coalesce(extra ->> 'startedAt', r.started_at) WHERE extra ->> 'status' IS NOT NULL AND r.id = made;
      DELETE FROM ${s}.inbox i WHERE i.run = runs[n] AND i.id IN (
        SELECT t::bigint FROM json_array_elements_text(extra -> 'taken') AS t);
    ELSIF again AND own >= places[n] + counts[n] AND NOT EXISTS (
      SELECT FROM unnest(owners, seqs, lines) AS u(owner, seq, line)
      LEFT JOIN ${s}.events e ON e.run = made AND e.seq = u.seq
      WHERE u.owner = n AND e.body IS DISTINCT FROM u.line)
    THEN
      outcome := outcome || ARRAY[0, own::bigint];
    ELSE
      outcome := outcome || ARRAY[2, own::bigint];
    END IF;
  END LOOP;
  INSERT INTO ${s}.events (run, seq, body)
    SELECT ids[u.owner], u.seq, u.line FROM unnest(owners, seqs, lines) AS u(owner, seq, line)
    WHERE ids[u.owner] IS NOT NULL;
  RETURN outcome;
END
$$;

CREATE FUNCTION ${s}.fork(parent_run text, place integer, new_run text, body text, started text, again boolean)
RETURNS TABLE (outcome text, detail integer) LANGUAGE plpgsql AS $$
DECLARE
  source record;
  made bigint;
BEGIN
  SELECT r.*, ${s}.length_of(r.id, r.shared) AS length INTO source FROM ${s}.runs r WHERE r.run = parent_run;
  detail := source.length;
  IF source.id IS NULL THEN outcome := 'unknown';
  ELSIF place < 1 OR place > source.length THEN outcome := 'short';
  ELSE
    INSERT INTO ${s}.runs (run, parent, shared, task, started_at, model)
      VALUES (new_run, source.id, place, source.task, started, source.model) ON CONFLICT DO NOTHING RETURNING id INTO made;
    IF made IS NOT NULL THEN
      outcome := 'forked';
      INSERT INTO ${s}.events (run, seq, body) VALUES (made, place, fork.body);
    ELSE
      outcome := CASE WHEN again AND EXISTS (SELECT FROM ${s}.runs r JOIN ${s}.events e ON e.run = r.id AND e.seq = place
        WHERE r.run = new_run AND r.parent = source.id AND e.body = fork.body) THEN 'forked' ELSE 'taken' END;
    END IF;
  END IF;
  RETURN NEXT;
END
$$;`,
  (s) => `
ALTER TABLE ${s}.runs ADD COLUMN queue text COLLATE "C";
CREATE INDEX runs_queued ON ${s}.runs (queue, id) WHERE queue IS NOT NULL AND status IN ('running', 'suspended');`,
  // Says of each run also whether something is left in its inbox, and looks each run up at once.
  (s) => `
CREATE OR REPLACE FUNCTION ${s}.append(runs text[], fences bigint[], places integer[], counts integer[], extras json,
  owners integer[], seqs integer[], bodies text, durable boolean, again boolean) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
  lines text[] := string_to_array(bodies, E'\\n');
  ids bigint[];
  outcome bigint[];
  made bigint;
  held bigint;
  own integer;
  posted boolean;
  extra json;
BEGIN
  IF NOT durable THEN PERFORM set_config('synchronous_commit', 'off', true); END IF;
  FOR n IN 1 .. cardinality(runs) LOOP
    SELECT l.fence, r.id,
        coalesce((SELECT e.seq + 1 FROM ${s}.events e WHERE e.run = r.id ORDER BY e.seq DESC LIMIT 1), 0),
        EXISTS (SELECT FROM ${s}.inbox i WHERE i.run = l.run)
      INTO held, made, own, posted
      FROM ${s}.leases l LEFT JOIN ${s}.runs r ON r.run = l.run WHERE l.run = runs[n] FOR SHARE OF l;
    IF held IS DISTINCT FROM fences[n] THEN
      outcome := outcome || ARRAY[1, coalesce(held, 0), 1];
    ELSIF own = places[n] THEN
      IF made IS NULL THEN INSERT INTO ${s}.runs (run) VALUES (runs[n]) RETURNING id INTO made; END IF;
      ids[n] := made;
      extra := extras -> (n - 1);
      IF json_typeof(extra) = 'object' THEN
        UPDATE ${s}.runs r SET task = CASE WHEN r.task = '' THEN coalesce(extra ->> 'task', '') ELSE r.task END,
          status = coalesce(extra ->> 'status', r.status), model = coalesce(extra ->> 'model', r.model),
          started_at = coalesce(extra ->> 'startedAt', r.started_at) WHERE extra ->> 'status' IS NOT NULL AND r.id = made;
        DELETE FROM ${s}.inbox i WHERE i.run = runs[n] AND i.id IN (
          SELECT t::bigint FROM json_array_elements_text(extra -> 'taken') AS t);
        posted := EXISTS (SELECT FROM ${s}.inbox i WHERE i.run = runs[n]);
      END IF;
      outcome := outcome || ARRAY[0, own, posted::integer]::bigint[];
    ELSIF again AND own >= places[n] + counts[n] AND NOT EXISTS (
      SELECT FROM unnest(owners, seqs, lines) AS u(owner, seq, line)
      LEFT JOIN ${s}.events e ON e.run = made AND e.seq = u.seq
      WHERE u.owner = n AND e.body IS DISTINCT FROM u.line)
    THEN
      outcome := outcome || ARRAY[0, own, 1]::bigint[];
    ELSE
      outcome := outcome || ARRAY[2, own, 1]::bigint[];
    END IF;
  END LOOP;
  INSERT INTO ${s}.events (run, seq, body)
    SELECT ids[u.owner], u.seq, u.line FROM unnest(owners, seqs, lines) AS u(owner, seq, line)
    WHERE ids[u.owner] IS NOT NULL;
  RETURN outcome;
END
$$;`,
];

/** The statements of a store in a schema whose quoted name is `s`. */
export const statementsOf = (s: string) => ({
  append: `SELECT ${s}.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS outcome`,
  read: `WITH RECURSIVE chain (id, run, parent, low, high) AS (
      SELECT id, run, parent, shared, 2147483647 FROM ${s}.runs WHERE run = $1
      UNION ALL
      SELECT r.id, r.run, r.parent, r.shared, least(c.low, c.high) FROM chain c JOIN ${s}.runs r ON r.id = c.parent
      WHERE c.low > $2)
    SELECT c.run, e.seq, e.body FROM chain c LEFT JOIN ${s}.events e
      ON e.run = c.id AND e.seq >= greatest(c.low, $2) AND e.seq < least(c.high, $3::integer)
    ORDER BY e.seq NULLS FIRST`,
  // Whether one that runs is held is said where no queue has it.
  list: `SELECT r.run, task, status, started_at, model, ${s}.length_of(id, shared) AS events,
    CASE WHEN status = 'running' AND queue IS NULL THEN coalesce(l.until > clock_timestamp(), false) END AS held, l.host, l.pid
    FROM ${s}.runs r LEFT JOIN ${s}.leases l ON l.run = r.run
    WHERE ($1::text IS NULL OR status = $1) ORDER BY started_at DESC, id DESC LIMIT $2`,
  fork: `SELECT * FROM ${s}.fork($1, $2, $3, $4, $5, $6)`,
  unname: `UPDATE ${s}.runs SET task = '' WHERE run = $1`,
  post: `INSERT INTO ${s}.inbox (run, token, body) VALUES ($1, $2, $3) ON CONFLICT (token) DO NOTHING`,
  posted: `SELECT body FROM ${s}.inbox WHERE run = $1 ORDER BY id`,
  drain: `SELECT (SELECT l.fence FROM ${s}.leases l WHERE l.run = h.run) AS fence,
    array(SELECT i.id FROM ${s}.inbox i WHERE i.run = h.run ORDER BY i.id) AS ids,
    array(SELECT i.body FROM ${s}.inbox i WHERE i.run = h.run ORDER BY i.id) AS bodies
    FROM unnest($1::text[]) WITH ORDINALITY AS h(run, place) ORDER BY h.place`,
  lease: `INSERT INTO ${s}.leases AS l (run, holder, fence, until, host, pid)
    VALUES ($1, $2, 1, clock_timestamp() + $3::float8 * interval '1 ms', $4, $5)
    ON CONFLICT (run) DO UPDATE SET fence = CASE WHEN l.holder = $2 THEN l.fence ELSE l.fence + 1 END,
      holder = $2, until = EXCLUDED.until, host = $4, pid = $5
    WHERE l.holder = $2 OR l.until <= clock_timestamp() OR l.fence = $6 RETURNING l.fence`,
  holder: `SELECT holder, fence, host, pid FROM ${s}.leases WHERE run = $1`,
  release: `UPDATE ${s}.leases SET until = '-infinity', holder = '' WHERE run = $1 AND fence = $2`,
  enqueue: `UPDATE ${s}.runs SET queue = $2 WHERE run = $1 RETURNING id`,
  // A lease of this machine is named, too: its process may be no more.
  due: `SELECT r.run, coalesce(l.until > clock_timestamp(), false) AS held, l.host, l.pid
    FROM ${s}.runs r LEFT JOIN ${s}.leases l ON l.run = r.run
    WHERE r.queue = $1 AND r.status IN ('running', 'suspended')
      AND (l.until IS NULL OR l.until <= clock_timestamp() OR l.host = $2)
      AND (r.status = 'running' OR EXISTS (SELECT FROM ${s}.inbox i WHERE i.run = r.run)
        OR EXISTS (SELECT FROM ${s}.inbox i JOIN ${s}.runs c ON c.run = i.run
          WHERE i.run > r.run || '.' AND i.run < r.run || '/' AND c.status = 'suspended')
        OR (SELECT CASE WHEN e.body LIKE '%"kind":"suspend"%' THEN e.body::json ->> 'until' END
          FROM ${s}.events e WHERE e.run = r.id ORDER BY e.seq DESC LIMIT 1) COLLATE "C" <= $3)
    ORDER BY r.id LIMIT $4`,
  putBlob: `INSERT INTO ${s}.blobs (name, content) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
  getBlob: `SELECT content FROM ${s}.blobs WHERE name = $1`,
  blobsAnd: (rows: string, work: string) =>
    `WITH kept AS (INSERT INTO ${s}.blobs (name, content) VALUES ${rows} ON CONFLICT DO NOTHING) ${work}`,
});
