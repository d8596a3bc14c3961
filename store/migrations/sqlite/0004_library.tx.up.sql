-- Everything deployed, every version: processes, decision requirements graphs, decisions, forms, models.
CREATE TABLE definition (
  key INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  version_tag TEXT NOT NULL,
  resource TEXT NOT NULL,
  digest TEXT NOT NULL,
  deployment INTEGER NOT NULL,
  requirements INTEGER,
  -- Of a decision requirements graph: its namespace, and the keys of the graphs that it imports, with commas.
  namespace TEXT NOT NULL,
  imports TEXT NOT NULL,
  deployed INTEGER NOT NULL
) STRICT;
--bun:split
CREATE INDEX definition_id ON definition (kind, substr(id, 1, 128), version);
--bun:split
-- The bytes of deployed files, kept verbatim under their SHA-256.
CREATE TABLE source (
  digest TEXT PRIMARY KEY,
  data BLOB NOT NULL
) STRICT;
