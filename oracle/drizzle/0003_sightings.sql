CREATE TABLE "sightings" (
	"key" text PRIMARY KEY NOT NULL,
	"longitude_cell" integer NOT NULL,
	"latitude_cell" integer NOT NULL,
	"taken_at" bigint NOT NULL,
	"kept_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "sightings_kept_at" ON "sightings" USING btree ("kept_at");