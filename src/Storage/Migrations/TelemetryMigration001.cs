namespace Lambent.Storage.Migrations;

/// <summary>
/// The first schema of the telemetry database. Function names are stored once, in sources; request ids as the 16
/// bytes that most of them are. Row numbers grow with time, which is what the retention goes by.
/// </summary>
internal static class TelemetryMigration001
{
    public static Migration Tables { get; } = new(1, "telemetry tables", dialect => $"""
        CREATE TABLE sources (
            source_id INTEGER NOT NULL PRIMARY KEY,
            account_id {dialect.Text} NOT NULL,
            function_name {dialect.Text} NOT NULL,
            UNIQUE (account_id, function_name)
        ){dialect.TableOptions};

        CREATE TABLE invocations (
            invocation_id INTEGER NOT NULL PRIMARY KEY,
            source_id {dialect.Number} NOT NULL,
            started_at {dialect.Number} NOT NULL,
            ended_at {dialect.Number} NOT NULL,
            request_id {dialect.Bytes} NOT NULL,
            version {dialect.Text} NOT NULL,
            environment_id {dialect.Text} NOT NULL,
            init_duration {dialect.Number} NOT NULL,
            outcome {dialect.Number} NOT NULL,
            memory_megabytes {dialect.Number} NOT NULL,
            max_memory_used_megabytes {dialect.Number} NOT NULL,
            origin {dialect.Text} NOT NULL
        ){dialect.TableOptions};
        CREATE INDEX invocations_by_start ON invocations (source_id, started_at);
        CREATE INDEX invocations_by_end ON invocations (source_id, ended_at);
        CREATE INDEX invocations_failed ON invocations (source_id, started_at) WHERE outcome <> 0;
        CREATE INDEX invocations_by_request ON invocations (request_id);

        CREATE TABLE log_lines (
            line_id INTEGER NOT NULL PRIMARY KEY,
            source_id {dialect.Number} NOT NULL,
            time {dialect.Number} NOT NULL,
            request_id {dialect.Bytes} NOT NULL,
            version {dialect.Text} NOT NULL,
            environment_id {dialect.Text} NOT NULL,
            text {dialect.Text} NOT NULL
        ){dialect.TableOptions};
        CREATE INDEX log_lines_by_time ON log_lines (source_id, time);
        CREATE INDEX log_lines_by_request ON log_lines (request_id) WHERE LENGTH(request_id) > 0;
        """);
}
