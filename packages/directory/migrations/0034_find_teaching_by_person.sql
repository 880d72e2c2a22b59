-- The facts of one person ask what they teach and head: without these, the whole table was read for it. In the transaction:
-- another instance that waits for its turn to migrate would keep a concurrent build waiting for ever.
CREATE INDEX teaching_assignments_by_person ON directory.teaching_assignments (person_id);
CREATE INDEX head_teachers_by_person ON directory.head_teachers (person_id);
