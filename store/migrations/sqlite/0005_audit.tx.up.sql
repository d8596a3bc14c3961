-- The heads of the audit streams that are not instances'.
CREATE TABLE audit_stream (
  tenant TEXT NOT NULL,
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (stream, tenant)
) STRICT, WITHOUT ROWID;
--bun:split
-- The log. canonical is the entry; the other columns are derived from it to be searched.
CREATE TABLE audit_entry (
  id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
  tenant TEXT NOT NULL,
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  category TEXT NOT NULL,
  action TEXT NOT NULL,
  outcome TEXT NOT NULL,
  actor TEXT NOT NULL,
  resource TEXT,
  process_id TEXT,
  instance INTEGER,
  element TEXT,
  request_id TEXT,
  decision TEXT,
  model TEXT,
  hash BLOB NOT NULL,
  canonical BLOB NOT NULL,
  -- The private part, behind a salted commitment in the entry.
  salt BLOB,
  private BLOB,
  UNIQUE (stream, seq, tenant)
) STRICT;
--bun:split
CREATE INDEX audit_entry_instance ON audit_entry (instance, id) WHERE instance IS NOT NULL;
--bun:split
CREATE INDEX audit_entry_actor ON audit_entry (substr(actor, 1, 128), id);
--bun:split
CREATE INDEX audit_entry_at ON audit_entry (at, id);
--bun:split
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
BEGIN SELECT raise(ABORT, 'audit_entry is append-only'); END;
--bun:split
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
BEGIN SELECT raise(ABORT, 'audit_entry is append-only'); END;
--bun:split
-- INSERT OR REPLACE deletes without firing the trigger above unless recursive_triggers is on, which
-- another connection may not have set.
CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry
WHEN EXISTS (SELECT 1 FROM audit_entry e WHERE e.id = NEW.id)
  OR EXISTS (SELECT 1 FROM audit_entry e WHERE e.tenant = NEW.tenant AND e.stream = NEW.stream AND e.seq = NEW.seq)
BEGIN SELECT raise(ABORT, 'audit_entry is append-only'); END;
