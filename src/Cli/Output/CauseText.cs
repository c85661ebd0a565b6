using System.Text.Json;

namespace Lambent.Cli.Output;

/// <summary>The cause of a failure for people: of a function's error its message, without the JSON around it.</summary>
internal static class CauseText
{
    public static string Of(string cause)
    {
        if (!cause.StartsWith('{'))
        {
            return cause;
        }

        try
        {
            using var document = JsonDocument.Parse(cause);
            return document.RootElement.TryGetProperty("errorMessage", out var message)
                && message.ValueKind == JsonValueKind.String
                    ? message.GetString()!
                    : cause;
        }
        catch (JsonException)
        {
            return cause;
        }
    }
}
