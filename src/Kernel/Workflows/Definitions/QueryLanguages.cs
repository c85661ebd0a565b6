namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>Which query language holds where, and which fields belong to one of them alone.</summary>
internal static class QueryLanguages
{
    private static readonly HashSet<string> JsonPathFields =
    [
        "InputPath", "OutputPath", "ResultPath", "Parameters", "ResultSelector", "Result", "ItemsPath",
        "TimeoutSecondsPath", "HeartbeatSecondsPath", "SecondsPath", "TimestampPath", "MaxConcurrencyPath",
        "ToleratedFailurePercentagePath", "ToleratedFailureCountPath", "ErrorPath", "CausePath", "MaxItemsPath",
        "MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath", "Variable", "And", "Or", "Not",
    ];

    private static readonly HashSet<string> JsonataFields = ["Arguments", "Output", "Items", "Condition"];

    public static QueryLanguage OfMachine(DefinitionFields fields) =>
        Written(fields) is "JSONPath" or null ? QueryLanguage.JsonPath : QueryLanguage.Jsonata;

    /// <summary>A state may turn to JSONata by itself, but not back: AWS upgrades a machine state by state.</summary>
    /// <returns>The language, and whether it is a refused one, whose fields are not looked at.</returns>
    public static (QueryLanguage Language, bool IsRefused) OfState(DefinitionFields fields, QueryLanguage ofMachine)
    {
        var written = Written(fields);
        if (written == "JSONPath" && ofMachine == QueryLanguage.Jsonata)
        {
            fields.Refuse("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
            return (QueryLanguage.JsonPath, true);
        }

        return (written switch
        {
            null => ofMachine,
            "JSONPath" => QueryLanguage.JsonPath,
            _ => QueryLanguage.Jsonata,
        }, false);
    }

    /// <summary>Reports each field that only the other language has.</summary>
    public static void CheckFields(DefinitionFields fields, QueryLanguage language)
    {
        var (foreign, own, other) = language == QueryLanguage.JsonPath
            ? (JsonataFields, "JSONPath", "JSONata")
            : (JsonPathFields, "JSONata", "JSONPath");
        foreach (var name in fields.Names.Where(foreign.Contains))
        {
            fields.Refuse($"The QueryLanguage is set to '{own}', but field '{name}' is only supported for the "
                + $"'{other}' QueryLanguage");
        }
    }

    // What is written and neither of the two counts as JSONata, as AWS has it; that it is wrong is reported besides.
    private static string? Written(DefinitionFields fields)
    {
        if (!fields.Has("QueryLanguage"))
        {
            return null;
        }

        return fields.OneOf("QueryLanguage", "JSONPath", "JSONata") ?? "JSONata";
    }
}
