-- The heads of the audit streams that are not instances'.
CREATE TABLE audit_stream (
  tenant TEXT COLLATE "C" NOT NULL,
  stream TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (stream, tenant)
);
--bun:split
-- The log. canonical is the entry; the other columns are derived from it to be searched.
CREATE TABLE audit_entry (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY CHECK (id > 0),
  tenant TEXT COLLATE "C" NOT NULL,
  stream TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  action TEXT COLLATE "C" NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  resource TEXT COLLATE "C",
  process_id TEXT COLLATE "C",
  instance BIGINT,
  element TEXT COLLATE "C",
  request_id TEXT COLLATE "C",
  decision TEXT COLLATE "C",
  model TEXT COLLATE "C",
  hash BYTEA NOT NULL,
  canonical BYTEA NOT NULL,
  -- The private part, behind a salted commitment in the entry.
  salt BYTEA,
  private BYTEA,
  UNIQUE (stream, seq, tenant)
);
--bun:split
CREATE INDEX audit_entry_instance ON audit_entry (instance, id) WHERE instance IS NOT NULL;
--bun:split
CREATE INDEX audit_entry_actor ON audit_entry (substr(actor, 1, 128), id);
--bun:split
CREATE INDEX audit_entry_at ON audit_entry (at, id);
--bun:split
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END
$$;
--bun:split
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_refuse();
--bun:split
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_refuse();
--bun:split
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
--bun:split
-- ALWAYS, because ordinary triggers are skipped under session_replication_role = replica.
ALTER TABLE audit_entry
  ENABLE ALWAYS TRIGGER audit_entry_no_update,
  ENABLE ALWAYS TRIGGER audit_entry_no_delete,
  ENABLE ALWAYS TRIGGER audit_entry_no_truncate;
