using System.Runtime.CompilerServices;
using System.Text.Json;
using Lambent.Cli.Building;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Deploying;
using Lambent.Cli.Output;
using Lambent.Cli.Sources;

namespace Lambent.Cli.Serving;

/// <summary>How one sample went.</summary>
/// <param name="Duration">Of the call, its cold start included; null when it was not called.</param>
/// <param name="Failure">Why it does not work here, or null.</param>
internal sealed record SampleOutcome(string Name, string? Runtime, TimeSpan? Duration, string? Url, string? Failure)
{
    public override string ToString() => Failure is null
        ? $"{Name,-16}{Runtime,-18}called in "
            + $"{Quantity.Duration(Duration ?? TimeSpan.Zero)}{(Url is null ? "" : $"  {Url}")}"
        : $"{Name,-16}does not work here: {ControlCodes.Strip(Failure).ReplaceLineEndings(" ")}";

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("name", Name);
        writer.WriteString("runtime", Runtime);
        writer.WriteBoolean("works", Failure is null);
        writer.WriteString("url", Url);
        writer.WriteString("message", Failure);
        if (Duration is { } duration)
        {
            writer.WriteNumber("durationMilliseconds", Math.Round(duration.TotalMilliseconds, 1));
        }
    }
}

/// <summary>
/// Deploys every folder of samples/ and calls each with its event.json, through the same API as everybody. Done once
/// for a data folder, so that a sample somebody deleted stays deleted.
/// </summary>
internal sealed class SampleRun(CommandContext context, string dataFolder, Uri address)
{
    private const string EventFile = "event.json";
    private const string BuildScript = "build.sh";

    private static readonly TimeSpan MachinePatience = TimeSpan.FromSeconds(60);

    /// <summary>Enough for each; the samples' own documents say what each needs.</summary>
    private static readonly DeploymentWishes Wishes = new() { MemoryMegabytes = 1024, TimeoutSeconds = 30 };

    public static bool WasDone(string dataFolder) => File.Exists(Marker(dataFolder));

    public async IAsyncEnumerable<SampleOutcome> RunAsync(
        string folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var quiet = context.Quietly();
        using var server = new ServerClient(
            ServerAddress.Resolve(
                new DataFolder(dataFolder), address.ToString(), context.Profile, context.Environment),
            context.Environment.Time);
        var names = new DirectoryInfo(folder).GetDirectories()
            .Where(sample => File.Exists(Path.Combine(sample.FullName, EventFile)))
            .Select(sample => sample.Name)
            .Order(StringComparer.Ordinal);
        foreach (var name in names)
        {
            yield return await TryAsync(quiet, server, Path.Combine(folder, name), name, cancellation);
        }

        await File.WriteAllTextAsync(Marker(dataFolder), "", cancellation);
    }

    private static string Marker(string dataFolder) => Path.Combine(dataFolder, "samples-deployed");

    private static async Task<SampleOutcome> TryAsync(
        CommandContext quiet, ServerClient server, string folder, string name, CancellationToken cancellation)
    {
        string? runtime = null;
        try
        {
            if (MachineDeployment.FilesOf(folder) is [var definition])
            {
                return await TryMachineAsync(quiet, server, folder, definition, cancellation);
            }

            var payload = await File.ReadAllBytesAsync(Path.Combine(folder, EventFile), cancellation);
            await BuildAsync(quiet.Environment, folder, cancellation);
            var wishes = Wishes with { Url = IsHttpRequest(payload) };
            var deployed = await DeployRun.DeployAsync(
                quiet, server, new DeployRequest(folder, new WrittenChoices(name, null, null), wishes), cancellation);
            runtime = deployed.Source.Runtime;
            await new SampleTriggers(server, name).MakeAsync(folder, cancellation);
            var start = quiet.Environment.Time.GetTimestamp();
            using var response = await new LambdaApi(server).InvokeAsync(name, null, payload, default, cancellation);
            var answer = await server.ReadAsync(response, cancellation);
            var duration = quiet.Environment.Time.GetElapsedTime(start);
            var failure = response.Headers.Contains("X-Amz-Function-Error")
                ? System.Text.Encoding.UTF8.GetString(answer)
                : null;
            return new SampleOutcome(name, runtime, duration, deployed.Url, failure);
        }
        catch (CommandFailedException failed)
        {
            var hint = failed.Failure.Hint is { } fix ? $" ({fix})" : "";
            return new SampleOutcome(name, runtime, null, null, failed.Failure.Message + hint);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return new SampleOutcome(name, runtime, null, null, broken.Message);
        }
    }

    /// <summary>A state machine, with a function for each program beside it.</summary>
    private static async Task<SampleOutcome> TryMachineAsync(
        CommandContext quiet, ServerClient server, string folder, string definition, CancellationToken cancellation)
    {
        foreach (var program in Directory.EnumerateFiles(folder).Where(IsProgram).Order(StringComparer.Ordinal))
        {
            await DeployRun.DeployAsync(
                quiet,
                server,
                new DeployRequest(program, new WrittenChoices(null, null, null), new DeploymentWishes()),
                cancellation);
        }

        var deployed = await new MachineDeployment(quiet, server).DeployAsync(
            [definition], null, null, isDry: false, cancellation);
        var name = deployed[0].Name;
        var input = await File.ReadAllTextAsync(Path.Combine(folder, EventFile), cancellation);
        var start = quiet.Environment.Time.GetTimestamp();
        var executions = new ExecutionApi(server);
        var ended = await executions.WaitAsync(
            await executions.StartAsync(name, null, input, cancellation),
            MachinePatience,
            quiet.Environment.Time,
            cancellation);
        return new SampleOutcome(
            name,
            "state machine",
            quiet.Environment.Time.GetElapsedTime(start),
            null,
            ended.Status == "succeeded" ? null : $"{ended.Status} {ended.Error} {ended.Cause}");
    }

    private static bool IsProgram(string file) => Path.GetExtension(file) is ".mjs" or ".js" or ".py";

    /// <summary>A sample in a compiled language brings the script that makes its bootstrap.</summary>
    private static async Task BuildAsync(
        ProcessEnvironment environment, string folder, CancellationToken cancellation)
    {
        var script = Path.Combine(folder, BuildScript);
        if (File.Exists(script) && !File.Exists(Path.Combine(folder, CustomSource.Bootstrap)))
        {
            await new ToolRun(environment, script, [], folder) { InstallHint = "sudo apt-get install gcc libc6-dev" }
                .RunAsync(cancellation);
        }
    }

    /// <summary>An event with a body is what a function URL sends; such a sample gets one.</summary>
    private static bool IsHttpRequest(byte[] payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("body", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
