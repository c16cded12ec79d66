-- How many sealed values rest under which key, as each service counted them after sealing anew; and which content of the
-- secret file (told by a digest that says nothing of the keys) it had then. An operator looks here before an old key goes.
CREATE TABLE kit.personal_key_use (
    service text NOT NULL,
    place text NOT NULL,
    key text NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (service, place, key)
);
CREATE TABLE kit.personal_keys_seen (
    service text PRIMARY KEY,
    mark text NOT NULL,
    seen_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, DELETE ON kit.personal_key_use TO zhifa_training, zhifa_cases, zhifa_tasks, zhifa_directory;
GRANT SELECT, INSERT, UPDATE ON kit.personal_keys_seen TO zhifa_training, zhifa_cases, zhifa_tasks, zhifa_directory;
