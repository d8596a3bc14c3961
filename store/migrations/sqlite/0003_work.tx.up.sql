CREATE TABLE job (
  key INTEGER PRIMARY KEY,
  instance INTEGER NOT NULL,
  definition INTEGER NOT NULL,
  process_id TEXT NOT NULL,
  element TEXT NOT NULL,
  element_instance INTEGER NOT NULL,
  type TEXT NOT NULL,
  state TEXT NOT NULL,
  retries INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  worker TEXT NOT NULL,
  -- Rises with each lock: the fencing token.
  lease INTEGER NOT NULL,
  deadline INTEGER,
  not_before INTEGER,
  headers TEXT NOT NULL,
  error_code TEXT,
  error_message TEXT,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  ended INTEGER,
  kind TEXT NOT NULL,
  listener_event TEXT NOT NULL,
  -- What the job of a task listener says of the task, and what its worker said.
  user_task TEXT,
  denied INTEGER,
  denied_reason TEXT
) STRICT;
--bun:split
-- The queue of a job type, in the order of activation.
CREATE INDEX job_queue ON job (substr(type, 1, 128), priority DESC, key) WHERE ended IS NULL AND retries > 0;
--bun:split
CREATE TABLE user_task (
  key INTEGER PRIMARY KEY,
  instance INTEGER NOT NULL,
  definition INTEGER NOT NULL,
  process_id TEXT NOT NULL,
  element TEXT NOT NULL,
  element_instance INTEGER NOT NULL,
  name TEXT,
  state TEXT NOT NULL,
  assignee TEXT,
  candidate_groups TEXT NOT NULL,
  candidate_users TEXT NOT NULL,
  priority INTEGER NOT NULL,
  due INTEGER,
  follow_up INTEGER,
  form INTEGER,
  external_form TEXT,
  headers TEXT NOT NULL,
  created INTEGER NOT NULL,
  completed INTEGER
) STRICT;
--bun:split
CREATE INDEX user_task_open ON user_task (key) WHERE state = 'CREATED';
--bun:split
CREATE INDEX user_task_assignee ON user_task (substr(assignee, 1, 128), key) WHERE assignee IS NOT NULL;
--bun:split
-- The candidates of a task once more, to be searched by person and group.
CREATE TABLE task_candidate (
  task INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL
) STRICT;
--bun:split
CREATE INDEX task_candidate_task ON task_candidate (task);
--bun:split
CREATE INDEX task_candidate_name ON task_candidate (substr(name, 1, 128), kind, task);
