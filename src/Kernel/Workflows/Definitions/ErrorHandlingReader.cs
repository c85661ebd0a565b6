using Lambent.Kernel.Workflows.Expressions.Templates;

namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>Reads <c>Retry</c> and <c>Catch</c>.</summary>
internal static class ErrorHandlingReader
{
    private const string All = "States.ALL";

    public static IReadOnlyList<Retrier> ReadRetry(DefinitionFields state)
    {
        if (state.Array("Retry") is not { } array)
        {
            return [];
        }

        var retriers = new List<Retrier>();
        foreach (var fields in state.ObjectsOf(array, "Retry"))
        {
            fields.Allow(
                "ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy",
                "Comment");
            var isLast = retriers.Count == array.Items.Count - 1;
            var intervalSeconds = fields.Integer("IntervalSeconds", 1, Limits.WorkflowSecondsMax) ?? 1;
            var maxDelaySeconds = fields.Integer("MaxDelaySeconds", 1, Limits.RetryDelaySecondsMax - 1);
            if (maxDelaySeconds <= intervalSeconds)
            {
                fields.Refuse("MaxDelaySeconds", "Value must be greater than 'IntervalSeconds'");
            }

            retriers.Add(new Retrier
            {
                ErrorEquals = ErrorEquals(fields, isLast),
                IntervalSeconds = intervalSeconds,
                MaxAttempts = fields.Integer("MaxAttempts", 0, Limits.WorkflowSecondsMax) ?? 3,
                BackoffRate = fields.Number("BackoffRate", 1, Limits.WorkflowSecondsMax) ?? 2,
                MaxDelaySeconds = maxDelaySeconds,
                HasFullJitter = fields.OneOf("JitterStrategy", "NONE", "FULL") == "FULL",
            });
        }

        return retriers;
    }

    public static IReadOnlyList<Catcher> ReadCatch(ExpressionFields state)
    {
        if (state.Fields.Array("Catch") is not { } array)
        {
            return [];
        }

        var catchers = new List<Catcher>();
        foreach (var fields in state.Fields.ObjectsOf(array, "Catch"))
        {
            fields.Require("ErrorEquals", "Next");
            fields.Allow("ErrorEquals", "Next", "ResultPath", "Assign", "Output", "Comment");
            QueryLanguages.CheckFields(fields, state.Language);
            var isLast = catchers.Count == array.Items.Count - 1;
            var expressions = state.Within(fields);
            catchers.Add(new Catcher(
                fields.Has("ErrorEquals") ? ErrorEquals(fields, isLast) : [],
                fields.Text("Next") ?? string.Empty,
                expressions.ResultPath(),
                expressions.Assign(StatesFields.ErrorOutput),
                expressions.Output(StatesFields.ErrorOutput)));
        }

        return catchers;
    }

    private static IReadOnlyList<string> ErrorEquals(DefinitionFields fields, bool isLast)
    {
        if (!fields.Has("ErrorEquals"))
        {
            fields.Require("ErrorEquals");
            return [];
        }

        var names = fields.Texts("ErrorEquals");
        var place = names.ToList().IndexOf(All);
        if (place >= 0 && (names.Count > 1 || !isLast))
        {
            fields.Problems.AddSchema(
                $"{All} must appear alone and at end of list", $"{fields.At("ErrorEquals")}[{place}]");
        }

        return names;
    }
}
