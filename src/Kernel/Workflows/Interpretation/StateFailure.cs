using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;

namespace Lambent.Kernel.Workflows.Interpretation;

/// <summary>Names of errors that the platform itself gives (States Language, appendix A).</summary>
public static class StateErrors
{
    public const string All = "States.ALL";
    public const string Runtime = "States.Runtime";
    public const string Timeout = "States.Timeout";
    public const string HeartbeatTimeout = "States.HeartbeatTimeout";
    public const string TaskFailed = "States.TaskFailed";
    public const string DataLimitExceeded = "States.DataLimitExceeded";
    public const string NoChoiceMatched = "States.NoChoiceMatched";
    public const string QueryEvaluationError = "States.QueryEvaluationError";
    public const string ItemReaderFailed = "States.ItemReaderFailed";
    public const string ResultWriterFailed = "States.ResultWriterFailed";
    public const string ExceedToleratedFailureThreshold = "States.ExceedToleratedFailureThreshold";

    /// <summary>Ours: a task of ours was given something that it cannot take.</summary>
    public const string OwnParameterInvalid = "Lambent.InvalidParameter";

    /// <summary>Whether a retrier or catcher with <paramref name="names"/> is for <paramref name="error"/>.</summary>
    public static bool Matches(IReadOnlyList<string> names, string error)
    {
        foreach (var name in names)
        {
            var matches = name switch
            {
                All => error is not (Runtime or DataLimitExceeded),
                TaskFailed => error is not (Timeout or HeartbeatTimeout or Runtime or DataLimitExceeded),
                Timeout => error is Timeout or HeartbeatTimeout,
                _ => name == error,
            };
            if (matches)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>When a retrier tries again.</summary>
internal static class RetryDelay
{
    /// <param name="retrier">What the definition says.</param>
    /// <param name="retriesBefore">How often it has tried again already.</param>
    /// <param name="chance">From 0 to below 1, for the jitter.</param>
    public static TimeSpan Of(Retrier retrier, int retriesBefore, double chance)
    {
        var seconds = retrier.IntervalSeconds * Math.Pow(retrier.BackoffRate, retriesBefore);
        seconds = Math.Min(seconds, retrier.MaxDelaySeconds ?? Limits.WorkflowSecondsMax);
        return TimeSpan.FromMilliseconds(Math.Floor((retrier.HasFullJitter ? seconds * chance : seconds) * 1_000));
    }
}

/// <summary>The first words of a failure that the platform finds in a state, as AWS has them.</summary>
internal static class FailureText
{
    public static string In(Branch branch, string what) =>
        $"An error occurred while executing the state '{branch.StateName}' "
        + $"(entered at the event id #{branch.EnteredEvent}). {what}";
}
