CREATE TABLE account (
  username TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  password_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
--bun:split
CREATE TABLE account_group (
  name TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
--bun:split
-- The roles and groups of an account; kind is 'role' or 'group'.
CREATE TABLE membership (
  username TEXT NOT NULL REFERENCES account (username),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (username, kind, name)
) STRICT, WITHOUT ROWID;
--bun:split
CREATE TABLE token (
  id TEXT PRIMARY KEY,
  username TEXT NOT NULL REFERENCES account (username),
  hash BLOB NOT NULL UNIQUE,
  expires INTEGER
) STRICT, WITHOUT ROWID;
--bun:split
CREATE INDEX token_username ON token (username);
