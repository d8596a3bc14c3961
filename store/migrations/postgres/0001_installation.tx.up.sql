-- One row: what this installation is and which policy and library it stands for.
CREATE TABLE installation (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  origin TEXT COLLATE "C" NOT NULL,
  policy_version BIGINT NOT NULL,
  library_version BIGINT NOT NULL,
  created BIGINT NOT NULL
);
--bun:split
CREATE TABLE sequence (
  name TEXT COLLATE "C" PRIMARY KEY,
  next BIGINT NOT NULL
);
--bun:split
INSERT INTO sequence (name, next) VALUES ('instance', 1);
--bun:split
-- The kept answer of each command.
CREATE TABLE command (
  id TEXT COLLATE "C" PRIMARY KEY,
  actor TEXT COLLATE "C" NOT NULL,
  digest BYTEA NOT NULL,
  receipt BYTEA NOT NULL,
  at BIGINT NOT NULL
);
