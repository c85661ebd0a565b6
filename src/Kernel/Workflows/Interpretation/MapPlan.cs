using System.Diagnostics.CodeAnalysis;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Expressions;

namespace Lambent.Kernel.Workflows.Interpretation;

/// <summary>What a Map does, settled when it begins.</summary>
internal sealed record MapPlan
{
    /// <summary>Iterations of an inline Map that run at a time when the definition does not say (AWS).</summary>
    private const int InlineConcurrency = 40;

    private MapPlan(DataArray? items, EvaluationFailure? failure) => (Items, Failure) = (items, failure);

    /// <summary>What there is an iteration for: the items, or batches of them.</summary>
    public DataArray? Items { get; }

    public int ConcurrencyMax { get; private init; }

    public int ToleratedFailures { get; private init; }

    public EvaluationFailure? Failure { get; }

    [MemberNotNullWhen(true, nameof(Failure))]
    public bool Failed => Failure is not null;

    /// <param name="state">The Map.</param>
    /// <param name="scope">What its fields see; the input in it is the raw one.</param>
    /// <param name="seen">Its input after <c>InputPath</c>.</param>
    public static MapPlan Of(MapState state, EvaluationScope scope, Evaluation seen)
    {
        if (seen.Failure is { } unseen)
        {
            return new MapPlan(null, unseen);
        }

        if (state.ItemReader is not null || state.ResultWriter?.Resource is not null)
        {
            return new MapPlan(null, Unavailable(state));
        }

        scope = scope with { Input = seen.Value };
        var found = state.Items?.Evaluate(scope) ?? seen;
        if (found.Failure is { } failure)
        {
            return new MapPlan(null, failure);
        }

        if (ItemsOf(state, found.Value) is not { } items)
        {
            return Wrong(state, $"The items of a Map must be an array, and are: {found.Value.Kind}");
        }

        var (concurrency, concurrencyProblem) = Number(
            state, state.MaxConcurrency, scope, "MaxConcurrency", int.MaxValue);
        var (count, countProblem) = Number(
            state, state.ToleratedFailureCount, scope, "ToleratedFailureCount", Limits.WorkflowMapItemsMax);
        var (percentage, percentageProblem) = Number(
            state, state.ToleratedFailurePercentage, scope, "ToleratedFailurePercentage", 100);
        if ((concurrencyProblem ?? countProblem ?? percentageProblem) is { } problem)
        {
            return new MapPlan(null, problem);
        }

        if (items.Items.Count > Limits.WorkflowMapItemsMax)
        {
            return Wrong(
                state, $"A Map over {items.Items.Count} items is more than the limit of {Limits.WorkflowMapItemsMax}");
        }

        var batches = Batched(state, items, scope);
        if (batches.Failure is { } unbatched)
        {
            return new MapPlan(null, unbatched);
        }

        var most = state.IsDistributed ? Limits.WorkflowMapConcurrencyMax : InlineConcurrency;
        return new MapPlan((DataArray)batches.Value, null)
        {
            ConcurrencyMax = concurrency is > 0 and var asked
                ? (int)Math.Min(asked, Limits.WorkflowMapConcurrencyMax)
                : most,
            ToleratedFailures = Tolerated(items.Items.Count, count, percentage),
        };
    }

    // Either one is enough to fail the Map, so the smaller one counts.
    private static int Tolerated(int total, double? count, double? percentage) => (count, percentage) switch
    {
        (null, null) => 0,
        (_, null) => (int)count!.Value,
        (null, _) => (int)(total * percentage.Value / 100),
        _ => (int)Math.Min(count.Value, total * percentage.Value / 100),
    };

    /// <summary>Files in buckets are read and written by nobody yet: the state fails, and may be caught.</summary>
    private static EvaluationFailure Unavailable(MapState state) => state.ItemReader is { } reader
        ? new EvaluationFailure(
            StateErrors.ItemReaderFailed,
            $"'{reader.Resource}' reads from a bucket, and this server has none that a Map can read: give the items in "
            + "the state's input.")
        : new EvaluationFailure(
            StateErrors.ResultWriterFailed,
            $"'{state.ResultWriter!.Resource}' writes to a bucket, and this server has none that a Map can write: "
            + "leave ResultWriter.Resource out.");

    private static DataArray? ItemsOf(MapState state, DataValue found) => found switch
    {
        DataArray array => array,
        DataObject members when state.IsDistributed => new DataArray([.. members.Members.Select(
            member => new DataObject(("Key", member.Key), ("Value", member.Value)))]),
        _ => null,
    };

    private static Evaluation Batched(MapState state, DataArray items, EvaluationScope scope)
    {
        if (state.ItemBatcher is not { } batcher)
        {
            return items;
        }

        var (count, countProblem) = Number(
            state, batcher.MaxItemsPerBatch, scope, "MaxItemsPerBatch", Limits.WorkflowMapItemsMax);
        var (bytes, bytesProblem) = Number(
            state, batcher.MaxInputBytesPerBatch, scope, "MaxInputBytesPerBatch", Limits.WorkflowPayloadBytesMax);
        if ((countProblem ?? bytesProblem) is { } problem)
        {
            return problem;
        }

        var input = batcher.BatchInput?.Evaluate(scope);
        if (input?.Failure is { } failure)
        {
            return failure;
        }

        List<DataValue> batches = [];
        List<DataValue> batch = [];
        var left = (int)(bytes ?? int.MaxValue);
        foreach (var item in items.Items)
        {
            var size = bytes is null ? 0 : item.ToString().Length + 1;
            if (batch.Count > 0 && (batch.Count >= (count ?? int.MaxValue) || size > left))
            {
                batches.Add(BatchOf(batch, input?.Value));
                (batch, left) = ([], (int)(bytes ?? int.MaxValue));
            }

            batch.Add(item);
            left -= size;
        }

        if (batch.Count > 0)
        {
            batches.Add(BatchOf(batch, input?.Value));
        }

        return new DataArray(batches);
    }

    private static DataObject BatchOf(List<DataValue> items, DataValue? input) => input is null
        ? new DataObject(("Items", new DataArray(items)))
        : new DataObject(("BatchInput", input), ("Items", new DataArray(items)));

    private static (double? Number, EvaluationFailure? Failure) Number(
        MapState state, IExpression? field, EvaluationScope scope, string name, double most)
    {
        if (field is null)
        {
            return (null, null);
        }

        var given = field.Evaluate(scope);
        return given.Failure is not null ? (null, given.Failure)
            : given.Value is DataNumber { Value: >= 0 } number && number.Value <= most ? (number.Value, null)
            : (null, Wrong(state, $"{name} must be a number from 0 to {most}, and is {given.Value.Kind}").Failure);
    }

    private static MapPlan Wrong(MapState state, string cause) => new(null, new EvaluationFailure(
        state.QueryLanguage == QueryLanguage.Jsonata ? StateErrors.QueryEvaluationError : StateErrors.Runtime, cause));
}
