/**
 * Migration 2: what is counted of judgments, kept in the judgment's own transaction. Each kept table has a view `…_anew`
 * that says what it must hold; triggers take away what the rows concerned gave before a judgment and add what they give
 * after it.
 */
import type { Migration } from "./migration.ts";

export const judgmentSummary: Migration = {
  id: 2,
  name: "judgment-summary",
  sql: `
CREATE INDEX judgment_pair ON judgment (first_id, second_id);

-- Live judgments as their oracle saw them. Overall judgments have the criterion ''.
CREATE VIEW shown_judgment AS
  SELECT j.id, j.ask_id, k.attempt_id, k.purpose, k.oracle_id, j.author_id, coalesce(j.criterion, '') AS criterion,
    j.first_id, j.second_id, j.verdict, j.probability,
    CASE j.verdict WHEN 'first' THEN 2 WHEN 'second' THEN 0 WHEN 'tie' THEN 1 WHEN 'bothBad' THEN 1 END AS half_points,
    coalesce(j.strength, '') AS strength,
    a.position < b.position AS is_as_stored,
    CASE WHEN j.verdict NOT IN ('first', 'second') THEN j.verdict
      WHEN (j.verdict = 'first') = (a.position < b.position) THEN 'shownFirst' ELSE 'shownSecond' END AS shown_verdict
  FROM current_judgment j JOIN ask k ON k.id = j.ask_id
    JOIN ask_response a ON a.ask_id = j.ask_id AND a.response_id = j.first_id
    JOIN ask_response b ON b.ask_id = j.ask_id AND b.response_id = j.second_id;

-- Live judgments by what the oracle said of the sides: counts, abstentions, failures, the lean to one side.
CREATE VIEW verdict_count_anew AS
  SELECT attempt_id, purpose, oracle_id, author_id, criterion, shown_verdict, strength, count(*) AS n
  FROM shown_judgment GROUP BY attempt_id, purpose, oracle_id, author_id, criterion, shown_verdict, strength;
CREATE TABLE verdict_count (
  attempt_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  oracle_id TEXT NOT NULL,
  author_id TEXT NOT NULL,
  criterion TEXT NOT NULL,              -- '': overall
  shown_verdict TEXT NOT NULL,          -- shownFirst, shownSecond, tie, bothBad, abstains, invalid
  strength TEXT NOT NULL,               -- '' where there is none
  n INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, purpose, oracle_id, author_id, criterion, shown_verdict, strength)
) STRICT, WITHOUT ROWID;
CREATE INDEX verdict_count_author ON verdict_count (author_id);

-- The two orders of one comparison by one author together: the first usable answer of each order.
CREATE VIEW comparison_orders AS
  SELECT attempt_id, purpose, oracle_id, author_id, criterion, first_id, second_id,
    min(CASE WHEN half_points IS NOT NULL AND is_as_stored THEN id END) AS as_stored_id,
    min(CASE WHEN half_points IS NOT NULL AND NOT is_as_stored THEN id END) AS swapped_id,
    sum(half_points IS NULL AND is_as_stored) AS as_stored_failures,
    sum(half_points IS NULL AND NOT is_as_stored) AS swapped_failures
  FROM shown_judgment GROUP BY attempt_id, purpose, oracle_id, author_id, criterion, first_id, second_id;

-- As app/preferences/both-orders.ts: what agrees stands, what disagrees is a flip (a tie); one order whose other
-- failed is "half" and counts nowhere. points: P(first is preferred) in millionths, null where nothing counts.
CREATE VIEW comparison_outcome AS
  SELECT o.attempt_id, o.purpose, o.oracle_id, o.author_id, o.criterion, o.first_id, o.second_id,
    (o.as_stored_id IS NOT NULL) + (o.swapped_id IS NOT NULL) AS orders,
    CASE
      WHEN s.id IS NOT NULL AND w.id IS NOT NULL THEN
        CASE WHEN s.verdict = 'bothBad' AND w.verdict = 'bothBad' THEN 'bothBad'
          WHEN (s.verdict IN ('tie', 'bothBad')) AND (w.verdict IN ('tie', 'bothBad')) THEN 'tie'
          WHEN s.verdict = w.verdict THEN s.verdict ELSE 'flip' END
      WHEN s.id IS NOT NULL THEN CASE WHEN o.swapped_failures > 0 THEN 'half' ELSE s.verdict END
      WHEN w.id IS NOT NULL THEN CASE WHEN o.as_stored_failures > 0 THEN 'half' ELSE w.verdict END
      ELSE 'unusable' END AS outcome,
    CASE
      WHEN s.id IS NOT NULL AND w.id IS NOT NULL THEN
        CASE WHEN s.verdict = 'bothBad' AND w.verdict = 'bothBad' THEN 500000
          WHEN s.probability IS NOT NULL AND w.probability IS NOT NULL
            THEN CAST(round(500000 * (s.probability + w.probability)) AS INTEGER)
          WHEN s.verdict = w.verdict AND s.verdict = 'first' THEN 1000000
          WHEN s.verdict = w.verdict AND s.verdict = 'second' THEN 0 ELSE 500000 END
      WHEN s.id IS NOT NULL AND o.swapped_failures = 0 OR w.id IS NOT NULL AND o.as_stored_failures = 0 THEN
        CASE WHEN coalesce(s.verdict, w.verdict) = 'bothBad' THEN 500000
          ELSE CAST(round(1000000 * coalesce(s.probability, w.probability,
            CASE coalesce(s.verdict, w.verdict) WHEN 'first' THEN 1 WHEN 'second' THEN 0 ELSE 0.5 END)) AS INTEGER) END
      END AS points
  FROM comparison_orders o LEFT JOIN judgment s ON s.id = o.as_stored_id LEFT JOIN judgment w ON w.id = o.swapped_id;

-- Outcomes seen from the policy whose id is the lesser; a text of no policy goes by its source ('teacher').
CREATE VIEW policy_outcome AS
  SELECT c.attempt_id, c.purpose, c.oracle_id, c.author_id, c.criterion, c.first_id, c.second_id, c.orders,
    min(coalesce(f.policy_id, f.source), coalesce(g.policy_id, g.source)) AS policy_id,
    max(coalesce(f.policy_id, f.source), coalesce(g.policy_id, g.source)) AS opponent_id,
    CASE WHEN c.outcome NOT IN ('first', 'second') THEN c.outcome
      WHEN (c.outcome = 'first') = (coalesce(f.policy_id, f.source) <= coalesce(g.policy_id, g.source)) THEN 'policy' ELSE 'opponent' END AS outcome,
    CASE WHEN coalesce(f.policy_id, f.source) <= coalesce(g.policy_id, g.source) THEN c.points ELSE 1000000 - c.points END AS points
  FROM comparison_outcome c JOIN response f ON f.id = c.first_id JOIN response g ON g.id = c.second_id;

CREATE VIEW duel_count_anew AS
  SELECT attempt_id, purpose, oracle_id, author_id, criterion, policy_id, opponent_id, outcome, orders,
    count(*) AS n, coalesce(sum(points), 0) AS points
  FROM policy_outcome GROUP BY attempt_id, purpose, oracle_id, author_id, criterion, policy_id, opponent_id, outcome, orders;
CREATE TABLE duel_count (
  attempt_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  oracle_id TEXT NOT NULL,
  author_id TEXT NOT NULL,
  criterion TEXT NOT NULL,              -- '': overall
  policy_id TEXT NOT NULL,              -- the lesser id of the two
  opponent_id TEXT NOT NULL,
  outcome TEXT NOT NULL,                -- policy, opponent, tie, bothBad, flip; half and unusable count nowhere
  orders INTEGER NOT NULL,              -- usable orders: 0, 1 or 2
  n INTEGER NOT NULL,                   -- comparisons
  points INTEGER NOT NULL,              -- sum of P(policy is preferred), millionths
  PRIMARY KEY (attempt_id, purpose, oracle_id, author_id, criterion, policy_id, opponent_id, outcome, orders)
) STRICT, WITHOUT ROWID;

-- Comparisons of which live judgments say different things, and between whom.
CREATE VIEW disagreement_anew AS
  SELECT s.attempt_id, s.first_id, s.second_id,
    CASE WHEN count(DISTINCT s.author_id) = 1 THEN 'itself'
      WHEN min(CASE WHEN a.kind = 'person' THEN s.half_points END) <> max(CASE WHEN a.kind = 'person' THEN s.half_points END) THEN 'people'
      WHEN sum(a.kind = 'person') > 0 THEN 'peopleAndJudge' ELSE 'judges' END AS kind,
    count(*) AS judgments
  FROM shown_judgment s JOIN author a ON a.id = s.author_id
  WHERE s.criterion = '' AND s.half_points IS NOT NULL AND s.purpose NOT IN ('practice', 'control')
  GROUP BY s.attempt_id, s.first_id, s.second_id HAVING min(s.half_points) <> max(s.half_points);
CREATE TABLE disagreement (
  attempt_id TEXT NOT NULL,
  first_id TEXT NOT NULL,
  second_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('itself', 'people', 'peopleAndJudge', 'judges')),
  judgments INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, first_id, second_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX disagreement_pair ON disagreement (first_id, second_id);

-- Answered asks of which nothing stands any more: their author took the answer back.
CREATE VIEW taken_back_anew AS
  SELECT h.ask_id, h.author_id, k.attempt_id FROM judgment_head h JOIN ask k ON k.id = h.ask_id
  WHERE h.is_retraction = 1 AND h.criterion IS NULL
    AND NOT EXISTS (SELECT 1 FROM current_judgment c WHERE c.ask_id = h.ask_id AND c.criterion IS NULL)
  GROUP BY h.ask_id, h.author_id, k.attempt_id;
CREATE TABLE taken_back (
  ask_id TEXT NOT NULL,
  author_id TEXT NOT NULL,
  attempt_id TEXT NOT NULL,
  PRIMARY KEY (ask_id, author_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX taken_back_attempt ON taken_back (attempt_id);

CREATE VIEW ask_count_anew AS SELECT attempt_id, purpose, outcome, count(*) AS n FROM ask GROUP BY attempt_id, purpose, outcome;
CREATE TABLE ask_count (
  attempt_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  outcome TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, purpose, outcome)
) STRICT, WITHOUT ROWID;

-- One narrow row a judgment, numbered in the order of arrival from 1 without a gap: the place in the ledger.
CREATE VIEW ledger_entry_anew AS
  SELECT j.id AS judgment_id, r.number AS round, k.purpose, k.prompt_id, j.author_id, coalesce(j.criterion, '') AS criterion,
    CASE WHEN j.is_retraction = 1 THEN 'retraction' ELSE j.verdict END AS verdict, j.made_at, k.duration_ms, k.cost_usd,
    EXISTS (SELECT 1 FROM current_judgment c WHERE c.id = j.id) AS is_live
  FROM judgment j JOIN ask k ON k.id = j.ask_id JOIN stage_attempt t ON t.id = k.attempt_id JOIN round r ON r.id = t.round_id;
CREATE TABLE ledger_entry (
  number INTEGER NOT NULL PRIMARY KEY,
  judgment_id TEXT NOT NULL UNIQUE,
  round INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  prompt_id TEXT NOT NULL,
  author_id TEXT NOT NULL,
  criterion TEXT NOT NULL,
  verdict TEXT NOT NULL,                -- a verdict's word, or retraction
  made_at INTEGER NOT NULL,
  duration_ms REAL,
  cost_usd REAL,
  is_live INTEGER NOT NULL CHECK (is_live IN (0, 1))
) STRICT;

CREATE TRIGGER judgment_is_taken_off BEFORE INSERT ON judgment BEGIN
  INSERT INTO verdict_count SELECT attempt_id, purpose, oracle_id, author_id, criterion, shown_verdict, strength, -1
    FROM shown_judgment WHERE ask_id = NEW.ask_id
    ON CONFLICT DO UPDATE SET n = n + excluded.n;
  INSERT INTO duel_count SELECT attempt_id, purpose, oracle_id, author_id, criterion, policy_id, opponent_id, outcome, orders, -1, -coalesce(points, 0)
    FROM policy_outcome WHERE first_id = NEW.first_id AND second_id = NEW.second_id
    ON CONFLICT DO UPDATE SET n = n + excluded.n, points = points + excluded.points;
END;
CREATE TRIGGER judgment_is_counted AFTER INSERT ON judgment BEGIN
  INSERT INTO verdict_count SELECT attempt_id, purpose, oracle_id, author_id, criterion, shown_verdict, strength, 1
    FROM shown_judgment WHERE ask_id = NEW.ask_id
    ON CONFLICT DO UPDATE SET n = n + excluded.n;
  INSERT INTO duel_count SELECT attempt_id, purpose, oracle_id, author_id, criterion, policy_id, opponent_id, outcome, orders, 1, coalesce(points, 0)
    FROM policy_outcome WHERE first_id = NEW.first_id AND second_id = NEW.second_id
    ON CONFLICT DO UPDATE SET n = n + excluded.n, points = points + excluded.points;
  DELETE FROM verdict_count WHERE attempt_id = (SELECT attempt_id FROM ask WHERE id = NEW.ask_id) AND n = 0;
  DELETE FROM duel_count WHERE attempt_id = (SELECT attempt_id FROM ask WHERE id = NEW.ask_id) AND n = 0;
  DELETE FROM disagreement WHERE first_id = NEW.first_id AND second_id = NEW.second_id;
  INSERT INTO disagreement SELECT * FROM disagreement_anew WHERE first_id = NEW.first_id AND second_id = NEW.second_id;
  DELETE FROM taken_back WHERE ask_id = NEW.ask_id;
  INSERT INTO taken_back SELECT * FROM taken_back_anew WHERE ask_id = NEW.ask_id;
  INSERT INTO ledger_entry (judgment_id, round, purpose, prompt_id, author_id, criterion, verdict, made_at, duration_ms, cost_usd, is_live)
    SELECT * FROM ledger_entry_anew WHERE judgment_id = NEW.id;
  UPDATE ledger_entry SET is_live = EXISTS (SELECT 1 FROM current_judgment c WHERE c.id = judgment_id)
    WHERE judgment_id IN (SELECT id FROM judgment WHERE ask_id = NEW.ask_id AND id <> NEW.id);
END;
CREATE TRIGGER ask_is_counted AFTER INSERT ON ask BEGIN
  INSERT INTO ask_count VALUES (NEW.attempt_id, NEW.purpose, NEW.outcome, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER ask_is_counted_anew AFTER UPDATE OF outcome ON ask WHEN OLD.outcome <> NEW.outcome BEGIN
  UPDATE ask_count SET n = n - 1 WHERE attempt_id = OLD.attempt_id AND purpose = OLD.purpose AND outcome = OLD.outcome;
  INSERT INTO ask_count VALUES (NEW.attempt_id, NEW.purpose, NEW.outcome, 1) ON CONFLICT DO UPDATE SET n = n + 1;
  DELETE FROM ask_count WHERE attempt_id = NEW.attempt_id AND n = 0;
END;

INSERT INTO verdict_count SELECT * FROM verdict_count_anew;
INSERT INTO duel_count SELECT * FROM duel_count_anew;
INSERT INTO disagreement SELECT * FROM disagreement_anew;
INSERT INTO taken_back SELECT * FROM taken_back_anew;
INSERT INTO ask_count SELECT * FROM ask_count_anew;
INSERT INTO ledger_entry (judgment_id, round, purpose, prompt_id, author_id, criterion, verdict, made_at, duration_ms, cost_usd, is_live)
  SELECT * FROM ledger_entry_anew ORDER BY made_at, judgment_id;
`,
};
