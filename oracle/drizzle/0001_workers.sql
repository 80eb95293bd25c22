CREATE TABLE "workers" (
	"book" text NOT NULL,
	"holder" text NOT NULL,
	"handle" text,
	"issued_at" bigint NOT NULL,
	CONSTRAINT "workers_book_holder_pk" PRIMARY KEY("book","holder")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "workers_handle" ON "workers" USING btree ("book","handle");--> statement-breakpoint
CREATE INDEX "workers_issued_at" ON "workers" USING btree ("issued_at");