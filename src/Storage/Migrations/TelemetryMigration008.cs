namespace Lambent.Storage.Migrations;

/// <summary>
/// Where calls belong in traces, and spans that nothing else tells. A call that begins its trace has no trace_id: it
/// follows from its request's id, so most calls take no place in an index more. A release is the code that a version
/// had: $LATEST has many.
/// </summary>
internal static class TelemetryMigration008
{
    public static Migration Traces { get; } = new(8, "traces", dialect => $"""
        ALTER TABLE invocations ADD COLUMN span_id {dialect.Number} NOT NULL DEFAULT 0;
        ALTER TABLE invocations ADD COLUMN parent_span_id {dialect.Number} NOT NULL DEFAULT 0;
        ALTER TABLE invocations ADD COLUMN is_sampled {dialect.Number} NOT NULL DEFAULT 1;
        ALTER TABLE invocations ADD COLUMN trace_id {dialect.Bytes};
        ALTER TABLE invocations ADD COLUMN release_id {dialect.Number} NOT NULL DEFAULT 0;
        CREATE INDEX invocations_by_trace ON invocations (trace_id) WHERE trace_id IS NOT NULL;

        CREATE TABLE releases (
            release_id INTEGER NOT NULL PRIMARY KEY,
            source_id {dialect.Number} NOT NULL,
            version {dialect.Text} NOT NULL,
            code_digest {dialect.Text} NOT NULL,
            first_seen_at {dialect.Number} NOT NULL,
            UNIQUE (source_id, version, code_digest)
        ){dialect.TableOptions};

        CREATE TABLE spans (
            row_id INTEGER NOT NULL PRIMARY KEY,
            source_id {dialect.Number} NOT NULL,
            started_at {dialect.Number} NOT NULL,
            duration {dialect.Number} NOT NULL,
            trace_id {dialect.Bytes} NOT NULL,
            span_id {dialect.Number} NOT NULL,
            parent_span_id {dialect.Number} NOT NULL,
            origin {dialect.Number} NOT NULL,
            kind {dialect.Number} NOT NULL,
            status {dialect.Number} NOT NULL,
            is_sampled {dialect.Number} NOT NULL,
            name {dialect.Text} NOT NULL,
            version {dialect.Text} NOT NULL,
            detail {dialect.Text} NOT NULL,
            link_trace_id {dialect.Bytes},
            link_span_id {dialect.Number} NOT NULL
        ){dialect.TableOptions};
        CREATE INDEX spans_by_trace ON spans (trace_id);
        CREATE INDEX spans_by_start ON spans (source_id, started_at);
        CREATE INDEX spans_by_link ON spans (link_trace_id) WHERE link_trace_id IS NOT NULL;
        """);
}
