using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Expressions.Paths;

namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>Reads a Map.</summary>
internal sealed class MapReader(ExpressionFields state, DefinitionScope scope)
{
    // A Map that is not distributed would ignore them.
    private static readonly string[] DistributedFields = ["ItemReader", "ItemBatcher", "ResultWriter"];

    private readonly DefinitionFields fields = state.Fields;

    public MapState? Read(string name, string? next)
    {
        fields.AtMostOne("MaxConcurrency", "MaxConcurrencyPath");
        fields.AtMostOne("ToleratedFailureCount", "ToleratedFailureCountPath");
        fields.AtMostOne("ToleratedFailurePercentage", "ToleratedFailurePercentagePath");
        fields.AtMostOne("ItemSelector", "Parameters");
        var processorName = fields.Has("Iterator") ? "Iterator" : "ItemProcessor";
        if (!fields.ExactlyOne("ItemProcessor", "Iterator") || fields.Object(processorName) is not { } processor)
        {
            return null;
        }

        var (isDistributed, isStandard) = ReadMode(processor);
        processor.Allow("ProcessorConfig", "StartAt", "States", "Comment");
        var isExpress = scope.IsExpress || (isDistributed && !isStandard);
        var graph = processor.Require("States", "StartAt")
            ? GraphReader.Read(processor, scope.Within(isExpress))
            : null;
        foreach (var field in DistributedFields.Where(field => !isDistributed && fields.Has(field)))
        {
            fields.Refuse($"Field '{field}' is not supported");
        }

        var map = new MapState
        {
            Name = name,
            QueryLanguage = state.Language,
            Next = next,
            Processor = graph ?? new StateGraph { StartAt = string.Empty, States = new Dictionary<string, State>() },
            IsDistributed = isDistributed,
            IsStandard = isStandard,
            Items = ReadItems(isDistributed),
            ItemSelector = state.Template("ItemSelector") ?? (state.IsJsonata ? null : state.Template("Parameters")),
            MaxConcurrency = state.WholeNumber("MaxConcurrency", 0, int.MaxValue),
            ToleratedFailureCount = state.WholeNumber("ToleratedFailureCount", 0, int.MaxValue),
            ToleratedFailurePercentage = state.Percentage("ToleratedFailurePercentage"),
            Label = ReadLabel(),
            ItemReader = MapDataReader.ReadItemReader(state),
            ItemBatcher = MapDataReader.ReadItemBatcher(state),
            ResultWriter = MapDataReader.ReadResultWriter(state),
        };
        return (MapState)WorkingFields.AddTo(map, state);
    }

    private (bool IsDistributed, bool IsStandard) ReadMode(DefinitionFields processor)
    {
        if (processor.Object("ProcessorConfig") is not { } config)
        {
            return (false, true);
        }

        var isDistributed = config.OneOf("Mode", "INLINE", "DISTRIBUTED") == "DISTRIBUTED";
        if (!isDistributed)
        {
            config.Allow("Mode");
            return (false, true);
        }

        config.Allow("Mode", "ExecutionType");
        config.Require("ExecutionType");
        if (scope.IsExpress)
        {
            config.Refuse("Mode", "Express state machine does not support 'DISTRIBUTED' mode of a Map state");
        }

        return (true, config.OneOf("ExecutionType", "STANDARD", "EXPRESS") != "EXPRESS");
    }

    private IExpression? ReadItems(bool isDistributed)
    {
        if (!state.IsJsonata)
        {
            return fields.Has("ItemsPath") && state.Path("ItemsPath", isReference: true) is { } path
                ? ValueChecks.PathItems(PathExpression.OfItems(path), path.Text, isDistributed)
                : null;
        }

        if (state.ComputedText("Items") is { } computed)
        {
            return ValueChecks.Items(computed, computed.Place, isDistributed);
        }

        if (fields.Raw("Items") is DataArray || (isDistributed && fields.Raw("Items") is DataObject))
        {
            return state.Template("Items");
        }

        if (fields.Has("Items") && !state.IsBracketed("Items"))
        {
            fields.Refuse("Items", "Expected value of type [ARRAY]");
        }

        return null;
    }

    private string? ReadLabel()
    {
        if (fields.Text("Label") is not { } label)
        {
            return null;
        }

        if (label.Length > Limits.MapLabelLengthMax)
        {
            fields.Problems.Add(
                "INVALID_LABEL_NAME",
                $"Label '{label}' exceeds the {Limits.MapLabelLengthMax}-character limit allowed by the service",
                fields.At("Label"));
        }
        else if (label.Length == 0 || label.Any(IsRefused))
        {
            fields.Problems.Add(
                "INVALID_LABEL_NAME", $"Label '{label}' contains invalid characters", fields.At("Label"));
        }

        if (!scope.Labels.Add(label))
        {
            fields.Problems.Add("DUPLICATE_LABEL_NAME", $"Duplicate Label name: {label}", fields.At("Label"));
        }

        return label;
    }

    // A label becomes part of the ARN of the Map's run.
    private static bool IsRefused(char character) =>
        char.IsControl(character) || char.IsWhiteSpace(character) || "?*<>{}[]:;,\\|^~$#%&`\"/".Contains(character);
}
