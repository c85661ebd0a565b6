namespace Lambent.Storage.Migrations;

/// <summary>Cold starts are rare: a list of them reads no rows of the others, and most calls take no place in it.</summary>
internal static class TelemetryMigration010
{
    public static Migration ColdStarts { get; } = new(10, "index of cold starts", _ => """
        CREATE INDEX invocations_cold ON invocations
            (source_id, started_at, invocation_id, outcome, ended_at, version, origin) WHERE init_duration >= 0;
        """);
}
