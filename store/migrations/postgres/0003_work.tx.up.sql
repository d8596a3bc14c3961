CREATE TABLE job (
  key BIGINT PRIMARY KEY,
  instance BIGINT NOT NULL,
  definition BIGINT NOT NULL,
  process_id TEXT COLLATE "C" NOT NULL,
  element TEXT COLLATE "C" NOT NULL,
  element_instance BIGINT NOT NULL,
  type TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  retries BIGINT NOT NULL,
  priority BIGINT NOT NULL,
  worker TEXT COLLATE "C" NOT NULL,
  -- Rises with each lock: the fencing token.
  lease BIGINT NOT NULL,
  deadline BIGINT,
  not_before BIGINT,
  headers TEXT COLLATE "C" NOT NULL,
  error_code TEXT COLLATE "C",
  error_message TEXT COLLATE "C",
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  ended BIGINT,
  kind TEXT COLLATE "C" NOT NULL,
  listener_event TEXT COLLATE "C" NOT NULL,
  -- What the job of a task listener says of the task, and what its worker said.
  user_task TEXT COLLATE "C",
  denied BIGINT,
  denied_reason TEXT COLLATE "C"
);
--bun:split
-- The queue of a job type, in the order of activation.
CREATE INDEX job_queue ON job (substr(type, 1, 128), priority DESC, key) WHERE ended IS NULL AND retries > 0;
--bun:split
CREATE TABLE user_task (
  key BIGINT PRIMARY KEY,
  instance BIGINT NOT NULL,
  definition BIGINT NOT NULL,
  process_id TEXT COLLATE "C" NOT NULL,
  element TEXT COLLATE "C" NOT NULL,
  element_instance BIGINT NOT NULL,
  name TEXT COLLATE "C",
  state TEXT COLLATE "C" NOT NULL,
  assignee TEXT COLLATE "C",
  candidate_groups TEXT COLLATE "C" NOT NULL,
  candidate_users TEXT COLLATE "C" NOT NULL,
  priority BIGINT NOT NULL,
  due BIGINT,
  follow_up BIGINT,
  form BIGINT,
  external_form TEXT COLLATE "C",
  headers TEXT COLLATE "C" NOT NULL,
  created BIGINT NOT NULL,
  completed BIGINT
);
--bun:split
CREATE INDEX user_task_open ON user_task (key) WHERE state = 'CREATED';
--bun:split
CREATE INDEX user_task_assignee ON user_task (substr(assignee, 1, 128), key) WHERE assignee IS NOT NULL;
--bun:split
-- The candidates of a task once more, to be searched by person and group.
CREATE TABLE task_candidate (
  task BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL
);
--bun:split
CREATE INDEX task_candidate_task ON task_candidate (task);
--bun:split
CREATE INDEX task_candidate_name ON task_candidate (substr(name, 1, 128), kind, task);
