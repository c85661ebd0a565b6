namespace Lambent.Storage.Migrations;

/// <summary>
/// What is measured: a series is a function's version, a queue, a state machine or a user's metric; a cell is what
/// happened to it in one minute, hour or day (MetricResolution). Each of the three is kept for its own time.
/// </summary>
internal static class TelemetryMigration009
{
    public static Migration Metrics { get; } = new(9, "metrics", dialect => $"""
        CREATE TABLE metric_series (
            series_id INTEGER NOT NULL PRIMARY KEY,
            account_id {dialect.Text} NOT NULL,
            kind {dialect.Number} NOT NULL,
            name {dialect.Text} NOT NULL,
            part {dialect.Text} NOT NULL,
            detail {dialect.Text} NOT NULL,
            last_at {dialect.Number} NOT NULL,
            UNIQUE (account_id, kind, name, part, detail)
        ){dialect.TableOptions};

        CREATE TABLE metric_cells (
            series_id {dialect.Number} NOT NULL,
            resolution {dialect.Number} NOT NULL,
            start_at {dialect.Number} NOT NULL,
            cell {dialect.Bytes} NOT NULL,
            PRIMARY KEY (series_id, resolution, start_at)
        ){dialect.ClusteredOptions};
        CREATE INDEX metric_cells_by_time ON metric_cells (resolution, start_at);
        """);
}
