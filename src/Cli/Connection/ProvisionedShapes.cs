using System.Text.Json.Serialization;

namespace Lambent.Cli.Connection;

/// <summary>A time of the week with a count of its own.</summary>
internal sealed record WindowEntry
{
    public string From { get; init; } = "";

    public string To { get; init; } = "";

    public string Days { get; init; } = "daily";

    public string Zone { get; init; } = "UTC";

    public int Count { get; init; }

    public bool IsSameTime(WindowEntry other) =>
        (From, To, Days, Zone) == (other.From, other.To, other.Days, other.Zone);
}

/// <summary>What is provisioned for one version or alias.</summary>
internal sealed record ProvisionedEntry
{
    public string Qualifier { get; init; } = "";

    public int Count { get; init; }

    public int Requested { get; init; }

    public int Allocated { get; init; }

    public int Available { get; init; }

    public string Status { get; init; } = "";

    public string? StatusReason { get; init; }

    public string? NextChange { get; init; }

    public List<WindowEntry> Windows { get; init; } = [];
}

internal sealed record ProvisionedListAnswer
{
    public List<ProvisionedEntry> Provisioned { get; init; } = [];
}

/// <summary>What is absent stays as it is.</summary>
internal sealed record ProvisionCall
{
    public int? Count { get; init; }

    public List<WindowEntry>? Windows { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProvisionedEntry))]
[JsonSerializable(typeof(List<ProvisionedEntry>))]
[JsonSerializable(typeof(ProvisionedListAnswer))]
[JsonSerializable(typeof(ProvisionCall))]
internal sealed partial class ProvisionedJson : JsonSerializerContext;
