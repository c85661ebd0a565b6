using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Sandbox.Pool;
using Lambent.Server.Functions;
using Lambent.Server.Scaling;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// GET /v1/node: the machine and how the server was started, for the operator. GET /v1/deployments: what was changed
/// last, for each account its own.
/// </summary>
internal sealed class NodeOperations(
    ServerOptions options,
    EnvironmentPool pool,
    ProcessorMeter processors,
    FunctionDirectory functions,
    DateTimeOffset startedAt)
{
    private const int DeploymentsDefault = 10;
    private const int DeploymentsMax = 100;
    private const string MemoryPath = "/proc/meminfo";
    private const string FreeMemoryField = "MemAvailable:";

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", "/v1/node", DescribeAsync);
        endpoints.Map(routes, "GET", "/v1/deployments", ListDeploymentsAsync);
    }

    private async Task<Error?> DescribeAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (principal.Account != AccountId.Root)
        {
            return new Error(
                ErrorCode.AccessDenied, $"{principal.Arn} may not see the node: it is shared by all accounts.");
        }

        var folder = new DirectoryInfo(options.DataFolder);
        var disk = new DriveInfo(folder.FullName);
        var answer = new NodeAnswer(
            Environment.MachineName,
            ProgramVersion.Text,
            startedAt,
            Environment.ProcessorCount,
            processors.Share(),
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            FreeMemoryBytes(),
            Environment.WorkingSet,
            folder.FullName,
            disk.TotalSize,
            disk.AvailableFreeSpace,
            folder.EnumerateFiles().Sum(file => file.Length),
            Environments(),
            Settings());
        await NativeEndpoints.WriteAsync(http, 200, answer, NodeJson.Default.NodeAnswer);
        return null;
    }

    private async Task<Error?> ListDeploymentsAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var limit = DeploymentsDefault;
        if (http.Request.Query["limit"].ToString() is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                || limit is < 1 or > DeploymentsMax))
        {
            return new Error(
                ErrorCode.ValidationFailed, $"limit must be a whole number from 1 to {DeploymentsMax}.", "limit");
        }

        var newest = functions.All()
            .Select(snapshot => snapshot.Function)
            .Where(function => function.Id.Account == principal.Account)
            .OrderByDescending(function => function.Latest.LastModifiedAt)
            .ThenBy(function => function.Id.Name, StringComparer.Ordinal)
            .Take(limit)
            .Select(function => new DeploymentAnswer(
                function.Id.Name,
                function.Latest.Runtime,
                function.Latest.LastModifiedAt,
                function.LastPublishedVersion > 0 ? function.LastPublishedVersion : null,
                function.Latest.State.ToString().ToLowerInvariant(),
                function.Latest.Description.Length > 0 ? function.Latest.Description : null));
        await NativeEndpoints.WriteAsync(
            http, 200, new DeploymentsAnswer([.. newest]), NodeJson.Default.DeploymentsAnswer);
        return null;
    }

    private NodeEnvironmentsAnswer Environments()
    {
        var all = pool.Describe();
        var (waiting, wanted) = pool.WaitingCounts;
        return new NodeEnvironmentsAnswer(
            options.EnvironmentsMax,
            all.Count(one => one.State == EnvironmentState.Starting),
            all.Count(one => one.State == EnvironmentState.Idle),
            all.Count(one => one.State == EnvironmentState.Busy),
            waiting,
            wanted,
            all.Sum(one => (long)one.PeakMemoryMegabytes));
    }

    private NodeSettingsAnswer Settings() => new(
        options.BindAddress.ToString(),
        options.Port,
        options.PublicUrl?.ToString(),
        options.EnvironmentIdleTimeout?.TotalSeconds,
        options.EnvironmentAgeMax.TotalSeconds,
        options.WarmMemoryBytes,
        options.LimitsProcessor,
        options.TimeoutSecondsMax,
        options.LogRetention.TotalDays,
        options.LogBytesMax,
        options.MasksSecretsInLogs,
        options.KeepsTelemetry,
        options.Calls.Mode.ToString().ToLowerInvariant(),
        options.Calls.Retention.TotalDays,
        options.Calls.BytesMax,
        options.Calls.PayloadBytesMax,
        options.SyslogTarget is not null,
        options.OtlpEndpoint is not null,
        options.Smtp is not null,
        options.BrowserSessions.IdleTimeout.TotalHours,
        options.BrowserSessions.AgeMax.TotalHours);

    private static long? FreeMemoryBytes()
    {
        if (!File.Exists(MemoryPath))
        {
            return null;
        }

        // Such as "MemAvailable:   12345678 kB".
        var field = File.ReadLines(MemoryPath).FirstOrDefault(
            line => line.StartsWith(FreeMemoryField, StringComparison.Ordinal));
        return field?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..]
            && long.TryParse(kilobytes, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? count * Limits.KiB
                : null;
    }
}
