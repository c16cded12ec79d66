-- Tables of schema tasks, their published views and the rights of the service roles.
SELECT 1;
