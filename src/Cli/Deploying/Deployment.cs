using Lambent.Cli.Commands;
using Lambent.Cli.Connection;

namespace Lambent.Cli.Deploying;

/// <summary>Carries out a plan through the Lambda API, step by step, each guarded against another editor.</summary>
internal sealed class Deployment(LambdaApi lambda, TimeProvider time)
{
    /// <summary>The API demands a role; permissions do not come from it.</summary>
    private const string Role = "arn:aws:iam::000000000000:role/lambent";

    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>The function as it is once no change is under way, or null when there is none.</summary>
    public async Task<GetFunctionAnswer?> FindSettledAsync(string name, CancellationToken cancellation)
    {
        var found = await lambda.FindFunctionAsync(name, cancellation);
        if (found is null || IsSettled(found.Configuration))
        {
            return found;
        }

        await SettleAsync(name, mustSucceed: false, cancellation);
        return await lambda.FindFunctionAsync(name, cancellation);
    }

    /// <summary>Makes the function what the plan says and waits until calls get it.</summary>
    public async Task<FunctionConfiguration> ApplyAsync(
        DeploymentPlan plan, PreparedSource source, DeploymentWishes wishes, GetFunctionAnswer? existing,
        CancellationToken cancellation)
    {
        var configuration = existing is null
            ? await CreateAsync(plan, source, wishes, cancellation)
            : await UpdateAsync(plan, source, wishes, existing.Configuration, cancellation);
        if (existing is not null && plan.TagsChange)
        {
            await lambda.TagAsync(configuration.FunctionArn, wishes.Tags, cancellation);
        }

        if (plan.ReservationChanges)
        {
            await lambda.ReserveAsync(source.Name, wishes.ReservedConcurrency!.Value, cancellation);
        }

        if (plan.Events is { } events)
        {
            await lambda.PutEventsAsync(source.Name, events, cancellation);
        }

        return configuration;
    }

    /// <summary>The function's URL; made, and opened to everybody, when it is not there yet.</summary>
    public async Task<string> ProvideUrlAsync(string name, CancellationToken cancellation)
    {
        var url = await lambda.FindUrlAsync(name, cancellation)
            ?? await lambda.CreateUrlAsync(name, "NONE", cancellation);
        // The grant is added even when the URL was there: without it the URL answers everybody with 403.
        if (url.AuthType == "NONE")
        {
            await lambda.AddPermissionAsync(
                name,
                new AddPermissionCall
                {
                    StatementId = "FunctionURLAllowPublicAccess",
                    Action = "lambda:InvokeFunctionUrl",
                    Principal = "*",
                    FunctionUrlAuthType = "NONE",
                },
                cancellation);
        }

        return url.FunctionUrl;
    }

    private async Task<FunctionConfiguration> CreateAsync(
        DeploymentPlan plan, PreparedSource source, DeploymentWishes wishes, CancellationToken cancellation)
    {
        await lambda.CreateFunctionAsync(
            new CreateFunctionCall
            {
                FunctionName = source.Name,
                Runtime = source.Runtime,
                Role = Role,
                Handler = source.Handler,
                Code = new FunctionCode { ZipFile = source.Package.Zip },
                MemorySize = wishes.MemoryMegabytes,
                Timeout = wishes.TimeoutSeconds,
                Environment = plan.Variables is { } variables ? new FunctionVariables { Variables = variables } : null,
                Layers = wishes.Layers.Count > 0 ? wishes.Layers : null,
                Tags = wishes.Tags.Count > 0 ? wishes.Tags : null,
            },
            cancellation);
        return await SettleAsync(source.Name, mustSucceed: true, cancellation);
    }

    private async Task<FunctionConfiguration> UpdateAsync(
        DeploymentPlan plan, PreparedSource source, DeploymentWishes wishes, FunctionConfiguration before,
        CancellationToken cancellation)
    {
        var current = before;
        if (plan.ConfigurationChanges)
        {
            await lambda.UpdateConfigurationAsync(
                source.Name,
                new UpdateConfigurationCall
                {
                    Runtime = source.Runtime,
                    Handler = source.Handler,
                    MemorySize = wishes.MemoryMegabytes,
                    Timeout = wishes.TimeoutSeconds,
                    Environment = plan.Variables is { } variables ? new FunctionVariables { Variables = variables }
                        : null,
                    Layers = wishes.Layers.Count > 0 ? wishes.Layers : null,
                    RevisionId = current.RevisionId,
                },
                cancellation);
            current = await SettleAsync(source.Name, mustSucceed: true, cancellation);
        }

        if (plan.CodeChanges)
        {
            await lambda.UpdateCodeAsync(
                source.Name,
                new UpdateCodeCall { ZipFile = source.Package.Zip, RevisionId = current.RevisionId },
                cancellation);
            current = await SettleAsync(source.Name, mustSucceed: true, cancellation);
        }

        return current;
    }

    private async Task<FunctionConfiguration> SettleAsync(string name, bool mustSucceed, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        for (var pause = FirstPause; time.GetElapsedTime(start) < SettleMax; pause = Longer(pause))
        {
            var configuration = await lambda.GetConfigurationAsync(name, cancellation);
            if (IsSettled(configuration))
            {
                return mustSucceed && Failed(configuration) is { } failure
                    ? throw new CommandFailedException(failure)
                    : configuration;
            }

            await Task.Delay(pause, time, cancellation);
        }

        throw new CommandFailedException(
            ExitCode.Timeout, FailureCodes.WaitTimedOut,
            $"{name} was accepted and is not ready after {SettleMax.TotalSeconds:0} s.", "lambent doctor");
    }

    private static Failure? Failed(FunctionConfiguration configuration)
    {
        var reason = configuration.State == "Failed" ? configuration.StateReason ?? "The function failed to start."
            : configuration.LastUpdateStatus == "Failed" ? configuration.LastUpdateStatusReason ?? "The update failed."
            : null;
        return reason is null
            ? null
            : new Failure(ExitCode.Internal, FailureCodes.FunctionStateFailed, reason)
            {
                Where = $"the function {configuration.FunctionName}",
                Hint = $"lambent logs {configuration.FunctionName}",
            };
    }

    private static bool IsSettled(FunctionConfiguration configuration) =>
        configuration.State != "Pending" && configuration.LastUpdateStatus != "InProgress";

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;
}
