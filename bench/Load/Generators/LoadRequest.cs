namespace Lambent.Load.Generators;

/// <summary>The one request that a run repeats.</summary>
internal sealed record LoadRequest(Uri Address)
{
    public string Method { get; init; } = "GET";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string Body { get; init; } = "";
}
