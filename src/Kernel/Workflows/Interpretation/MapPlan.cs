using System.Diagnostics.CodeAnalysis;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Items;

namespace Lambent.Kernel.Workflows.Interpretation;

/// <summary>What a Map does, settled when it begins.</summary>
internal sealed record MapPlan
{
    /// <summary>Iterations of an inline Map that run at a time when the definition does not say (AWS).</summary>
    private const int InlineConcurrency = 40;

    private MapPlan(DataArray? items, EvaluationFailure? failure) => (Items, Failure) = (items, failure);

    /// <summary>What there is an iteration for: the items, or batches of them.</summary>
    public DataArray? Items { get; }

    /// <summary>Where they are instead, when they were read.</summary>
    public MapSource? Source { get; private init; }

    public int ConcurrencyMax { get; private init; }

    public int ToleratedFailures { get; private init; }

    public EvaluationFailure? Failure { get; }

    [MemberNotNullWhen(true, nameof(Failure))]
    public bool Failed => Failure is not null;

    /// <param name="state">The Map.</param>
    /// <param name="scope">What its fields see; the input in it is the raw one.</param>
    /// <param name="seen">Its input after <c>InputPath</c>.</param>
    /// <param name="source">Where its items are when they were read, and batches made of them; otherwise null.</param>
    public static MapPlan Of(MapState state, EvaluationScope scope, Evaluation seen, MapSource? source)
    {
        if (seen.Failure is { } unseen)
        {
            return new MapPlan(null, unseen);
        }

        scope = scope with { Input = seen.Value };
        DataArray? items = null;
        if (source is null)
        {
            var found = state.Items?.Evaluate(scope) ?? seen;
            if (found.Failure is { } failure)
            {
                return new MapPlan(null, failure);
            }

            items = ItemsOf(state, found.Value);
            if (items is null)
            {
                return Wrong(state, $"The items of a Map must be an array, and are: {found.Value.Kind}");
            }
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

        var total = source?.ItemCount ?? items!.Items.Count;
        if (total > Limits.WorkflowMapItemsMax)
        {
            return Wrong(state, $"A Map over {total} items is more than the limit of {Limits.WorkflowMapItemsMax}");
        }

        Evaluation batches = items is null ? DataNull.Value : Batched(state, items, scope);
        if (batches.Failure is { } unbatched)
        {
            return new MapPlan(null, unbatched);
        }

        var most = state.IsDistributed ? Limits.WorkflowMapConcurrencyMax : InlineConcurrency;
        return new MapPlan(batches.Value as DataArray, null)
        {
            Source = source,
            ConcurrencyMax = concurrency is > 0 and var asked
                ? (int)Math.Min(asked, Limits.WorkflowMapConcurrencyMax)
                : most,
            ToleratedFailures = Tolerated(total, count, percentage),
        };
    }

    /// <summary>What the reader of a Map's items is asked for, or why that cannot be told.</summary>
    /// <param name="state">The Map.</param>
    /// <param name="scope">What its fields see.</param>
    /// <param name="seen">Its input after <c>InputPath</c>.</param>
    public static Evaluation Reading(MapState state, EvaluationScope scope, Evaluation seen)
    {
        if (seen.Failure is not null)
        {
            return seen;
        }

        scope = scope with { Input = seen.Value };
        var reader = state.ItemReader!;
        var arguments = reader.Arguments?.Evaluate(scope) ?? DataObject.Empty;
        var (itemsMax, problem) = Number(state, reader.MaxItems, scope, "MaxItems", int.MaxValue);
        if ((arguments.Failure ?? problem) is { } failure)
        {
            return failure;
        }

        var members = new OrderedDictionary<string, DataValue>
        {
            ["Action"] = reader.Resource[(reader.Resource.LastIndexOf(':') + 1)..],
            ["Arguments"] = arguments.Value,
        };
        AddIf(members, "InputType", TextOf(reader.InputType));
        AddIf(members, "CSVHeaderLocation", TextOf(reader.CsvHeaderLocation));
        AddIf(members, "ItemsPointer", TextOf(reader.ItemsPointer));
        members["CSVDelimiter"] = reader.CsvDelimiter.ToString();
        members["CSVHeaders"] = new DataArray([.. reader.CsvHeaders.Select(header => new DataText(header))]);
        AddIf(members, "MaxItems", itemsMax is > 0 and var most ? new DataNumber(most) : null);
        if (state.ItemBatcher is { } batcher)
        {
            var bounds = Bounds(state, batcher, scope);
            if (bounds.Failure is not null)
            {
                return bounds;
            }

            members["Batches"] = bounds.Value;
        }

        return new DataObject(members);
    }

    private static DataText? TextOf(string? text) => text is null ? null : new DataText(text);

    private static void AddIf(OrderedDictionary<string, DataValue> members, string name, DataValue? value)
    {
        if (value is not null)
        {
            members[name] = value;
        }
    }

    // Either one is enough to fail the Map, so the smaller one counts.
    private static int Tolerated(int total, double? count, double? percentage) => (count, percentage) switch
    {
        (null, null) => 0,
        (_, null) => (int)count!.Value,
        (null, _) => (int)(total * percentage.Value / 100),
        _ => (int)Math.Min(count.Value, total * percentage.Value / 100),
    };

    private static DataArray? ItemsOf(MapState state, DataValue found) => found switch
    {
        DataArray array => array,
        DataObject members when state.IsDistributed => new DataArray([.. members.Members.Select(
            member => new DataObject(("Key", member.Key), ("Value", member.Value)))]),
        _ => null,
    };

    /// <summary>What becomes of each item is decided before they are put together, as AWS does.</summary>
    private static Evaluation Batched(MapState state, DataArray items, EvaluationScope scope)
    {
        if (state.ItemBatcher is not { } batcher)
        {
            return items;
        }

        var bounds = Bounds(state, batcher, scope);
        if (bounds.Failure is not null)
        {
            return bounds;
        }

        List<DataValue> made = [];
        var batches = ItemBatches.Of(bounds.Value);
        var selection = state.ItemSelector is { } selector ? new ItemSelection(selector, scope) : null;
        for (var index = 0; index < items.Items.Count; index++)
        {
            Evaluation item = selection?.Select(index, items.Items[index]) ?? items.Items[index];
            if (item.Failure is not null)
            {
                return item;
            }

            AddIf(made, batches.Add(item.Value));
        }

        AddIf(made, batches.End());
        return new DataArray(made);
    }

    private static void AddIf(List<DataValue> made, DataValue? batch)
    {
        if (batch is not null)
        {
            made.Add(batch);
        }
    }

    private static Evaluation Bounds(MapState state, ItemBatcher batcher, EvaluationScope scope)
    {
        var (count, countProblem) = Number(
            state, batcher.MaxItemsPerBatch, scope, "MaxItemsPerBatch", Limits.WorkflowMapItemsMax);
        var (bytes, bytesProblem) = Number(
            state, batcher.MaxInputBytesPerBatch, scope, "MaxInputBytesPerBatch", Limits.WorkflowPayloadBytesMax);
        var input = batcher.BatchInput?.Evaluate(scope);
        if ((countProblem ?? bytesProblem ?? input?.Failure) is { } problem)
        {
            return problem;
        }

        var members = new OrderedDictionary<string, DataValue>();
        AddIf(members, "Items", count is { } most ? new DataNumber(most) : null);
        AddIf(members, "Bytes", bytes is { } room ? new DataNumber(room) : null);
        AddIf(members, "Input", input?.Value);
        return new DataObject(members);
    }

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
