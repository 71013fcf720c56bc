-- What people change of a sweep that is there: its priority, and trials that they add to its grid.

ALTER TABLE sweep ADD COLUMN priority INTEGER NOT NULL DEFAULT 0; -- who gets free slots first: the higher one
UPDATE sweep SET priority = coalesce(json_extract(spec_json, '$.priority'), 0);

ALTER TABLE trial ADD COLUMN cloned_from TEXT; -- the trial whose values it has but for some; NULL: it is of the grid

-- One row for each trial that a person has made from another one.
CREATE VIEW clones AS
SELECT trial_id, sweep_id, cloned_from FROM trial WHERE cloned_from IS NOT NULL;
