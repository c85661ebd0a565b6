namespace Lambent.Storage.Migrations;

/// <summary>
/// Buckets and their objects. An object's bytes are a file named by its digest, or the parts under the name of the
/// upload that it came by; both are found by digest, so that a file is removed when nothing refers to it.
/// </summary>
internal static class Migration010
{
    public static Migration Objects { get; } = new(10, "objects", dialect => $"""
        CREATE TABLE buckets (
            account_id {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, name)
        ){dialect.TableOptions};

        CREATE TABLE objects (
            account_id {dialect.Text} NOT NULL,
            bucket {dialect.Text} NOT NULL,
            key {dialect.Text} NOT NULL,
            digest {dialect.Text},
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, bucket, key)
        ){dialect.TableOptions};
        CREATE INDEX objects_by_digest ON objects (digest) WHERE digest IS NOT NULL;

        CREATE TABLE uploads (
            account_id {dialect.Text} NOT NULL,
            bucket {dialect.Text} NOT NULL,
            key {dialect.Text} NOT NULL,
            upload {dialect.Text} NOT NULL,
            begun_at {dialect.Number} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, bucket, key, upload)
        ){dialect.TableOptions};
        CREATE INDEX uploads_by_begin ON uploads (begun_at);

        CREATE TABLE object_parts (
            account_id {dialect.Text} NOT NULL,
            upload {dialect.Text} NOT NULL,
            number {dialect.Number} NOT NULL,
            digest {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, upload, number)
        ){dialect.TableOptions};
        CREATE INDEX object_parts_by_digest ON object_parts (digest);

        CREATE TABLE object_pins (
            account_id {dialect.Text} NOT NULL,
            execution_key {dialect.Text} NOT NULL,
            digest {dialect.Text} NOT NULL,
            PRIMARY KEY (account_id, execution_key, digest)
        ){dialect.ClusteredOptions};
        CREATE INDEX object_pins_by_digest ON object_pins (digest);
        """);
}
