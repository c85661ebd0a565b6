namespace Lambent.Storage.Migrations;

/// <summary>
/// Levels of lines; log groups and streams. A source is a log group: a function's, or one whose name begins with a
/// colon, which no function's does. There is no index of words: a search reads the lines, which costs writing nothing.
/// </summary>
internal static class TelemetryMigration006
{
    public static Migration Groups { get; } = new(6, "levels, log groups and streams", dialect => $"""
        ALTER TABLE log_lines ADD COLUMN level {dialect.Number} NOT NULL DEFAULT 0;
        CREATE INDEX log_lines_by_level ON log_lines (source_id, time) WHERE level >= 4;

        ALTER TABLE sources ADD COLUMN created_at {dialect.Number} NOT NULL DEFAULT 0;
        ALTER TABLE sources ADD COLUMN retention_days {dialect.Number} NOT NULL DEFAULT 0;
        ALTER TABLE sources ADD COLUMN tags {dialect.Text} NOT NULL DEFAULT '';
        ALTER TABLE sources ADD COLUMN is_listed {dialect.Number} NOT NULL DEFAULT 1;
        ALTER TABLE sources ADD COLUMN cleared_at {dialect.Number} NOT NULL DEFAULT 0;

        CREATE TABLE log_streams (
            stream_id INTEGER NOT NULL PRIMARY KEY,
            source_id {dialect.Number} NOT NULL,
            environment_id {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            created_at {dialect.Number} NOT NULL,
            first_time {dialect.Number} NOT NULL,
            last_time {dialect.Number} NOT NULL,
            is_listed {dialect.Number} NOT NULL DEFAULT 1,
            cleared_at {dialect.Number} NOT NULL DEFAULT 0,
            UNIQUE (source_id, environment_id)
        ){dialect.TableOptions};
        CREATE INDEX log_streams_by_name ON log_streams (source_id, name);
        CREATE INDEX log_streams_by_time ON log_streams (last_time);
        CREATE INDEX log_streams_cleared ON log_streams (source_id) WHERE cleared_at > 0;

        INSERT INTO log_streams (source_id, environment_id, name, created_at, first_time, last_time)
        SELECT source_id, environment_id,
            strftime('%Y/%m/%d/[', MIN(first) / 10000000, 'unixepoch') || MIN(version) || ']' || environment_id,
            MIN(first), MIN(first), MAX(last)
        FROM (
            SELECT source_id, environment_id, version, time AS first, time AS last FROM log_lines
            UNION ALL
            SELECT source_id, environment_id, version, started_at, ended_at FROM invocations)
        GROUP BY source_id, environment_id;
        UPDATE sources SET created_at = COALESCE(
            (SELECT MIN(first_time) FROM log_streams WHERE log_streams.source_id = sources.source_id), 0);

        CREATE TABLE exports (
            name {dialect.Text} NOT NULL PRIMARY KEY,
            line_id {dialect.Number} NOT NULL
        ){dialect.TableOptions};
        """);
}
