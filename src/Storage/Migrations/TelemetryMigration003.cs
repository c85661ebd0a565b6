namespace Lambent.Storage.Migrations;

/// <summary>Whether a call used a provisioned environment, or spilled over: an EnvironmentUse.</summary>
internal static class TelemetryMigration003
{
    public static Migration Use { get; } = new(3, "use of provisioned environments", dialect => $"""
        ALTER TABLE invocations ADD COLUMN environment_use {dialect.Number} NOT NULL DEFAULT 0;
        """);
}
