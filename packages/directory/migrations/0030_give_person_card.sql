-- Who somebody is now, as sign-in and tokens ask it: one call, so that it comes in the statement that reads their session or
-- token. It runs with the rights and the scope of who calls it: row-level security shows it what it shows them.
CREATE FUNCTION directory.person_card(of_person uuid) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (
  SELECT json_build_object('id', p.id, 'status', p.status, 'displayName', btrim(p.given_name || ' ' || p.family_name),
           'givenName', p.given_name, 'familyName', p.family_name, 'controller', p.controller_id)
    FROM directory.people AS p WHERE p.id = directory.survivor_of(of_person)
);
REVOKE ALL ON FUNCTION directory.person_card(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION directory.person_card(uuid) TO socle_app;
