-- Emergency access is shown as it stands on several pages: found among a million roles without reading them.
CREATE INDEX roles_of_emergency ON directory.roles (valid_from) WHERE role = 'break_glass';
