namespace Lambent.Storage.Migrations;

/// <summary>What the time of a call before its handler went into; init_duration is the sum of a cold start's.</summary>
internal static class TelemetryMigration002
{
    public static Migration Phases { get; } = new(2, "phases of calls", dialect => $"""
        ALTER TABLE invocations ADD COLUMN queue_duration {dialect.Number} NOT NULL DEFAULT 0;
        ALTER TABLE invocations ADD COLUMN place_duration {dialect.Number} NOT NULL DEFAULT 0;
        ALTER TABLE invocations ADD COLUMN fetch_duration {dialect.Number} NOT NULL DEFAULT 0;
        ALTER TABLE invocations ADD COLUMN start_duration {dialect.Number} NOT NULL DEFAULT 0;
        """);
}
