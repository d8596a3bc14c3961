-- One change to all instances that matched a filter at one moment. The counts are written when it ends; until then the
-- items tell them.
CREATE TABLE batch_operation (
  key INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  state TEXT NOT NULL,
  actor TEXT NOT NULL,
  actor_type TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  payload TEXT NOT NULL,
  filter TEXT NOT NULL,
  reason TEXT NOT NULL,
  cause TEXT NOT NULL,
  created INTEGER NOT NULL,
  started INTEGER,
  ended INTEGER,
  total INTEGER NOT NULL,
  completed INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  canceled INTEGER NOT NULL
) STRICT;
--bun:split
CREATE INDEX batch_operation_open ON batch_operation (key) WHERE ended IS NULL;
--bun:split
-- What a batch operation does to one instance, or to one incident. next is when a node may claim it.
CREATE TABLE batch_operation_item (
  batch INTEGER NOT NULL,
  key INTEGER NOT NULL,
  instance INTEGER NOT NULL,
  state TEXT NOT NULL,
  code TEXT,
  message TEXT,
  processed INTEGER,
  entry TEXT,
  next INTEGER NOT NULL,
  PRIMARY KEY (batch, key)
) STRICT, WITHOUT ROWID;
--bun:split
CREATE INDEX batch_operation_item_next ON batch_operation_item (batch, next, key) WHERE state = 'ACTIVE';
--bun:split
CREATE INDEX batch_operation_item_instance ON batch_operation_item (instance);
