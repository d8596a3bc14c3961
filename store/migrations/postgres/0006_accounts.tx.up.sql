CREATE TABLE account (
  username TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  email TEXT COLLATE "C" NOT NULL,
  password_hash TEXT COLLATE "C" NOT NULL
);
--bun:split
CREATE TABLE account_group (
  name TEXT COLLATE "C" PRIMARY KEY
);
--bun:split
-- The roles and groups of an account; kind is 'role' or 'group'.
CREATE TABLE membership (
  username TEXT COLLATE "C" NOT NULL REFERENCES account (username),
  kind TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (username, kind, name)
);
--bun:split
CREATE TABLE token (
  id TEXT COLLATE "C" PRIMARY KEY,
  username TEXT COLLATE "C" NOT NULL REFERENCES account (username),
  hash BYTEA NOT NULL UNIQUE,
  expires BIGINT
);
--bun:split
CREATE INDEX token_username ON token (username);
