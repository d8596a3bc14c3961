-- Everything deployed, every version: processes, decision requirements graphs, decisions, forms, models.
CREATE TABLE definition (
  key BIGINT PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  version_tag TEXT COLLATE "C" NOT NULL,
  resource TEXT COLLATE "C" NOT NULL,
  digest TEXT COLLATE "C" NOT NULL,
  deployment BIGINT NOT NULL,
  requirements BIGINT,
  -- Of a decision requirements graph: its namespace, and the keys of the graphs that it imports, with commas.
  namespace TEXT COLLATE "C" NOT NULL,
  imports TEXT COLLATE "C" NOT NULL,
  deployed BIGINT NOT NULL
);
--bun:split
CREATE INDEX definition_id ON definition (kind, substr(id, 1, 128), version);
--bun:split
-- The bytes of deployed files, kept verbatim under their SHA-256.
CREATE TABLE source (
  digest TEXT COLLATE "C" PRIMARY KEY,
  data BYTEA NOT NULL
);
