using System.Text.RegularExpressions;
using Lambent.Kernel.Workflows.Expressions;

namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>Reads where a distributed Map takes its items from, how it batches them, and where results go.</summary>
internal static partial class MapDataReader
{
    private const int ItemsMax = 100_000_000;

    private static readonly Dictionary<string, char> Delimiters = new()
    {
        ["COMMA"] = ',', ["PIPE"] = '|', ["SEMICOLON"] = ';', ["SPACE"] = ' ', ["TAB"] = '\t',
    };

    public static ItemReader? ReadItemReader(ExpressionFields state)
    {
        if (state.Fields.Object("ItemReader") is not { } reader)
        {
            return null;
        }

        reader.Require("Resource");
        reader.Allow("Resource", "Arguments", "Parameters", "ReaderConfig", "Comment");
        QueryLanguages.CheckFields(reader, state.Language);
        var resource = reader.Text("Resource");
        if (resource is not null && !ReaderResource().IsMatch(resource))
        {
            reader.Refuse("Resource", "The field 'Resource' does not match any of the allowed values");
        }

        var arguments = state.Within(reader).ObjectTemplate(state.IsJsonata ? "Arguments" : "Parameters");
        var read = new ItemReader(resource ?? string.Empty, arguments, null, null, [], ',', null, null);
        return reader.Object("ReaderConfig") is { } config ? WithConfig(read, state.Within(config)) : read;
    }

    public static ItemBatcher? ReadItemBatcher(ExpressionFields state)
    {
        if (state.Fields.Object("ItemBatcher") is not { } batcher)
        {
            return null;
        }

        string[] bounds =
        [
            "MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath",
        ];
        batcher.Allow([.. bounds, "BatchInput", "Comment"]);
        QueryLanguages.CheckFields(batcher, state.Language);
        batcher.AtMostOne("MaxItemsPerBatch", "MaxItemsPerBatchPath");
        batcher.AtMostOne("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath");
        if (!bounds.Any(batcher.Has))
        {
            batcher.Refuse(
                $"This object should have at least one of the following fields: [{string.Join(", ", bounds)}]");
        }

        var expressions = state.Within(batcher);
        return new ItemBatcher(
            expressions.WholeNumber("MaxItemsPerBatch", 1, ItemsMax),
            expressions.WholeNumber("MaxInputBytesPerBatch", 1, Limits.WorkflowPayloadBytesMax),
            expressions.ObjectTemplate("BatchInput"));
    }

    public static ResultWriter? ReadResultWriter(ExpressionFields state)
    {
        if (state.Fields.Object("ResultWriter") is not { } writer)
        {
            return null;
        }

        writer.Allow("Resource", "Arguments", "Parameters", "WriterConfig", "Comment");
        QueryLanguages.CheckFields(writer, state.Language);
        if (!writer.Has("Resource") && !writer.Has("WriterConfig"))
        {
            writer.Refuse("This object should have at least one of the following fields: [Resource, WriterConfig]");
        }

        var resource = writer.Text("Resource");
        if (resource is not null && !WriterResource().IsMatch(resource))
        {
            writer.Refuse("Resource", "The field 'Resource' does not match any of the allowed values");
        }

        var arguments = state.Within(writer).ObjectTemplate(state.IsJsonata ? "Arguments" : "Parameters");
        if (writer.Object("WriterConfig") is not { } config)
        {
            return new ResultWriter(resource, arguments, null, null);
        }

        config.Allow("Transformation", "OutputType");
        return new ResultWriter(
            resource,
            arguments,
            config.OneOf("Transformation", "NONE", "COMPACT", "FLATTEN"),
            config.OneOf("OutputType", "JSON", "JSONL"));
    }

    private static ItemReader WithConfig(ItemReader reader, ExpressionFields expressions)
    {
        var config = expressions.Fields;
        var isList = ListResource().IsMatch(reader.Resource);
        var inputType = config.OneOf("InputType", "CSV", "JSON", "JSONL", "MANIFEST");
        var isCsv = inputType == "CSV";
        string[] ofCsv = isCsv ? ["CSVHeaderLocation", "CSVHeaders", "CSVDelimiter"] : [];
        string[] ofJson = inputType == "JSON" ? ["ItemsPointer"] : [];
        config.Allow(["InputType", "MaxItems", "MaxItemsPath", .. ofCsv, .. ofJson]);
        QueryLanguages.CheckFields(config, expressions.Language);
        config.AtMostOne("MaxItems", "MaxItemsPath");
        if (!isList && !config.Has("InputType"))
        {
            config.Require("InputType");
        }

        if (isCsv && !config.Has("CSVHeaderLocation"))
        {
            config.Refuse("The field 'CSVHeaderLocation' is required");
        }

        var headers = config.OneOf("CSVHeaderLocation", "FIRST_ROW", "GIVEN");
        if (headers == "GIVEN")
        {
            config.Require("CSVHeaders");
        }

        var delimiter = config.OneOf("CSVDelimiter", [.. Delimiters.Keys]);
        return reader with
        {
            InputType = inputType,
            CsvHeaderLocation = headers,
            CsvHeaders = headers == "GIVEN" ? config.Texts("CSVHeaders") : [],
            CsvDelimiter = delimiter is null ? ',' : Delimiters[delimiter],
            MaxItems = expressions.WholeNumber("MaxItems", 1, ItemsMax),
            ItemsPointer = ReadPointer(config),
        };
    }

    private static string? ReadPointer(DefinitionFields config)
    {
        var pointer = config.Text("ItemsPointer");
        if (pointer is { Length: > 0 } && !pointer.StartsWith('/'))
        {
            config.Refuse("ItemsPointer", "Value is not a valid JSON Pointer: it starts with '/'");
        }

        return pointer;
    }

    [GeneratedRegex("^arn:[^:]+:states:::s3:(getObject|listObjectsV2)$")]
    private static partial Regex ReaderResource();

    [GeneratedRegex("^arn:[^:]+:states:::s3:listObjectsV2$")]
    private static partial Regex ListResource();

    [GeneratedRegex("^arn:[^:]+:states:::s3:putObject$")]
    private static partial Regex WriterResource();
}
