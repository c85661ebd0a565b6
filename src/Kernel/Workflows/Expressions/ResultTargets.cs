using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Expressions.Paths;

namespace Lambent.Kernel.Workflows.Expressions;

/// <summary>Where results go: reads <c>ResultPath</c> and puts results there.</summary>
public static class ResultTargets
{
    /// <param name="text">A reference path such as <c>$.order.result</c>, or null: the result is dropped.</param>
    /// <returns>The target, or what is wrong with the text.</returns>
    public static (ResultTarget? Target, string? Problem) Read(string? text)
    {
        if (text is null)
        {
            return (ResultTarget.Discard, null);
        }

        var (path, problem) = JsonPath.Read(text);
        if (path is null)
        {
            return (null, problem);
        }

        if (path.Root != PathRoot.Input)
        {
            return (null, "a result goes into the input, so that the path starts with '$.'");
        }

        if (!path.IsReference || path.Steps.OfType<IndexStep>().Any(step => step.Index < 0))
        {
            return (null, "a reference path has only names and indexes");
        }

        return (new ResultTarget(text, [.. path.Steps.Select(Step)], false), null);
    }

    /// <summary>
    /// The value with another put at its place. Objects that are missing on the way are made; an array must have the
    /// item already.
    /// </summary>
    /// <returns>
    /// <c>States.ResultPathMatchFailure</c> where the way leads through something else, and
    /// <c>States.DataLimitExceeded</c> when both together are longer than a payload may be.
    /// </returns>
    public static Evaluation Put(this ResultTarget target, DataValue into, DataValue value)
    {
        if (target.IsDiscard || target.Steps.Count == 0)
        {
            return target.IsDiscard ? into : value;
        }

        var put = Put(target, 0, into, value);
        return put.Failure is null && PayloadSize.Exceeds(put.Value, Limits.WorkflowPayloadBytesMax)
            ? ExpressionFailures.TooLarge("The state's output")
            : put;
    }

    private static ResultStep Step(PathStep step) => step is NameStep name
        ? new ResultStep(name.Name, 0)
        : new ResultStep(null, ((IndexStep)step).Index);

    private static Evaluation Put(ResultTarget target, int index, DataValue? into, DataValue value)
    {
        if (index == target.Steps.Count)
        {
            return value;
        }

        var step = target.Steps[index];
        if (step.Name is { } name)
        {
            if (into is not (null or DataObject))
            {
                return Mismatch(target, into, $"the member '{name}' of {Article(into)}");
            }

            var members = into as DataObject ?? DataObject.Empty;
            var member = Put(target, index + 1, members[name], value);
            return member.Failure is null ? members.With(name, member.Value) : member;
        }

        if (into is not DataArray array || step.Index >= array.Items.Count)
        {
            return Mismatch(target, into, $"the item [{step.Index}] of {Article(into)}");
        }

        var item = Put(target, index + 1, array.Items[step.Index], value);
        if (item.Failure is not null)
        {
            return item;
        }

        DataValue[] items = [.. array.Items];
        items[step.Index] = item.Value;
        return new DataArray(items);
    }

    private static string Article(DataValue? value) => value switch
    {
        null => "what is not there",
        DataArray array => $"an array of {array.Items.Count}",
        DataObject => "an object",
        _ => $"a {value.Kind}",
    };

    private static EvaluationFailure Mismatch(ResultTarget target, DataValue? into, string place) =>
        ExpressionFailures.ResultPath(
            $"Unable to apply ResultPath '{target.Text}': {place} cannot be set in the input {into ?? DataNull.Value}");
}
