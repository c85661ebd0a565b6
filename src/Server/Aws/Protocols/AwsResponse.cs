using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Lambent.Server.Aws.Protocols;

/// <summary>What an operation answers: a status and, mostly, a JSON body.</summary>
internal sealed record AwsResponse(int Status, byte[]? Body = null, string ContentType = "application/json")
{
    /// <summary>Further headers, or null.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Headers { get; init; }

    public static AwsResponse Empty(int status) => new(status);

    public static AwsResponse Json<T>(int status, T shape, JsonTypeInfo<T> type) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(shape, type));
}
