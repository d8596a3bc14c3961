-- The state of each active instance; version is the fence, seq and hash are the head of its audit stream.
CREATE TABLE instance (
  key BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  tenant TEXT COLLATE "C" NOT NULL,
  stream TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  state BYTEA NOT NULL
) WITH (fillfactor = 70);
--bun:split
CREATE TABLE timer (
  key BIGINT PRIMARY KEY,
  instance BIGINT NOT NULL,
  due BIGINT NOT NULL,
  next BIGINT NOT NULL
);
--bun:split
-- next is when a node may claim the timer: when it is due, then when the last claim runs out.
CREATE INDEX timer_next ON timer (next, key);
--bun:split
CREATE TABLE process_instance (
  key BIGINT PRIMARY KEY,
  definition BIGINT NOT NULL,
  process_id TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  version_tag TEXT COLLATE "C",
  parent_instance BIGINT,
  parent_element BIGINT,
  root_instance BIGINT NOT NULL,
  business_id TEXT COLLATE "C",
  tags TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  started BIGINT NOT NULL,
  ended BIGINT,
  suspended BIGINT,
  -- The head of the audit stream of an instance that ended.
  stream TEXT COLLATE "C",
  seq BIGINT,
  hash BYTEA
);
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
  instance BIGINT NOT NULL,
  name TEXT COLLATE "C" NOT NULL
);
--bun:split
CREATE INDEX instance_tag_name ON instance_tag (substr(name, 1, 128), instance);
--bun:split
CREATE TABLE element_instance (
  key BIGINT PRIMARY KEY,
  instance BIGINT NOT NULL,
  definition BIGINT NOT NULL,
  process_id TEXT COLLATE "C" NOT NULL,
  element TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  type TEXT COLLATE "C" NOT NULL,
  scope BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  started BIGINT NOT NULL,
  ended BIGINT
);
--bun:split
CREATE TABLE variable (
  key BIGINT PRIMARY KEY,
  instance BIGINT NOT NULL,
  definition BIGINT NOT NULL,
  process_id TEXT COLLATE "C" NOT NULL,
  scope BIGINT NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL
);
--bun:split
CREATE INDEX variable_value ON variable (substr(name, 1, 64), substr(value, 1, 64));
--bun:split
CREATE TABLE incident (
  key BIGINT PRIMARY KEY,
  instance BIGINT NOT NULL,
  definition BIGINT NOT NULL,
  process_id TEXT COLLATE "C" NOT NULL,
  element TEXT COLLATE "C" NOT NULL,
  element_instance BIGINT NOT NULL,
  job BIGINT,
  type TEXT COLLATE "C" NOT NULL,
  message TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  created BIGINT NOT NULL,
  resolved BIGINT
);
--bun:split
CREATE INDEX incident_active ON incident (key) WHERE state = 'ACTIVE';
--bun:split
-- One row for each decision of an evaluation, in the order of its trace. What belongs to no instance was asked for on its
-- own.
CREATE TABLE decision_instance (
  key BIGINT NOT NULL,
  position BIGINT NOT NULL,
  instance BIGINT,
  definition BIGINT,
  process_id TEXT COLLATE "C",
  element TEXT COLLATE "C",
  element_instance BIGINT,
  root_decision BIGINT NOT NULL,
  requirements BIGINT NOT NULL,
  decision BIGINT NOT NULL,
  decision_id TEXT COLLATE "C" NOT NULL,
  decision_name TEXT COLLATE "C" NOT NULL,
  decision_version BIGINT NOT NULL,
  type TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  failure TEXT COLLATE "C",
  output TEXT COLLATE "C" NOT NULL,
  inputs TEXT COLLATE "C" NOT NULL,
  matched TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (key, position)
);
--bun:split
CREATE INDEX decision_instance_decision ON decision_instance (substr(decision_id, 1, 128), key, position);
--bun:split
-- Evaluations outside of instances, each once: retention looks for the oldest.
CREATE INDEX decision_instance_alone ON decision_instance (at, key) WHERE instance IS NULL AND position = 1;
