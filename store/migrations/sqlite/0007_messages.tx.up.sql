-- What a command left to be done elsewhere. next is when a node may claim it; number orders the errands of one source.
CREATE TABLE errand (
  key INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  source INTEGER NOT NULL,
  about INTEGER NOT NULL,
  number INTEGER NOT NULL,
  payload TEXT NOT NULL,
  cause TEXT NOT NULL,
  created INTEGER NOT NULL,
  next INTEGER NOT NULL
) STRICT;
--bun:split
CREATE INDEX errand_next ON errand (next, key);
--bun:split
CREATE INDEX errand_source ON errand (source, about, number);
--bun:split
-- Messages that are not over; identity is there for those with an id of their publisher, unique while they last.
CREATE TABLE message (
  key INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  correlation_key TEXT NOT NULL,
  message_id TEXT NOT NULL,
  identity TEXT,
  published INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  variables TEXT NOT NULL
) STRICT;
--bun:split
CREATE UNIQUE INDEX message_identity ON message (identity);
--bun:split
CREATE INDEX message_name ON message (substr(name, 1, 128), substr(correlation_key, 1, 128), published, key);
--bun:split
CREATE INDEX message_expires ON message (expires);
--bun:split
-- Instances that wait for messages and signals, and that did.
CREATE TABLE subscription (
  key INTEGER PRIMARY KEY,
  instance INTEGER NOT NULL,
  definition INTEGER NOT NULL,
  process_id TEXT NOT NULL,
  element TEXT NOT NULL,
  element_instance INTEGER NOT NULL,
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  correlation_key TEXT NOT NULL,
  interrupting INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  state TEXT NOT NULL,
  updated INTEGER NOT NULL
) STRICT;
--bun:split
CREATE INDEX subscription_open ON subscription (substr(name, 1, 128), substr(correlation_key, 1, 128), key) WHERE state = 'CREATED';
--bun:split
-- A message that went into a process; id is made of both, so that it enters a process once.
CREATE TABLE correlation (
  id TEXT PRIMARY KEY,
  message INTEGER NOT NULL,
  name TEXT NOT NULL,
  correlation_key TEXT NOT NULL,
  subscription INTEGER NOT NULL,
  instance INTEGER NOT NULL,
  definition INTEGER NOT NULL,
  process_id TEXT NOT NULL,
  element TEXT NOT NULL,
  element_instance INTEGER,
  at INTEGER NOT NULL
) STRICT;
--bun:split
CREATE INDEX correlation_message ON correlation (message);
--bun:split
CREATE INDEX correlation_instance ON correlation (instance);
--bun:split
-- The instance that a message with a correlation key started: while it is active no other starts for the key.
CREATE TABLE start_lock (
  id TEXT PRIMARY KEY,
  process_id TEXT NOT NULL,
  correlation_key TEXT NOT NULL,
  instance INTEGER NOT NULL,
  freed INTEGER NOT NULL
) STRICT;
--bun:split
CREATE INDEX start_lock_instance ON start_lock (instance);
--bun:split
-- What the latest version of each process starts by, other than a call of the API; timers have their next date.
CREATE TABLE start_subscription (
  key INTEGER PRIMARY KEY,
  definition INTEGER NOT NULL,
  process_id TEXT NOT NULL,
  element TEXT NOT NULL,
  part INTEGER NOT NULL,
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  together INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  due INTEGER,
  next INTEGER,
  remaining INTEGER NOT NULL,
  every TEXT NOT NULL,
  anchor INTEGER
) STRICT;
--bun:split
CREATE INDEX start_subscription_name ON start_subscription (substr(name, 1, 128));
--bun:split
CREATE INDEX start_subscription_process ON start_subscription (substr(process_id, 1, 128));
--bun:split
CREATE INDEX start_subscription_next ON start_subscription (next, key) WHERE next IS NOT NULL;
--bun:split
CREATE INDEX process_instance_parent ON process_instance (parent_instance) WHERE parent_instance IS NOT NULL;
--bun:split
CREATE INDEX process_instance_caller ON process_instance (parent_element) WHERE parent_element IS NOT NULL;
--bun:split
-- What a data store contains: the value written last, whoever wrote it. id is made of its name, which may be long.
CREATE TABLE data_store (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  version INTEGER NOT NULL,
  instance INTEGER NOT NULL,
  updated INTEGER NOT NULL
) STRICT;
--bun:split
-- Processes that do not start, and job types whose jobs are not handed out. version 0 is every version; id is made of the
-- three before it, because names may be long.
CREATE TABLE suspension (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  since INTEGER NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
