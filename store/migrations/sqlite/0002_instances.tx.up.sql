-- The state of each active instance; version is the fence, seq and hash are the head of its audit stream.
CREATE TABLE instance (
  key INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  tenant TEXT NOT NULL,
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  state BLOB NOT NULL
) STRICT;
--bun:split
CREATE TABLE timer (
  key INTEGER PRIMARY KEY,
  instance INTEGER NOT NULL,
  due INTEGER NOT NULL,
  next INTEGER NOT NULL
) STRICT;
--bun:split
-- next is when a node may claim the timer: when it is due, then when the last claim runs out.
CREATE INDEX timer_next ON timer (next, key);
--bun:split
CREATE TABLE process_instance (
  key INTEGER PRIMARY KEY,
  definition INTEGER NOT NULL,
  process_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  version_tag TEXT,
  parent_instance INTEGER,
  parent_element INTEGER,
  root_instance INTEGER NOT NULL,
  business_id TEXT,
  tags TEXT NOT NULL,
  state TEXT NOT NULL,
  started INTEGER NOT NULL,
  ended INTEGER,
  suspended INTEGER,
  -- The head of the audit stream of an instance that ended.
  stream TEXT,
  seq INTEGER,
  hash BLOB
) STRICT;
--bun:split
CREATE INDEX process_instance_process ON process_instance (substr(process_id, 1, 128), key);
--bun:split
CREATE INDEX process_instance_business ON process_instance (substr(business_id, 1, 128)) WHERE business_id IS NOT NULL;
--bun:split
CREATE INDEX process_instance_active ON process_instance (key) WHERE ended IS NULL;
--bun:split
CREATE INDEX process_instance_suspended ON process_instance (key) WHERE suspended IS NOT NULL;
--bun:split
CREATE TABLE instance_tag (
  instance INTEGER NOT NULL,
  name TEXT NOT NULL
) STRICT;
--bun:split
CREATE INDEX instance_tag_name ON instance_tag (substr(name, 1, 128), instance);
--bun:split
CREATE TABLE element_instance (
  key INTEGER PRIMARY KEY,
  instance INTEGER NOT NULL,
  definition INTEGER NOT NULL,
  process_id TEXT NOT NULL,
  element TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  scope INTEGER NOT NULL,
  state TEXT NOT NULL,
  started INTEGER NOT NULL,
  ended INTEGER
) STRICT;
--bun:split
CREATE TABLE variable (
  key INTEGER PRIMARY KEY,
  instance INTEGER NOT NULL,
  definition INTEGER NOT NULL,
  process_id TEXT NOT NULL,
  scope INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL
) STRICT;
--bun:split
CREATE INDEX variable_value ON variable (substr(name, 1, 64), substr(value, 1, 64));
--bun:split
CREATE TABLE incident (
  key INTEGER PRIMARY KEY,
  instance INTEGER NOT NULL,
  definition INTEGER NOT NULL,
  process_id TEXT NOT NULL,
  element TEXT NOT NULL,
  element_instance INTEGER NOT NULL,
  job INTEGER,
  type TEXT NOT NULL,
  message TEXT NOT NULL,
  state TEXT NOT NULL,
  created INTEGER NOT NULL,
  resolved INTEGER
) STRICT;
--bun:split
CREATE INDEX incident_active ON incident (key) WHERE state = 'ACTIVE';
--bun:split
-- One row for each decision of an evaluation, in the order of its trace. What belongs to no instance was asked for on its
-- own.
CREATE TABLE decision_instance (
  key INTEGER NOT NULL,
  position INTEGER NOT NULL,
  instance INTEGER,
  definition INTEGER,
  process_id TEXT,
  element TEXT,
  element_instance INTEGER,
  root_decision INTEGER NOT NULL,
  requirements INTEGER NOT NULL,
  decision INTEGER NOT NULL,
  decision_id TEXT NOT NULL,
  decision_name TEXT NOT NULL,
  decision_version INTEGER NOT NULL,
  type TEXT NOT NULL,
  state TEXT NOT NULL,
  failure TEXT,
  output TEXT NOT NULL,
  inputs TEXT NOT NULL,
  matched TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (key, position)
) STRICT, WITHOUT ROWID;
--bun:split
CREATE INDEX decision_instance_decision ON decision_instance (substr(decision_id, 1, 128), key, position);
--bun:split
-- Evaluations outside of instances, each once: retention looks for the oldest.
CREATE INDEX decision_instance_alone ON decision_instance (at, key) WHERE instance IS NULL AND position = 1;
