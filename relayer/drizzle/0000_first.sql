CREATE TABLE "envelopes" (
	"hash" text PRIMARY KEY NOT NULL,
	"transaction_id" bigint NOT NULL,
	"raw" text NOT NULL,
	"max_fee" numeric(78, 0) NOT NULL,
	"tip" numeric(78, 0) NOT NULL,
	"signed_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"sender" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"ends_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "redemptions" (
	"digest" text PRIMARY KEY NOT NULL,
	"book" text NOT NULL,
	"campaign_id" text NOT NULL,
	"serial" text NOT NULL,
	"request" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"code" text,
	"tries" integer NOT NULL,
	"version" integer NOT NULL,
	"transaction_id" bigint,
	"received_at" bigint NOT NULL,
	"changed_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "transactions" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"sender" text NOT NULL,
	"nonce" bigint NOT NULL,
	"book" text NOT NULL,
	"data" text NOT NULL,
	"gas" bigint NOT NULL,
	"state" text NOT NULL,
	"made_at" bigint NOT NULL,
	"hash" text,
	"block_number" bigint,
	"block_hash" text,
	"block_time" bigint,
	"cost" numeric(78, 0)
);
--> statement-breakpoint
ALTER TABLE "envelopes" ADD CONSTRAINT "envelopes_transaction_id_transactions_id_fk" FOREIGN KEY ("transaction_id") REFERENCES "public"."transactions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "redemptions" ADD CONSTRAINT "redemptions_transaction_id_transactions_id_fk" FOREIGN KEY ("transaction_id") REFERENCES "public"."transactions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "envelopes_transaction" ON "envelopes" USING btree ("transaction_id");--> statement-breakpoint
CREATE INDEX "redemptions_coupon" ON "redemptions" USING btree ("book","campaign_id","serial");--> statement-breakpoint
CREATE INDEX "redemptions_state" ON "redemptions" USING btree ("state","received_at");--> statement-breakpoint
CREATE INDEX "redemptions_transaction" ON "redemptions" USING btree ("transaction_id");--> statement-breakpoint
CREATE UNIQUE INDEX "transactions_nonce" ON "transactions" USING btree ("sender","nonce") WHERE state in ('open', 'mined');--> statement-breakpoint
CREATE INDEX "transactions_state" ON "transactions" USING btree ("state");--> statement-breakpoint
CREATE INDEX "transactions_made_at" ON "transactions" USING btree ("made_at");