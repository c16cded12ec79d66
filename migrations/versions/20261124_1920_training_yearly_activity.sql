------------------------------------------------------------------------------------------------ published
-- Classes and clean-ups of certificates of a year, by unit: what is done, and what is begun (plan tasks 3 and 5).
CREATE FUNCTION training.published_activity()
RETURNS TABLE (district_id uuid, unit_id uuid, year integer, kind text, done integer, begun integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT c.district_id, c.unit_id, extract(year FROM c.ends_at AT TIME ZONE 'Asia/Shanghai')::integer, 'class',
           (count(*) FILTER (WHERE c.state = 'held'))::integer, (count(*) FILTER (WHERE c.state = 'planned'))::integer
    FROM training.classes c GROUP BY 1, 2, 3
    UNION ALL
    SELECT r.district_id, r.unit_id, extract(year FROM r.as_of)::integer, 'qualification_review',
           (count(*) FILTER (WHERE r.state = 'applied'))::integer,
           (count(*) FILTER (WHERE r.state IN ('proposed', 'checked')))::integer
    FROM training.qualification_reviews r GROUP BY 1, 2, 3
$$;
CREATE VIEW published.training_activity AS SELECT * FROM training.published_activity();
GRANT SELECT ON published.training_activity TO zhifa_training, zhifa_tasks;
REVOKE ALL ON FUNCTION training.published_activity() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION training.published_activity() TO zhifa_training, zhifa_tasks;
