-- One row: what this installation is and which policy and library it stands for.
CREATE TABLE installation (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  origin TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  library_version INTEGER NOT NULL,
  created INTEGER NOT NULL
) STRICT;
--bun:split
CREATE TABLE sequence (
  name TEXT PRIMARY KEY,
  next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
--bun:split
INSERT INTO sequence (name, next) VALUES ('instance', 1);
--bun:split
-- The kept answer of each command.
CREATE TABLE command (
  id TEXT PRIMARY KEY,
  actor TEXT NOT NULL,
  digest BLOB NOT NULL,
  receipt BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
