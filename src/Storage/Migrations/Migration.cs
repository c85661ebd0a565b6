using System.Security.Cryptography;
using System.Text;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Migrations;

/// <summary>One step from one schema to the next. Once released, a step is never edited: add the next one.</summary>
/// <param name="Version">1, 2, 3… without gaps.</param>
/// <param name="Name">What it brings, for people.</param>
/// <param name="Statements">Its SQL, in the engine's dialect.</param>
internal sealed record Migration(int Version, string Name, Func<SqlDialect, string> Statements)
{
    /// <summary>Recorded with the step, so that an edited one is found out.</summary>
    public string Checksum(SqlDialect dialect) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Statements(dialect))));
}

/// <summary>Every step there is, in order.</summary>
internal static class MigrationList
{
    public static IReadOnlyList<Migration> All { get; } =
    [
        Migration001.Tables,
        Migration002.Queues,
        Migration003.Delivery,
        Migration004.Schedules,
        Migration005.Mappings,
        Migration006.Webhooks,
        Migration007.QueueExtras,
        Migration008.ShortEvents,
        Migration009.Workflows,
        Migration010.Objects,
        Migration011.ExecutionAttributes,
        Migration012.UnusualExecutions,
        Migration013.Alerts,
        Migration014.BrowserSessions,
    ];

    /// <summary>Those of the telemetry database, which is a file of its own.</summary>
    public static IReadOnlyList<Migration> Telemetry { get; } =
    [
        TelemetryMigration001.Tables,
        TelemetryMigration002.Phases,
        TelemetryMigration003.Use,
        TelemetryMigration004.Demand,
        TelemetryMigration005.Decisions,
        TelemetryMigration006.Groups,
        TelemetryMigration007.Errors,
        TelemetryMigration008.Traces,
        TelemetryMigration009.Metrics,
        TelemetryMigration010.ColdStarts,
        TelemetryMigration011.Announcements,
    ];
}
