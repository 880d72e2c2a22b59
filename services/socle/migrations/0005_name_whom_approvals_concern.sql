-- Whom an act is about: somebody who may not be its second person.
ALTER TABLE socle.approvals ADD COLUMN about uuid;
