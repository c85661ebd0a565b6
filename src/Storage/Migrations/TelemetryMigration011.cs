namespace Lambent.Storage.Migrations;

/// <summary>
/// What is still to be told to others: groups of errors that are new or back, written with the group and removed when
/// it is durable that they are told; and figures for a collector, by the minute in which they are sent.
/// </summary>
internal static class TelemetryMigration011
{
    public static Migration Announcements { get; } = new(11, "announcements", dialect => $"""
        CREATE TABLE error_announcements (
            announcement_id INTEGER NOT NULL PRIMARY KEY,
            account_id {dialect.Text} NOT NULL,
            function_name {dialect.Text} NOT NULL,
            version {dialect.Text} NOT NULL,
            group_name {dialect.Text} NOT NULL,
            is_reopened {dialect.Number} NOT NULL,
            type {dialect.Text} NOT NULL,
            message {dialect.Text} NOT NULL,
            culprit {dialect.Text} NOT NULL,
            request_id {dialect.Bytes} NOT NULL,
            seen_at {dialect.Number} NOT NULL,
            noticed_at {dialect.Number} NOT NULL
        ){dialect.TableOptions};

        CREATE TABLE metric_arrivals (
            minute_at {dialect.Number} NOT NULL,
            series_id {dialect.Number} NOT NULL,
            cell {dialect.Bytes} NOT NULL,
            PRIMARY KEY (minute_at, series_id)
        ){dialect.ClusteredOptions};
        """);
}
