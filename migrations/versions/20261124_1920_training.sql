-- Tables of schema training, their published views and the rights of the service roles.
SELECT 1;
