-- Emergency access (break-glass) is a role like another, with an end.
ALTER TABLE directory.roles DROP CONSTRAINT roles_role_check;
ALTER TABLE directory.roles ADD CONSTRAINT roles_role_check CHECK (role IN ('pupil', 'guardian', 'teacher', 'head_teacher', 'cpe',
  'aed', 'librarian', 'head', 'staff', 'local_admin', 'academy_admin', 'dpo', 'security_officer', 'guest', 'break_glass'));
ALTER TABLE directory.roles ADD CONSTRAINT emergency_access_ends
  CHECK (role <> 'break_glass' OR (valid_to IS NOT NULL AND valid_to <= valid_from + interval '1 hour'));
