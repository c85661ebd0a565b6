using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Calls;

/// <summary>What CreateFunction is told.</summary>
internal sealed record FunctionDefinition(string Name, string Runtime, string Handler, byte[] Package)
{
    public int TimeoutSeconds { get; init; } = 10;

    public int MemoryMegabytes { get; init; } = 128;

    public Dictionary<string, string> Variables { get; init; } = [];

    public Dictionary<string, string> Tags { get; init; } = [];

    public JsonObject ToJson() => new()
    {
        ["FunctionName"] = Name,
        ["Runtime"] = Runtime,
        ["Handler"] = Handler,
        ["Role"] = "arn:aws:iam::000000000000:role/lambda",
        ["Code"] = new JsonObject { ["ZipFile"] = Convert.ToBase64String(Package) },
        ["Timeout"] = TimeoutSeconds,
        ["MemorySize"] = MemoryMegabytes,
        ["Environment"] = new JsonObject { ["Variables"] = Node(Variables) },
        ["Tags"] = Node(Tags),
    };

    private static JsonObject Node(Dictionary<string, string> values) =>
        new(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
