-- Where an officer served and when, as it stands now: case-file review keeps people away from their former units.
CREATE VIEW published.officer_units AS
SELECT officer_id, district_id, unit_id, from_on, to_on FROM training.officer_units WHERE superseded_at IS NULL;
GRANT SELECT ON published.officer_units TO zhifa_training, zhifa_cases;
