CREATE TABLE "pairings" (
	"id" text PRIMARY KEY NOT NULL,
	"reader" text NOT NULL,
	"writer" text,
	"request" text,
	"answer" text,
	"expires_at" bigint NOT NULL,
	"ended_at" bigint
);
--> statement-breakpoint
CREATE INDEX "pairings_expires_at" ON "pairings" USING btree ("expires_at");