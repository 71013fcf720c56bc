-- Learning rates that range tests found, for the trials of a sweep file that says `{ find: … }` in the place of a value.

-- What the range tests of one config came to, by one way to test and to read the curve.
CREATE TABLE found_rate (
  sweep_id         TEXT NOT NULL REFERENCES sweep,
  config_json      TEXT NOT NULL,            -- the config of the trials that were tested
  find_json        TEXT NOT NULL,            -- what the sweep file says, with every field
  max_lr           REAL NOT NULL,            -- the median of what the seeds suggest
  base_lr          REAL NOT NULL,            -- the lower bound that goes with it
  least            REAL NOT NULL,            -- the least and the greatest of what the seeds suggest
  greatest         REAL NOT NULL,
  found            INTEGER NOT NULL,         -- seeds that suggest one
  tested           INTEGER NOT NULL,         -- seeds that were tested
  words            TEXT NOT NULL,            -- how it was chosen
  found_ms         INTEGER NOT NULL,         -- wall time
  PRIMARY KEY (sweep_id, config_json, find_json)
) STRICT, WITHOUT ROWID;

-- One row for each of them.
CREATE VIEW found_rates AS
SELECT sweep_id, config_json, find_json, max_lr, base_lr, least, greatest, found, tested, words, found_ms FROM found_rate;
