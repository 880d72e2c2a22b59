-- One more thing that people are told: somebody saw what they see, in their place.
ALTER TABLE identity.account_notices DROP CONSTRAINT account_notices_kind_check;
ALTER TABLE identity.account_notices ADD CONSTRAINT account_notices_kind_check
  CHECK (kind IN ('reset', 'link', 'colleague', 'vouched', 'viewed'));
