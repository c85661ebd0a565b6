using System.Globalization;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Server.Diagnostics;

namespace Lambent.Cli.Verbs;

/// <summary>What the doctor says of telemetry that a running server sends on.</summary>
internal static class ExportFindings
{
    /// <summary>None when no server runs, and for who may not ask it: the rest of what doctor says counts.</summary>
    public static async Task<IReadOnlyList<Finding>> FindAsync(
        CommandContext context, CancellationToken cancellation)
    {
        try
        {
            var status = await new NativeApi(context.Connect()).StatusAsync(cancellation);
            return [.. (status.Exports ?? []).Select(Of)];
        }
        catch (CommandFailedException)
        {
            return [];
        }
    }

    private static Finding Of(ExportStatus export)
    {
        var name = $"export {export.Signal}";
        var figures = $"{Number(export.Sent)} sent, {Number(export.Waiting)} waiting"
            + (export.BehindSeconds is { } behind
                ? string.Create(CultureInfo.InvariantCulture, $" (oldest {behind:0} s)")
                : "")
            + (export.Rejected > 0 ? $", {Number(export.Rejected)} rejected" : "")
            + (export.Dropped > 0 ? $", {Number(export.Dropped)} removed before they could be sent" : "");
        var problem = export.Problem is { } said ? $": {said}" : "";
        var detail = $"{export.Target}: {figures}{problem}";
        return export.State == "interrupted"
            ? new Finding(
                name, FindingStatus.Warning, detail, $"look whether {export.Target} is there; what waits is kept")
            : new Finding(
                name, export.Rejected + export.Dropped > 0 ? FindingStatus.Warning : FindingStatus.Good, detail);
    }

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
