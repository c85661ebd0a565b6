using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lambent.Runtime.Dotnet.Loading;

/// <summary>How events and results are read and written when the package names no serializer of its own.</summary>
internal static class HandlerJson
{
    /// <summary>camelCase, names read in any case, numbers also from strings.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };
}
