-- Checkpoints that a witness of the network has cosigned (C2SP tlog-cosignature). A row proves itself: the note is signed
-- by the log, the line by the witness. What is not here yet for a witness is its queue.
CREATE TABLE audit.cosignatures (
  size bigint NOT NULL,
  witness text NOT NULL,
  note text NOT NULL,
  line text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (witness, size)
);
GRANT SELECT, INSERT ON audit.cosignatures TO socle_sequencer;
GRANT SELECT ON audit.cosignatures TO socle_app;
