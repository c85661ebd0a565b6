using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;
using Lambent.Cli.Sources;

namespace Lambent.Cli.Deploying;

/// <summary>What to deploy.</summary>
internal sealed record DeployRequest(string Path, WrittenChoices Choices, DeploymentWishes Wishes);

/// <summary>What came of it.</summary>
internal sealed record DeployResult(PreparedSource Source, DeploymentPlan Plan, string Action, string? Arn, string? Url)
{
    public const string Created = "created";
    public const string Updated = "updated";
    public const string Unchanged = "unchanged";
    public const string Planned = "planned";

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("function", Source.Name);
        writer.WriteString("arn", Arn);
        writer.WriteString("action", Action);
        writer.WriteString("runtime", Source.Runtime);
        writer.WriteString("handler", Source.Handler);
        writer.WriteString("inferred", Source.Reason);
        writer.WriteNumber("files", Source.Package.Files);
        writer.WriteNumber("packageBytes", Source.Package.Zip.Length);
        writer.WriteString("codeSha256", Source.Package.Sha256);
        writer.WriteStartArray("changes");
        foreach (var change in Plan.Changes)
        {
            writer.WriteStartObject();
            writer.WriteString("field", change.Field);
            writer.WriteString("before", change.Before);
            writer.WriteString("after", change.After);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("url", Url);
    }
}

/// <summary>A deploy from path to answer; the deploy verb and the samples of the first start both run it.</summary>
internal static class DeployRun
{
    public static async Task<DeployResult> DeployAsync(
        CommandContext context, ServerClient server, DeployRequest request, CancellationToken cancellation)
    {
        var lambda = new LambdaApi(server);
        var deployment = new Deployment(lambda, context.Environment.Time);
        var (existing, source) = await PrepareAsync(context, server, deployment, request, cancellation);
        var url = request.Wishes.Url && existing is not null
            ? await lambda.FindUrlAsync(source.Name, cancellation)
            : null;
        var events = await FindEventsAsync(lambda, request, existing, cancellation);
        var plan = new DeploymentPlan(source, request.Wishes, existing, url, events);
        var configuration = await Progress.DuringAsync(
            context,
            $"Deploying {source.Name}",
            () => deployment.ApplyAsync(plan, source, request.Wishes, existing, cancellation));
        var address = request.Wishes.Url ? await deployment.ProvideUrlAsync(source.Name, cancellation) : null;
        var action = plan.Creates ? DeployResult.Created
            : plan.Changes.Count > 0 ? DeployResult.Updated
            : DeployResult.Unchanged;
        return new DeployResult(source, plan, action, configuration.FunctionArn, address);
    }

    /// <summary>What a deploy would change. Without a server it is what a first deploy would make.</summary>
    public static async Task<DeployResult> PlanAsync(
        CommandContext context, DeployRequest request, CancellationToken cancellation)
    {
        try
        {
            using var server = context.Connect();
            var lambda = new LambdaApi(server);
            var deployment = new Deployment(lambda, context.Environment.Time);
            var (existing, source) = await PrepareAsync(context, server, deployment, request, cancellation);
            var url = request.Wishes.Url ? await lambda.FindUrlAsync(source.Name, cancellation) : null;
            var events = await FindEventsAsync(lambda, request, existing, cancellation);
            var plan = new DeploymentPlan(source, request.Wishes, existing, url, events);
            return new DeployResult(
                source, plan, DeployResult.Planned, existing?.Configuration.FunctionArn, url?.FunctionUrl);
        }
        catch (CommandFailedException failed) when (
            failed.Failure.Code is FailureCodes.ServerUnreachable or FailureCodes.CredentialsMissing)
        {
            context.Note("note: no server to compare with; this is what a first deploy would make");
            var preparation = new SourcePreparation(context, request.Choices, new KnownRuntimes(null, null));
            var source = await preparation.PrepareAsync(request.Path, cancellation);
            NoteInference(context, source);
            return new DeployResult(
                source, new DeploymentPlan(source, request.Wishes, null, null), DeployResult.Planned, null, null);
        }
    }

    private static async Task<(GetFunctionAnswer? Existing, PreparedSource Source)> PrepareAsync(
        CommandContext context, ServerClient server, Deployment deployment, DeployRequest request,
        CancellationToken cancellation)
    {
        var name = request.Choices.Name ?? SourceName.Of(context.Environment.FullPath(request.Path));
        var existing = await deployment.FindSettledAsync(name, cancellation);
        var runtimes = request.Choices.Runtime is null ? await RuntimesAsync(server, cancellation) : null;
        var known = new KnownRuntimes(runtimes, existing?.Configuration.Runtime);
        var source = await new SourcePreparation(context, request.Choices, known)
            .PrepareAsync(request.Path, cancellation);
        NoteInference(context, source);
        return (existing, source);
    }

    private static async Task<EventInvokeConfiguration?> FindEventsAsync(
        LambdaApi lambda, DeployRequest request, GetFunctionAnswer? existing, CancellationToken cancellation) =>
        request.Wishes.ForEvents && existing is not null
            ? await lambda.FindEventsAsync(existing.Configuration.FunctionName, cancellation)
            : null;

    private static void NoteInference(CommandContext context, PreparedSource source) =>
        context.Note($"{source.Name}: {source.Runtime}, handler {source.Handler} ({source.Reason})");

    /// <summary>What the server can run, or null: a server without the native API is no reason not to deploy.</summary>
    private static async Task<IReadOnlyList<string>?> RuntimesAsync(ServerClient server, CancellationToken cancellation)
    {
        try
        {
            return (await new NativeApi(server).StatusAsync(cancellation)).Runtimes;
        }
        catch (CommandFailedException failed) when (failed.Failure.Code != FailureCodes.ServerUnreachable)
        {
            return null;
        }
    }
}
