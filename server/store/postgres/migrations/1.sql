-- An entry, or the lease of its key: a row that nobody owns, whose version names
-- the holder, and whose value says that somebody waits for it.
CREATE TABLE kakaowasm_store (
	key     bytea       NOT NULL,
	lease   boolean     NOT NULL,
	version bigint      NOT NULL,
	app     bytea       NOT NULL,
	user_id bytea       NOT NULL,
	expiry  timestamptz NOT NULL,
	value   bytea       NOT NULL,
	PRIMARY KEY (key, lease)
);
CREATE INDEX kakaowasm_store_owner ON kakaowasm_store (app, user_id) WHERE user_id <> '';
CREATE INDEX kakaowasm_store_expiry ON kakaowasm_store (expiry);
