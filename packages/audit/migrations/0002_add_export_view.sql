-- Leaves in the order of the tree with what is left of their events, for exports and proofs. A leaf whose event
-- row is gone has no controller to hide it from: it shows as missing to every scope.
CREATE VIEW audit.export_view WITH (security_barrier) AS
  SELECT l.leaf_index, l.event_id, coalesce(e.class, l.class) AS class, coalesce(e.day, l.day) AS day,
         l.commitment, e.at, e.controller, e.action, e.actor, e.target, e.outcome, e.salt, e.payload
  FROM audit.leaves l LEFT JOIN audit.events e ON e.id = l.event_id
  WHERE e.id IS NULL OR audit.in_scope(e.controller);
GRANT SELECT ON audit.export_view TO socle_app;
