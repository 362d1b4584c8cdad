-- Where goods that were redeemed are sent, sealed; and the tier that was held when a reward was redeemed.

ALTER TABLE redemption ADD COLUMN address BLOB;
ALTER TABLE redemption ADD COLUMN tier TEXT;
