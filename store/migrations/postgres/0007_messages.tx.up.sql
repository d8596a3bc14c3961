-- What a command left to be done elsewhere. next is when a node may claim it; number orders the errands of one source.
CREATE TABLE errand (
  key BIGINT PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  source BIGINT NOT NULL,
  about BIGINT NOT NULL,
  number BIGINT NOT NULL,
  payload TEXT COLLATE "C" NOT NULL,
  cause TEXT COLLATE "C" NOT NULL,
  created BIGINT NOT NULL,
  next BIGINT NOT NULL
);
--bun:split
CREATE INDEX errand_next ON errand (next, key);
--bun:split
CREATE INDEX errand_source ON errand (source, about, number);
--bun:split
-- Messages that are not over; identity is there for those with an id of their publisher, unique while they last.
CREATE TABLE message (
  key BIGINT PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  correlation_key TEXT COLLATE "C" NOT NULL,
  message_id TEXT COLLATE "C" NOT NULL,
  identity TEXT COLLATE "C",
  published BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  variables TEXT COLLATE "C" NOT NULL
);
--bun:split
CREATE UNIQUE INDEX message_identity ON message (identity);
--bun:split
CREATE INDEX message_name ON message (substr(name, 1, 128), substr(correlation_key, 1, 128), published, key);
--bun:split
CREATE INDEX message_expires ON message (expires);
--bun:split
-- Instances that wait for messages and signals, and that did.
CREATE TABLE subscription (
  key BIGINT PRIMARY KEY,
  instance BIGINT NOT NULL,
  definition BIGINT NOT NULL,
  process_id TEXT COLLATE "C" NOT NULL,
  element TEXT COLLATE "C" NOT NULL,
  element_instance BIGINT NOT NULL,
  type TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  correlation_key TEXT COLLATE "C" NOT NULL,
  interrupting BIGINT NOT NULL,
  opened BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  updated BIGINT NOT NULL
);
--bun:split
CREATE INDEX subscription_open ON subscription (substr(name, 1, 128), substr(correlation_key, 1, 128), key) WHERE state = 'CREATED';
--bun:split
-- A message that went into a process; id is made of both, so that it enters a process once.
CREATE TABLE correlation (
  id TEXT COLLATE "C" PRIMARY KEY,
  message BIGINT NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  correlation_key TEXT COLLATE "C" NOT NULL,
  subscription BIGINT NOT NULL,
  instance BIGINT NOT NULL,
  definition BIGINT NOT NULL,
  process_id TEXT COLLATE "C" NOT NULL,
  element TEXT COLLATE "C" NOT NULL,
  element_instance BIGINT,
  at BIGINT NOT NULL
);
--bun:split
CREATE INDEX correlation_message ON correlation (message);
--bun:split
CREATE INDEX correlation_instance ON correlation (instance);
--bun:split
-- The instance that a message with a correlation key started: while it is active no other starts for the key.
CREATE TABLE start_lock (
  id TEXT COLLATE "C" PRIMARY KEY,
  process_id TEXT COLLATE "C" NOT NULL,
  correlation_key TEXT COLLATE "C" NOT NULL,
  instance BIGINT NOT NULL,
  freed BIGINT NOT NULL
);
--bun:split
CREATE INDEX start_lock_instance ON start_lock (instance);
--bun:split
-- What the latest version of each process starts by, other than a call of the API; timers have their next date.
CREATE TABLE start_subscription (
  key BIGINT PRIMARY KEY,
  definition BIGINT NOT NULL,
  process_id TEXT COLLATE "C" NOT NULL,
  element TEXT COLLATE "C" NOT NULL,
  part BIGINT NOT NULL,
  type TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  together BIGINT NOT NULL,
  opened BIGINT NOT NULL,
  due BIGINT,
  next BIGINT,
  remaining BIGINT NOT NULL,
  every TEXT COLLATE "C" NOT NULL,
  anchor BIGINT
);
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
  id TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  instance BIGINT NOT NULL,
  updated BIGINT NOT NULL
);
--bun:split
-- Processes that do not start, and job types whose jobs are not handed out. version 0 is every version; id is made of the
-- three before it, because names may be long.
CREATE TABLE suspension (
  id TEXT COLLATE "C" PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  since BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL
);
