CREATE TABLE "log_entries" (
	"index" bigint PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"digest" text NOT NULL,
	"logged_at" bigint NOT NULL,
	"hashes" text[] NOT NULL
);
--> statement-breakpoint
CREATE INDEX "log_entries_digest" ON "log_entries" USING btree ("digest");