-- One change to all instances that matched a filter at one moment. The counts are written when it ends; until then the
-- items tell them.
CREATE TABLE batch_operation (
  key BIGINT PRIMARY KEY,
  type TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  actor_type TEXT COLLATE "C" NOT NULL,
  actor_id TEXT COLLATE "C" NOT NULL,
  payload TEXT COLLATE "C" NOT NULL,
  filter TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  cause TEXT COLLATE "C" NOT NULL,
  created BIGINT NOT NULL,
  started BIGINT,
  ended BIGINT,
  total BIGINT NOT NULL,
  completed BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  skipped BIGINT NOT NULL,
  canceled BIGINT NOT NULL
);
--bun:split
CREATE INDEX batch_operation_open ON batch_operation (key) WHERE ended IS NULL;
--bun:split
-- What a batch operation does to one instance, or to one incident. next is when a node may claim it.
CREATE TABLE batch_operation_item (
  batch BIGINT NOT NULL,
  key BIGINT NOT NULL,
  instance BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C",
  message TEXT COLLATE "C",
  processed BIGINT,
  entry TEXT COLLATE "C",
  next BIGINT NOT NULL,
  PRIMARY KEY (batch, key)
);
--bun:split
CREATE INDEX batch_operation_item_next ON batch_operation_item (batch, next, key) WHERE state = 'ACTIVE';
--bun:split
CREATE INDEX batch_operation_item_instance ON batch_operation_item (instance);
