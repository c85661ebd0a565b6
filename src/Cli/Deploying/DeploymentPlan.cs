using System.Globalization;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Deploying;

/// <summary>One difference between a function and what is wanted, for people.</summary>
/// <param name="Before">Null when there was nothing.</param>
/// <param name="After">Null when there will be nothing.</param>
internal sealed record FieldChange(string Field, string? Before, string? After)
{
    public override string ToString() => (Before, After) switch
    {
        (null, _) => $"{Field,-15}{After}",
        (_, null) => $"{Field,-15}{Before} removed",
        _ => $"{Field,-15}{Before} → {After}",
    };
}

/// <summary>What a deploy would change. Computed from what was read, without doing anything.</summary>
internal sealed class DeploymentPlan
{
    private readonly List<FieldChange> changes = [];
    private readonly FunctionConfiguration? before;

    public DeploymentPlan(
        PreparedSource source, DeploymentWishes wishes, GetFunctionAnswer? existing, FunctionUrlConfiguration? url,
        EventInvokeConfiguration? events = null)
    {
        before = existing?.Configuration;
        CompareCode(source);
        Variables = Merge(before?.Environment?.Variables, wishes);
        CompareConfiguration(source, wishes);
        ConfigurationChanges = before is not null && changes.Any(change => change.Field != "code");
        foreach (var (name, value) in wishes.Tags)
        {
            var now = existing?.Tags?.GetValueOrDefault(name);
            var field = name["lambent:".Length..].Replace(
                "environment-concurrency", "concurrency", StringComparison.Ordinal);
            TagsChange |= Compare(field, now, value);
        }

        ReservationChanges = wishes.ReservedConcurrency is { } reserved
            && Compare("reserved", Text(existing?.Concurrency?.ReservedConcurrentExecutions), Text(reserved));
        Events = CompareEvents(wishes, events ?? new EventInvokeConfiguration());
        UrlAppears = wishes.Url && url is null;
        if (UrlAppears)
        {
            changes.Add(new FieldChange("url", null, "public, without authentication"));
        }
    }

    public bool Creates => before is null;

    public bool CodeChanges { get; private set; }

    public bool ConfigurationChanges { get; }

    public bool TagsChange { get; }

    public bool ReservationChanges { get; }

    /// <summary>How asynchronous calls will be made, or null when nothing about them changes.</summary>
    public EventInvokeConfiguration? Events { get; }

    public bool UrlAppears { get; }

    public IReadOnlyList<FieldChange> Changes => changes;

    /// <summary>All variables the function will have, or null when nothing is to be said about them.</summary>
    public Dictionary<string, string>? Variables { get; }

    private void CompareCode(PreparedSource source)
    {
        CodeChanges = before?.CodeSha256 != source.Package.Sha256;
        if (CodeChanges)
        {
            var files = $"{Quantity.Count(source.Package.Files, "file")}, {Quantity.Bytes(source.Package.Zip.Length)}";
            changes.Add(new FieldChange("code", before is null ? null : Quantity.Bytes(before.CodeSize), files));
        }
    }

    private void CompareConfiguration(PreparedSource source, DeploymentWishes wishes)
    {
        Compare("runtime", before?.Runtime, source.Runtime);
        Compare("handler", before?.Handler, source.Handler);
        if (wishes.MemoryMegabytes is { } memory)
        {
            Compare("memory", Text(before?.MemorySize, " MB"), Text(memory, " MB"));
        }

        if (wishes.TimeoutSeconds is { } timeout)
        {
            Compare("timeout", Text(before?.Timeout, " s"), Text(timeout, " s"));
        }

        CompareVariables(wishes);
        if (wishes.Layers.Count > 0)
        {
            var layers = before?.Layers is { Count: > 0 } used ? string.Join(", ", used.Select(layer => layer.Arn))
                : null;
            Compare("layers", layers, string.Join(", ", wishes.Layers));
        }
    }

    /// <summary>The whole configuration: the API replaces both destinations together.</summary>
    private EventInvokeConfiguration? CompareEvents(DeploymentWishes wishes, EventInvokeConfiguration now)
    {
        var onSuccess = now.DestinationConfig?.OnSuccess?.Destination;
        var onFailure = now.DestinationConfig?.OnFailure?.Destination;
        var wanted = (Success: wishes.OnSuccess ?? onSuccess, Failure: wishes.OnFailure ?? onFailure);
        var retries = wishes.Retries ?? now.MaximumRetryAttempts;
        var age = wishes.EventAgeSeconds ?? now.MaximumEventAgeInSeconds;

        // All of them are compared, for what is printed.
        var changed = Compare("on success", onSuccess, Present(wanted.Success));
        changed |= Compare("on failure", onFailure, Present(wanted.Failure));
        changed |= Compare("retries", Text(now.MaximumRetryAttempts), Text(retries));
        changed |= Compare("event age", Text(now.MaximumEventAgeInSeconds, " s"), Text(age, " s"));
        return changed
            ? new EventInvokeConfiguration
            {
                MaximumRetryAttempts = retries,
                MaximumEventAgeInSeconds = age,
                DestinationConfig = new EventDestinations
                {
                    OnSuccess = new EventDestination { Destination = wanted.Success },
                    OnFailure = new EventDestination { Destination = wanted.Failure },
                },
            }
            : null;
    }

    private static string? Present(string? text) => text is "" ? null : text;

    /// <summary>Names only: a variable's value may be a secret.</summary>
    private void CompareVariables(DeploymentWishes wishes)
    {
        var current = before?.Environment?.Variables ?? [];
        foreach (var (name, value) in wishes.Variables)
        {
            if (!current.TryGetValue(name, out var now))
            {
                changes.Add(new FieldChange("variable", null, name));
            }
            else if (now != value)
            {
                changes.Add(new FieldChange("variable", name, "another value"));
            }
        }

        foreach (var name in wishes.VariablesToRemove.Where(current.ContainsKey))
        {
            changes.Add(new FieldChange("variable", name, null));
        }
    }

    private static Dictionary<string, string>? Merge(Dictionary<string, string>? current, DeploymentWishes wishes)
    {
        if (wishes.Variables.Count == 0 && wishes.VariablesToRemove.Count == 0)
        {
            return null;
        }

        var merged = new Dictionary<string, string>(current ?? [], StringComparer.Ordinal);
        foreach (var (name, value) in wishes.Variables)
        {
            merged[name] = value;
        }

        foreach (var name in wishes.VariablesToRemove)
        {
            merged.Remove(name);
        }

        return merged;
    }

    private bool Compare(string field, string? now, string? wanted)
    {
        if (now == wanted)
        {
            return false;
        }

        changes.Add(new FieldChange(field, now, wanted));
        return true;
    }

    private static string? Text(int? number, string unit = "") =>
        number is { } value ? value.ToString(CultureInfo.InvariantCulture) + unit : null;
}
