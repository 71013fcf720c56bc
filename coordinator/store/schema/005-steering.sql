-- What people change of a sweep that is there: who goes first, and trials that they add to its grid.

ALTER TABLE sweep ADD COLUMN priority INTEGER NOT NULL DEFAULT 0; -- who gets free slots first: the higher one
UPDATE sweep SET priority = coalesce(json_extract(spec_json, '$.priority'), 0);

ALTER TABLE trial ADD COLUMN cloned_from TEXT; -- the trial whose values it has but for some; NULL: it is of the grid
ALTER TABLE trial ADD COLUMN priority INTEGER NOT NULL DEFAULT 0; -- who of its sweep gets free slots first: the higher one

-- One row for each trial that a person has made from another one.
CREATE VIEW clones AS
SELECT trial_id, sweep_id, cloned_from FROM trial WHERE cloned_from IS NOT NULL;

-- One row for each sweep, and one for each trial whose priority is not that of the others; `trial_id` is NULL for the sweep itself.
CREATE VIEW priorities AS
SELECT sweep_id, NULL AS trial_id, priority FROM sweep
UNION ALL
SELECT sweep_id, trial_id, priority FROM trial WHERE priority <> 0;
