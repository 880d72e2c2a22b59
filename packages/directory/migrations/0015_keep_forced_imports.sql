-- That a second person confirmed this import of a feed that the guard had stopped: a run that was killed is finished without
-- asking them again.
ALTER TABLE directory.imports ADD COLUMN forced boolean NOT NULL DEFAULT false;
