using System.Text;
using System.Text.Json;
using Lambent.Cli.Connection;

namespace Lambent.Cli.Output;

/// <summary>A call as a command that makes it again, and its payloads as text.</summary>
internal static class CallText
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = ErrorJson.Default,
    };

    /// <summary>A payload for people, or why there is none.</summary>
    public static string Describe(CallPayload? payload) => payload switch
    {
        null => "not kept",
        { Missing: { } why } => $"not kept: {why} ({Quantity.Bytes(payload.Bytes)})",
        { Json: { } json } => JsonSerializer.Serialize(json, Indented),
        { Text: { } text } => text,
        _ => $"{Quantity.Bytes(payload.Bytes)} of binary data",
    };

    /// <summary>lambent invoke with the same event.</summary>
    public static string Command(CallDetail call, byte[] input) =>
        $"lambent invoke {call.Function}{(call.Qualifier is { } qualifier ? $" --qualifier {Quote(qualifier)}" : "")}"
        + $" --data {Quote(Encoding.UTF8.GetString(input))}";

    /// <summary>curl, which signs the request itself from the keys in the environment.</summary>
    public static string Curl(CallDetail call, byte[] input, Uri endpoint, string region)
    {
        var qualifier = call.Qualifier is { } named ? $"?Qualifier={Uri.EscapeDataString(named)}" : "";
        var path = $"{endpoint.GetLeftPart(UriPartial.Authority)}/2015-03-31/functions/"
            + $"{Uri.EscapeDataString(call.Function)}/invocations{qualifier}";
        return $"curl --aws-sigv4 {Quote($"aws:amz:{region}:lambda")} "
            + "--user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" \\\n"
            + "  --header 'content-type: application/json' \\\n"
            + $"  --data-raw {Quote(Encoding.UTF8.GetString(input))} \\\n  {Quote(path)}";
    }

    /// <summary>For a shell: nothing in it means anything.</summary>
    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
